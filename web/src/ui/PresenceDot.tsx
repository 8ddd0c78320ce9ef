import { useText } from '@/i18n/text';
import { cx } from './cx';
import styles from './PresenceDot.module.css';

export type Presence = 'online' | 'away' | 'dnd' | 'offline';

/** PresenceDot says whether someone is there, by shape as well as by colour, and in words to screen readers. */
export function PresenceDot({
  presence,
  size = 10,
  className,
}: {
  presence: Presence;
  size?: number;
  className?: string;
}) {
  const t = useText();
  return (
    <svg
      role="img"
      aria-label={t(`ui.presence.${presence}`)}
      className={cx(styles.dot, styles[presence], className)}
      width={size}
      height={size}
      viewBox="0 0 12 12"
    >
      {presence === 'online' && <circle cx="6" cy="6" r="5" fill="currentColor" />}
      {presence === 'away' && (
        <>
          <circle cx="6" cy="6" r="5" fill="currentColor" />
          <path className={styles.hand} d="M6 3v3.2l2 1.4" />
        </>
      )}
      {presence === 'dnd' && (
        <>
          <circle cx="6" cy="6" r="5" fill="currentColor" />
          <path className={styles.hand} d="M3.6 6h4.8" />
        </>
      )}
      {presence === 'offline' && <circle cx="6" cy="6" r="3.9" fill="none" stroke="currentColor" strokeWidth="2" />}
    </svg>
  );
}
