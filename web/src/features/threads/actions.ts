/** Commands about threads: open, load more, read, all at once. */
import * as postsApi from '@/api/posts';
import * as load from '@/realtime/threads';
import type { Pane } from '@/store/place';
import { channelPosts } from '@/store/posts';
import { runOf } from '@/store/replies';
import { isCollapsed, teamIdOf } from '@/store/selectors';
import { dispatch, getState } from '@/store/store';
import { type FollowedThread, isUnread } from '@/store/thread';
import { forgetOpened, never, openedThread, setOpened } from './opened';
import { markThreadRead } from './reading';

/** A thread to be opened, at a reply if there is one. */
export type ThreadPlace = Omit<Extract<Pane, { kind: 'thread' }>, 'kind'>;

/** teamOfThread is the team by which the server is asked about a thread; conversations are in every team. */
export function teamOfThread(channelId: string): string {
  const state = getState();
  return teamIdOf(state, channelId, '') || state.place.teamId || Object.keys(state.teams.mine)[0] || '';
}

/** What one has not read is known of followed threads; of others there is nothing to know. */
async function needMine({ channelId, rootId }: ThreadPlace): Promise<FollowedThread | undefined> {
  const state = getState();
  if (!isCollapsed(state)) return undefined;
  const known = state.threads.threads[rootId];
  const root = channelPosts(state.posts, channelId).posts[rootId];
  if (!known && root && !root.is_following) return undefined;
  const asked = load.loadMyThread(rootId, teamOfThread(channelId));
  return known ?? asked;
}

/** isLoaded tells whether the replies that are wanted are known already. */
function isLoaded({ channelId, rootId, focusReply }: ThreadPlace, newSince: number): boolean {
  const bucket = channelPosts(getState().posts, channelId);
  if (!bucket.posts[rootId]) return false;
  const replies = bucket.threads[rootId];
  if (focusReply && focusReply !== rootId) return runOf(replies, focusReply) !== undefined;
  const run = replies?.blocks.find((block) => block.end);
  if (!run) return false;
  const first = bucket.posts[run.ids[0] ?? ''];
  return newSince === never || run.start || (first?.create_at ?? never) <= newSince;
}

/** So many unread replies are on the last page anyway. */
const fewUnread = 40;

/** openThread loads what an open thread shows first. It never rejects: what went wrong stands in `opened`. */
export async function openThread(place: ThreadPlace): Promise<void> {
  const { rootId, focusReply } = place;
  if (openedThread(rootId).status === 'failed') setOpened(rootId, { status: 'loading', error: undefined });
  dispatch({ type: 'threads/manual', id: rootId, manual: false });
  try {
    const mine = await needMine(place);
    const newSince = mine && isUnread(mine) ? mine.lastViewedAt : never;
    if (!isLoaded(place, newSince)) {
      const far = newSince !== never && newSince > 0 && (mine?.unreadReplies ?? 0) > fewUnread;
      await load.loadReplies(rootId, focusReply ? { postId: focusReply } : far ? { since: newSince } : {});
    }
    const jump = focusReply ? { postId: focusReply, at: Date.now() } : undefined;
    setOpened(rootId, { status: 'ready', newSince, jump });
    void markThreadRead(rootId);
  } catch (error) {
    setOpened(rootId, { status: 'failed', error });
  }
}

/** closeThread is for a thread that is no longer shown. */
export const closeThread = (rootId: string): void => forgetOpened(rootId);

/** loadMore loads the replies before the first or behind the last that is shown. It never rejects. */
export async function loadMore(place: ThreadPlace, side: 'older' | 'newer', id: string): Promise<void> {
  const { channelId, rootId } = place;
  if (openedThread(rootId)[side] === 'busy') return;
  setOpened(rootId, { [side]: 'busy' });
  try {
    await (side === 'older' ? load.loadOlderReplies : load.loadNewerReplies)(channelId, rootId, id);
    setOpened(rootId, { [side]: undefined });
  } catch (error) {
    setOpened(rootId, { [side]: { error } });
  }
}

/** toNewest shows the end of a thread of which only an earlier part is loaded. */
export async function toNewest({ channelId, rootId }: ThreadPlace): Promise<void> {
  const live = channelPosts(getState().posts, channelId).threads[rootId]?.blocks.some((block) => block.end);
  if (!live) await load.loadReplies(rootId);
}

/** readAll marks every thread of a team read. It rejects when the server refuses or can't be reached. */
export async function readAll(teamId: string): Promise<void> {
  await postsApi.readAllThreads(teamId);
  // The event clears the counts; the list of unread threads is emptied because that is what was asked for.
  await Promise.all([load.loadThreads(teamId, false), load.loadThreads(teamId, true)]);
}

/** markUnread makes the last reply of a thread, and with it the thread, unread. */
export async function markUnread(thread: FollowedThread): Promise<void> {
  const teamId = teamOfThread(thread.channelId);
  const last = await lastReply(thread);
  dispatch({ type: 'threads/manual', id: thread.id, manual: true });
  await postsApi.setThreadUnread(teamId, thread.id, last);
}

async function lastReply(thread: FollowedThread): Promise<string> {
  const list = await postsApi.getThread(thread.id, { perPage: 1, direction: 'up' });
  return Object.keys(list.posts).find((id) => id !== thread.id) ?? thread.id;
}
