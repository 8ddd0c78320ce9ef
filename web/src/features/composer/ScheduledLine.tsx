import { CalendarClock } from 'lucide-react';
import { Link } from 'wouter';
import { useTimes } from '@/features/messages/time';
import { useText } from '@/i18n/text';
import { scheduledPath } from '@/store/paths';
import { scheduledIn } from '@/store/scheduled';
import { useApp, useAppShallow } from '@/store/store';
import styles from './ScheduledLine.module.css';

/** ScheduledLine says above the box that messages wait to be sent here, and leads to them. */
export function ScheduledLine({ channelId, rootId }: { channelId: string; rootId: string }) {
  const t = useText();
  const times = useTimes();
  const waiting = useAppShallow((state) => scheduledIn(state, channelId, rootId));
  const href = useApp((state) => scheduledPath(state, state.place.teamId));
  const [next] = waiting;
  if (!next) return null;
  return (
    <p className={styles.line}>
      <CalendarClock size={14} aria-hidden="true" />
      <span className={styles.words}>
        {t('composer.later.waiting', { count: waiting.length, when: times.soon(next.scheduled_at) })}
      </span>
      <Link href={href} className={styles.link}>
        {t('composer.later.see')}
      </Link>
    </p>
  );
}
