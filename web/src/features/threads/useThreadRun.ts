/** Which run of a thread's replies is shown, and the rows that it makes. */
import { useEffect, useMemo, useRef } from 'react';
import { type Row, reuse } from '@/features/messages/rows';
import { useView } from '@/features/messages/view';
import type { Block } from '@/store/blocks';
import { type ChannelPosts, channelPosts } from '@/store/posts';
import { runOf } from '@/store/replies';
import { myProfile } from '@/store/selectors';
import { useApp } from '@/store/store';
import { useOpened } from './opened';
import { threadRows } from './rows';

export interface ShownThread {
  /** The run that is shown; none while nothing is loaded. */
  block: Block | undefined;
  rows: readonly Row[];
  /** The last reply of the run is the newest. */
  live: boolean;
}

const none: readonly string[] = [];

/** One's own replies that the server has not confirmed. */
function pendingOf(bucket: ChannelPosts, rootId: string): readonly string[] {
  const own = bucket.pending.filter((id) => bucket.posts[id]?.root_id === rootId);
  return own.length > 0 ? own : none;
}

/** Replies that are gone leave no trace in a thread, as little as elsewhere. */
const standing = (bucket: ChannelPosts, ids: readonly string[]): readonly string[] =>
  ids.some((id) => (bucket.posts[id]?.delete_at ?? 1) > 0)
    ? ids.filter((id) => (bucket.posts[id]?.delete_at ?? 1) === 0)
    : ids;

/** useThreadRun follows a thread: the run with the reply that was jumped to, or that of the newest replies. */
export function useThreadRun(channelId: string, rootId: string): ShownThread {
  const bucket = useApp((state) => channelPosts(state.posts, channelId));
  const { newSince, jump } = useOpened(rootId);
  const replies = bucket.threads[rootId];
  const block = (jump && runOf(replies, jump.postId)) ?? runOf(replies);
  const view = useView();
  const me = useApp((state) => state.users.me);
  const username = useApp((state) => myProfile(state)?.username ?? '');
  const before = useRef<readonly Row[]>([]);
  const { posts } = bucket;
  const ids = useSame(block ? standing(bucket, block.ids) : none);
  const pending = useSame(pendingOf(bucket, rootId));
  const { start = false, end = false } = block ?? {};
  const { timeZone, grouping } = view;
  const rows = useMemo(() => {
    const options = { me, username, timeZone, grouping, joinLeave: true };
    return reuse(before.current, threadRows({ rootId, ids, pending, posts, start, end, newSince }, options));
  }, [rootId, ids, pending, posts, start, end, newSince, me, username, timeZone, grouping]);
  useEffect(() => {
    before.current = rows;
  });
  return { block, rows: block ? rows : [], live: end };
}

/** useSame keeps a list's identity while its entries are the same. */
function useSame(list: readonly string[]): readonly string[] {
  const last = useRef(list);
  const same = last.current.length === list.length && last.current.every((id, i) => id === list[i]);
  if (!same) last.current = list;
  return last.current;
}
