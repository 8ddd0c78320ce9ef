import { ArrowDown } from 'lucide-react';
import { useEffect, useState } from 'react';
import { useStore } from 'zustand';
import { attempt } from '@/features/messages/actions';
import type { Scroller } from '@/features/messages/Scroller';
import { useText } from '@/i18n/text';
import { channelPosts } from '@/store/posts';
import { useApp } from '@/store/store';
import type { ThreadPlace } from './actions';
import { never, useOpened } from './opened';
import styles from './ReplyList.module.css';
import { goToNewest } from './useThreadPlace';
import type { ShownThread } from './useThreadRun';

export interface NewestRepliesProps {
  place: ThreadPlace;
  scroller: Scroller;
  shown: ShownThread;
}

/** NewestReplies leads to the newest reply when it is out of sight, and says how many came meanwhile. */
export function NewestReplies({ place, scroller, shown }: NewestRepliesProps) {
  const t = useText();
  const atEnd = useStore(scroller.state, (state) => state.atEnd);
  const me = useApp((state) => state.users.me);
  const bucket = useApp((state) => channelPosts(state.posts, place.channelId));
  const ids = (shown.live ? shown.block?.ids : bucket.threads[place.rootId]?.heard) ?? [];
  const lastAt = bucket.posts[ids.at(-1) ?? '']?.create_at ?? 0;
  const { newSince } = useOpened(place.rootId);
  const root = bucket.posts[place.rootId];
  // What was unread when the thread was opened counts as come meanwhile.
  const [seen, setSeen] = useState(newSince === never ? Math.max(lastAt, root?.last_reply_at ?? 0) : newSince);
  useEffect(() => {
    // Before the list has found its place nothing has been seen.
    if (atEnd && scroller.settled) setSeen(lastAt);
  }, [atEnd, lastAt, scroller]);
  if (atEnd) return null;
  let count = 0;
  for (let i = ids.length - 1; i >= 0; i--) {
    const post = bucket.posts[ids[i] ?? ''];
    if (!post || post.create_at <= seen) break;
    if (post.user_id !== me && post.delete_at === 0) count++;
  }
  return (
    <button
      type="button"
      className={styles.pill}
      data-new={count > 0 || undefined}
      onClick={() => void attempt(goToNewest(place, scroller, shown))}
    >
      <ArrowDown size={16} aria-hidden="true" />
      {count > 0 ? t('threads.newCount', { count }) : t('threads.newest')}
    </button>
  );
}
