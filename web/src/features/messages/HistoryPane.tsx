import { useStore } from 'zustand';
import type { Post } from '@/api/posts';
import { Text, useText } from '@/i18n/text';
import { Markdown } from '@/markdown/Markdown';
import { closePane } from '@/store/commands';
import type { Pane } from '@/store/place';
import type { StoredPost } from '@/store/post';
import { postOf } from '@/store/posts';
import { useApp } from '@/store/store';
import { Button } from '@/ui/Button';
import { EmptyState } from '@/ui/EmptyState';
import { ErrorState } from '@/ui/ErrorState';
import { PaneHeader } from '@/ui/PaneHeader';
import { SkeletonRow } from '@/ui/Skeleton';
import { toast } from '@/ui/toast';
import { attempt, edit } from './actions';
import styles from './HistoryPane.module.css';
import { history, loadHistory } from './history';
import { mayEdit } from './rights';
import { useMessageContext } from './surroundings';
import { useTimes } from './time';

/** HistoryPane shows what a message said before it was changed, and can bring former words back. */
export function HistoryPane({ pane }: { pane: Extract<Pane, { kind: 'history' }> }) {
  const t = useText();
  const { postId, channelId } = pane;
  const state = useStore(history);
  const post = useApp((app) => postOf(app.posts, channelId, postId));
  const gone = !post || post.delete_at > 0;
  return (
    <>
      <PaneHeader title={t('messages.history')} onClose={closePane} />
      <div className={styles.body}>
        {gone && <EmptyState title={t('messages.deleted')} />}
        {!gone && state.error !== undefined && (
          <ErrorState error={state.error} onRetry={() => void loadHistory(postId)} />
        )}
        {!gone && state.error === undefined && (
          <Versions post={post} versions={state.postId === postId ? state.versions : undefined} />
        )}
      </div>
    </>
  );
}

function Versions({ post, versions }: { post: StoredPost; versions: readonly Post[] | undefined }) {
  return (
    <ol className={styles.versions} aria-busy={!versions}>
      <li>
        <Version post={post} message={post.message} at={post.edit_at || post.create_at} current />
      </li>
      {!versions && (
        <li>
          <SkeletonRow rows={2} picture={0} />
        </li>
      )}
      {versions?.map((one) => (
        <li key={one.id}>
          <Version post={post} message={one.message} at={one.edit_at || one.create_at} />
        </li>
      ))}
    </ol>
  );
}

interface VersionProps {
  post: StoredPost;
  message: string;
  at: number;
  current?: boolean;
}

function Version({ post, message, at, current }: VersionProps) {
  const t = useText();
  const times = useTimes();
  const context = useMessageContext(post);
  const may = useApp((state) => mayEdit(state, post));
  const restore = async () => {
    if (await attempt(edit(post.channel_id, post.id, message))) toast(t('messages.history.restored'));
  };
  return (
    <article className={styles.version}>
      <p className={styles.when}>
        <time dateTime={new Date(at).toISOString()}>{times.full(at)}</time>
        {current && (
          <span className={styles.current}>
            <Text id="messages.history.current" />
          </span>
        )}
      </p>
      <Markdown text={message} context={context} />
      {!current && may && message !== post.message && (
        <Button className={styles.restore} onClick={() => void restore()}>
          {t('messages.history.restore')}
        </Button>
      )}
    </article>
  );
}
