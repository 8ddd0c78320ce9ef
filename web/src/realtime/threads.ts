/** Loads threads: their replies by pages, what is unread in them, and the lists of a team. */
import { ApiError } from '@/api/http';
import * as postsApi from '@/api/posts';
import { channelPosts, type ReplyPage } from '@/store/posts';
import { runOf } from '@/store/replies';
import { teamIdOf } from '@/store/selectors';
import { dispatch, getState } from '@/store/store';
import { type FollowedThread, followedThread } from '@/store/thread';
import { needPeople, needUsers, pageSize } from './load';

type Asked = postsApi.PostList & { more: boolean };

async function askPage(rootId: string, query: postsApi.ThreadQuery): Promise<Asked> {
  const list = await postsApi.getThread(rootId, { perPage: pageSize, ...query });
  needPeople(list);
  return { ...list, more: list.has_next === true };
}

const ticks = (): number => getState().posts.tick;

function take(rootId: string, list: postsApi.PostList, page: Omit<ReplyPage, 'ids'>, asked: number): void {
  dispatch({ type: 'posts/thread', rootId, list, page, asked });
}

/** Where a thread is opened: at a reply, or at the first one after a time; at its end without either. */
export type Where = { postId?: string; since?: number };

type Sides = { up: postsApi.ThreadQuery; down: postsApi.ThreadQuery; joins?: string };

async function sidesOf(rootId: string, { postId, since }: Where): Promise<Sides | undefined> {
  if (postId && postId !== rootId) {
    const post = await postsApi.getPost(postId).catch(() => undefined);
    if (post?.root_id === rootId) {
      dispatch({ type: 'posts/found', posts: [post] });
      const from = { fromPost: post.id, fromCreateAt: post.create_at };
      return { up: from, down: from, joins: post.id };
    }
  }
  return since ? { up: { fromCreateAt: since + 1 }, down: { fromCreateAt: since } } : undefined;
}

/**
 * loadReplies loads a root and the replies around a place, or the newest ones; what was known of the order of the
 * replies is replaced. It fails when the thread can't be seen.
 */
export async function loadReplies(rootId: string, where: Where = {}): Promise<void> {
  const asked = ticks();
  const sides = await sidesOf(rootId, where);
  if (!sides) {
    const list = await askPage(rootId, { direction: 'up' });
    return take(rootId, list, { start: !list.more, end: true, fresh: true }, asked);
  }
  const { up, down, joins } = sides;
  const [older, newer] = await Promise.all([
    askPage(rootId, { direction: 'up', ...up }),
    askPage(rootId, { direction: 'down', ...down }),
  ]);
  const both = { ...newer, posts: { ...older.posts, ...newer.posts } };
  const ends = { start: !older.more, end: !newer.more, fresh: true };
  take(rootId, both, joins ? { ...ends, joins } : ends, asked);
}

const placeOf = (channelId: string, id: string): postsApi.ThreadQuery => ({
  fromPost: id,
  fromCreateAt: channelPosts(getState().posts, channelId).posts[id]?.create_at ?? 0,
});

/** loadOlderReplies loads what stands before a reply, loadNewerReplies what stands behind it. */
export async function loadOlderReplies(channelId: string, rootId: string, id: string): Promise<void> {
  const asked = ticks();
  const list = await askPage(rootId, { direction: 'up', ...placeOf(channelId, id) });
  take(rootId, list, { joins: id, start: !list.more, end: false }, asked);
}

export async function loadNewerReplies(channelId: string, rootId: string, id: string): Promise<void> {
  const asked = ticks();
  const list = await askPage(rootId, { direction: 'down', ...placeOf(channelId, id) });
  take(rootId, list, { joins: id, start: false, end: !list.more }, asked);
}

// More than this is not read again at once; who scrolls there loads it.
const againMost = 1000;

/** reloadReplies brings an open thread up to date after events may have been missed, as far as it was loaded. */
export async function reloadReplies(channelId: string, rootId: string): Promise<void> {
  const bucket = channelPosts(getState().posts, channelId);
  const run = runOf(bucket.threads[rootId]);
  const first = run?.ids[0];
  if (!run || first === undefined || run.ids.length > againMost) return loadReplies(rootId);
  const asked = ticks();
  // From just before the first reply that is shown, so that the start of the thread is known as before.
  let from: postsApi.ThreadQuery = run.start ? {} : { fromCreateAt: (bucket.posts[first]?.create_at ?? 1) - 1 };
  const posts: postsApi.PostList['posts'] = {};
  for (;;) {
    const list = await askPage(rootId, { direction: 'down', perPage: 200, ...from });
    Object.assign(posts, list.posts);
    const last = lastOf(list, rootId);
    if (!list.more || !last) {
      return take(rootId, { ...list, posts }, { start: run.start, end: true, fresh: true }, asked);
    }
    from = { fromPost: last.id, fromCreateAt: last.create_at };
  }
}

function lastOf(list: postsApi.PostList, rootId: string): postsApi.Post | undefined {
  const replies = Object.values(list.posts).filter((post) => post.id !== rootId);
  return replies.sort((a, b) => a.create_at - b.create_at || (a.id < b.id ? -1 : 1)).at(-1);
}

/** loadRoot asks again how many replies a root has. It never fails. */
export async function loadRoot(rootId: string): Promise<void> {
  const asked = ticks();
  const list = await postsApi.getThread(rootId, { skipFetchThreads: true }).catch(() => undefined);
  if (list) dispatch({ type: 'posts/thread', rootId, list, asked });
}

/** loadMyThread loads what is unread in a thread that one follows. It never fails: who doesn't follow it sees none. */
export async function loadMyThread(rootId: string, teamId: string): Promise<FollowedThread | undefined> {
  const asked = getState().threads.tick;
  try {
    const thread = await postsApi.getMyThread(teamId, rootId);
    const mine = followedThread(thread, teamIdOf(getState(), thread.post.channel_id, teamId));
    dispatch({ type: 'threads/received', thread: mine, asked });
    void needUsers(mine.participants);
  } catch (error) {
    const refused = error instanceof ApiError && (error.status === 404 || error.status === 403);
    if (refused && getState().threads.tick === asked) dispatch({ type: 'threads/gone', id: rootId });
  }
  return getState().threads.threads[rootId];
}

/** catchUpThreads brings the open thread and the open list up to date after events may have been missed. */
export async function catchUpThreads(): Promise<void> {
  const { place, threads } = getState();
  const open: [channelId: string, rootId: string][] = [];
  if (place.pane?.kind === 'thread') open.push([place.pane.channelId, place.pane.rootId]);
  const selected = place.view === 'threads' ? threads.threads[place.threadId] : undefined;
  if (selected) open.push([selected.channelId, selected.id]);
  const tasks: Promise<unknown>[] = [];
  for (const [channelId, rootId] of open) {
    tasks.push(
      reloadReplies(channelId, rootId),
      loadMyThread(rootId, teamIdOf(getState(), channelId, place.teamId) || place.teamId),
    );
  }
  if (place.view === 'threads') {
    for (const unread of [false, true]) {
      if (threads[unread ? 'unread' : 'all'][place.teamId]) tasks.push(loadThreads(place.teamId, unread));
    }
  }
  await Promise.allSettled(tasks);
}

let settling: Promise<void> | undefined;

/** settleThreads asks again for threads of which an event or answer could not tell what is unread. It never fails. */
export function settleThreads(): Promise<void> {
  settling ??= settle().finally(() => {
    settling = undefined;
  });
  return settling;
}

async function settle(): Promise<void> {
  for (let round = 0; round < 3; round++) {
    const { threads, teams, place } = getState();
    if (threads.unsure.length === 0) return;
    const anyTeam = place.teamId || Object.keys(teams.mine)[0] || '';
    await Promise.all(threads.unsure.map((id) => loadMyThread(id, threads.threads[id]?.teamId || anyTeam)));
  }
}

/** How many threads a list grows by. */
export const listPage = 25;
const listMost = 200;

/**
 * loadThreads loads the first page of a team's threads, or again as many as were listed; `more` loads the next page.
 * It fails when the server can't be reached.
 */
export async function loadThreads(teamId: string, unread: boolean, more = false): Promise<void> {
  const { threads } = getState();
  const known = threads[unread ? 'unread' : 'all'][teamId];
  const before = more ? known?.ids.at(-1) : undefined;
  const again = Math.max(listPage, Math.min(listMost, known?.ids.length ?? 0));
  const size = before ? listPage : again;
  const list = await postsApi.getThreads(teamId, {
    per_page: size,
    threadsOnly: true,
    ...(unread && { unread }),
    ...(before && { before }),
  });
  const state = getState();
  const came = (list.threads ?? []).map((one) => followedThread(one, teamIdOf(state, one.post.channel_id, teamId)));
  const complete = came.length < size;
  dispatch({
    type: 'threads/list',
    teamId,
    threads: came,
    unread,
    complete,
    fresh: before === undefined,
    asked: threads.tick,
  });
  void needUsers(came.flatMap((thread) => [thread.root.user_id, ...thread.participants]));
  await settleThreads();
}
