import { MessageSquareX } from 'lucide-react';
import { useEffect } from 'react';
import { Composer } from '@/features/composer/Composer';
import { MessageRow } from '@/features/messages/MessageRow';
import { useText } from '@/i18n/text';
import { postOf } from '@/store/posts';
import { useApp } from '@/store/store';
import { EmptyState } from '@/ui/EmptyState';
import { ErrorState } from '@/ui/ErrorState';
import { SkeletonRow } from '@/ui/Skeleton';
import { closeThread, openThread, type ThreadPlace } from './actions';
import { useOpened } from './opened';
import { ReplyList } from './ReplyList';
import styles from './ThreadView.module.css';
import { useThreadRun } from './useThreadRun';

/** ThreadView is an open thread below its header: the root, the replies, and the box in which one answers. */
export function ThreadView({ place }: { place: ThreadPlace }) {
  const { channelId, rootId, focusReply } = place;
  const collapsed = useApp((state) => state.posts.collapsed);
  useEffect(() => {
    void openThread({ channelId, rootId, ...(focusReply && { focusReply }) });
  }, [channelId, rootId, focusReply, collapsed]);
  useEffect(() => () => closeThread(rootId), [rootId]);
  return <Content key={rootId} place={place} />;
}

function Content({ place }: { place: ThreadPlace }) {
  const t = useText();
  const { channelId, rootId } = place;
  const { status, error } = useOpened(rootId);
  const shown = useThreadRun(channelId, rootId);
  const gone = useApp((state) => (postOf(state.posts, channelId, rootId)?.delete_at ?? 0) > 0);
  if (gone) {
    return (
      <div className={styles.state}>
        <EmptyState title={t('threads.gone')} icon={<MessageSquareX size={24} />}>
          {t('threads.goneWhy')}
        </EmptyState>
      </div>
    );
  }
  if (status === 'failed') {
    return (
      <div className={styles.state}>
        <ErrorState title={t('threads.failed')} error={error} onRetry={() => void openThread(place)} />
      </div>
    );
  }
  return (
    <>
      {status === 'ready' && shown.block ? (
        <ReplyList place={place} shown={shown} />
      ) : (
        <div className={styles.waiting} aria-busy="true">
          <MessageRow channelId={channelId} postId={rootId} where="thread" tabbable={false} />
          <SkeletonRow rows={4} />
        </div>
      )}
      <Composer channelId={channelId} rootId={rootId} where="pane" />
    </>
  );
}
