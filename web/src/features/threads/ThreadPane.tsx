import { Link } from 'wouter';
import { useChannelName } from '@/features/channels/names';
import { useText } from '@/i18n/text';
import { closePane } from '@/store/commands';
import { permalink } from '@/store/paths';
import type { Pane } from '@/store/place';
import { useApp } from '@/store/store';
import { topicOf } from '@/store/topics';
import { PaneHeader } from '@/ui/PaneHeader';
import { FollowButton } from './FollowButton';
import { ThreadMenu } from './ThreadMenu';
import { ThreadView } from './ThreadView';
import styles from './ThreadView.module.css';

/** ThreadPane is a thread beside its channel. */
export function ThreadPane({ pane }: { pane: Extract<Pane, { kind: 'thread' }> }) {
  const t = useText();
  const { channelId, rootId } = pane;
  const name = useChannelName(channelId);
  const topic = useApp((state) => topicOf(state, channelId, rootId));
  const href = useApp((state) => permalink(state, channelId, rootId));
  return (
    <>
      <PaneHeader
        title={topic?.title ?? t('threads.thread')}
        subtitle={
          <Link href={href} className={styles.channel} aria-description={t('threads.openInChannel')}>
            {name}
          </Link>
        }
        actions={
          <>
            <FollowButton channelId={channelId} rootId={rootId} />
            <ThreadMenu channelId={channelId} rootId={rootId} />
          </>
        }
        onClose={closePane}
      />
      <ThreadView place={pane} />
    </>
  );
}
