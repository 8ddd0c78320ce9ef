/** What is asked of threads in several places. */
import { postOf } from '@/store/posts';
import type { State } from '@/store/store';
import { type FollowedThread, isUnread } from '@/store/thread';

/** followsThread tells whether one follows a thread. */
export function followsThread(state: State, channelId: string, rootId: string): boolean {
  const known = state.threads.threads[rootId];
  return known ? known.following : (postOf(state.posts, channelId, rootId)?.is_following ?? false);
}

/** threadOf is a thread that one follows. */
export function threadOf(state: State, rootId: string): FollowedThread | undefined {
  const known = state.threads.threads[rootId];
  return known?.following ? known : undefined;
}

/** isThreadUnread tells whether something is unread in a thread that one follows. */
export function isThreadUnread(state: State, rootId: string): boolean {
  const known = threadOf(state, rootId);
  return known !== undefined && isUnread(known);
}
