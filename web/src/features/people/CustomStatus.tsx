/** What people show beside their names. */
import { useEffect, useState } from 'react';
import { customEmojiUrl } from '@/features/emoji/custom';
import { useText } from '@/i18n/text';
import { Emoji } from '@/markdown/Emoji';
import { type CustomStatus, readStatus } from '@/store/customStatus';
import { isOn } from '@/store/selectors';
import { useApp } from '@/store/store';
import { cx } from '@/ui/cx';
import { Tooltip } from '@/ui/Tooltip';
import styles from './CustomStatus.module.css';
import { useClock } from './clock';

/** Timers count no further than about 24 days. */
const timerMost = 2_000_000_000;

/** useCustomStatus is what somebody shows now; it goes when it ends. */
export function useCustomStatus(userId: string): CustomStatus | undefined {
  const status = useApp((state) =>
    isOn(state, 'EnableCustomUserStatuses') ? readStatus(state.users.profiles[userId]?.props?.customStatus) : undefined,
  );
  const [, look] = useState(0);
  const end = status?.expiresAt ?? 0;
  useEffect(() => {
    const left = end - Date.now();
    if (left <= 0) return;
    const timer = setTimeout(() => look((n) => n + 1), Math.min(left + 20, timerMost));
    return () => clearTimeout(timer);
  }, [end]);
  return end === 0 || end > Date.now() ? status : undefined;
}

/** StatusEmoji is the emoji of somebody's status, with the words as its tooltip and for screen readers. */
export function StatusEmoji({ userId, className }: { userId: string; className?: string }) {
  const t = useText();
  const status = useCustomStatus(userId);
  if (!status) return null;
  const words = status.text || `:${status.emoji}:`;
  const emoji = (
    <span className={cx(styles.emoji, className)} role="img" aria-label={t('people.status.says', { words })}>
      <Emoji name={status.emoji} url={customEmojiUrl(status.emoji)} fallback="" decorative />
    </span>
  );
  return <Tooltip text={words}>{emoji}</Tooltip>;
}

/** StatusLine is somebody's whole status: emoji, words, and until when. */
export function StatusLine({ userId, className }: { userId: string; className?: string }) {
  const t = useText();
  const clock = useClock();
  const status = useCustomStatus(userId);
  if (!status) return null;
  return (
    <p className={cx(styles.line, className)}>
      <span className={styles.emoji}>
        <Emoji name={status.emoji} url={customEmojiUrl(status.emoji)} decorative={status.text !== ''} />
      </span>
      <span className={styles.words}>
        <span dir="auto">{status.text}</span>
        {status.expiresAt > 0 && (
          <span className={styles.until}> {t('people.status.until', { when: clock.near(status.expiresAt) })}</span>
        )}
      </span>
    </p>
  );
}
