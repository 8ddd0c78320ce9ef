import { BellRing, CheckCheck, Flame, X } from 'lucide-react';
import { useText } from '@/i18n/text';
import { priorityIn } from '@/store/priorities';
import { useApp } from '@/store/store';
import { IconButton } from '@/ui/IconButton';
import styles from './PriorityLine.module.css';
import { choosePriority } from './priority';

/** PriorityLine says above the box what the message will be marked with, and takes it away. */
export function PriorityLine({ channelId, rootId }: { channelId: string; rootId: string }) {
  const t = useText();
  const chosen = useApp((state) => priorityIn(state, channelId, rootId));
  if (!chosen) return null;
  const none = { priority: '', requested_ack: false, persistent_notifications: false, burn: false } as const;
  return (
    <p className={styles.line} role="status">
      {chosen.priority && (
        <span className={styles.level} data-priority={chosen.priority}>
          {t(`composer.priority.${chosen.priority}`)}
        </span>
      )}
      {chosen.requested_ack && (
        <span className={styles.wish}>
          <CheckCheck size={14} aria-hidden="true" /> {t('composer.priority.ack.asked')}
        </span>
      )}
      {chosen.persistent_notifications && (
        <span className={styles.wish}>
          <BellRing size={14} aria-hidden="true" /> {t('composer.priority.persistent')}
        </span>
      )}
      {chosen.burn && (
        <span className={styles.wish}>
          <Flame size={14} aria-hidden="true" /> {t('composer.burn')}
        </span>
      )}
      <IconButton
        size="s"
        label={t('composer.priority.remove')}
        icon={<X />}
        onClick={() => choosePriority(channelId, rootId, none)}
      />
    </p>
  );
}
