import { CornerDownRight } from 'lucide-react';
import { ChannelIcon } from '@/features/channels/ChannelIcon';
import { useTimes, useToday } from '@/features/messages/time';
import { useView } from '@/features/messages/view';
import { Text } from '@/i18n/text';
import { plainText } from '@/markdown/plain';
import { postOf } from '@/store/posts';
import { useApp } from '@/store/store';
import type { DraftSpot } from './actions';
import styles from './DraftsView.module.css';

/** Head says where something was written, what it answers, and when it was last changed. */
export function Head({ spot, where, at }: { spot: DraftSpot; where: string; at: number }) {
  const times = useTimes();
  useToday(useView().timeZone);
  const { channelId, rootId } = spot;
  const root = useApp((state) => (rootId ? postOf(state.posts, channelId, rootId)?.message : undefined));
  return (
    <header className={styles.head}>
      <ChannelIcon channelId={channelId} size={18} />
      <span className={styles.name}>{where}</span>
      {rootId && (
        <span className={styles.thread}>
          <CornerDownRight size={13} aria-hidden="true" />
          <span className={styles.root}>
            <Text id="drafts.reply" values={{ words: plainText(root ?? '', { max: 80 }) }} />
          </span>
        </span>
      )}
      <time className={styles.time} dateTime={new Date(at).toISOString()}>
        {times.brief(at)}
      </time>
    </header>
  );
}
