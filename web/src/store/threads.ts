/** Threads that one follows: unread counts of each, the lists of a team, and its totals. */
import type { UserThreadList, UserThreadWithPost } from '@mattermost/types/threads';

/** FollowedThread is one's own view of a thread. */
export type FollowedThread = {
  id: string;
  channelId: string;
  replyCount: number;
  lastReplyAt: number;
  lastViewedAt: number;
  participants: readonly string[];
  unreadReplies: number;
  unreadMentions: number;
  following: boolean;
};

/** ThreadTotals are a team's counts over all threads that one follows. */
export type ThreadTotals = { total: number; unread: number; mentions: number };

/** ThreadList is how far a list of a team has been loaded. */
export type ThreadList = { ids: readonly string[]; complete: boolean };

export type ThreadsState = {
  threads: Readonly<Record<string, FollowedThread>>;
  totals: Readonly<Record<string, ThreadTotals>>;
  all: Readonly<Record<string, ThreadList>>;
  unread: Readonly<Record<string, ThreadList>>;
};

export type ThreadsAction =
  | { type: 'threads/list'; teamId: string; list: UserThreadList; unread: boolean; complete: boolean; fresh: boolean }
  | { type: 'threads/totals'; teamId: string; totals: ThreadTotals }
  | {
      type: 'threads/updated';
      teamId: string;
      thread: UserThreadWithPost;
      previous?: { replies: number; mentions: number };
    }
  | { type: 'threads/read'; teamId: string; id: string; at: number; unreadReplies: number; unreadMentions: number }
  | { type: 'threads/all-read'; teamId: string; at: number }
  | { type: 'threads/channel-read'; channelId: string; at: number }
  | { type: 'threads/following'; teamId: string; id: string; following: boolean };

export const noThreads: ThreadsState = { threads: {}, totals: {}, all: {}, unread: {} };
const noList: ThreadList = { ids: [], complete: false };
const noTotals: ThreadTotals = { total: 0, unread: 0, mentions: 0 };

function followed(thread: UserThreadWithPost): FollowedThread {
  return {
    id: thread.id,
    channelId: thread.post.channel_id,
    replyCount: thread.reply_count,
    lastReplyAt: thread.last_reply_at,
    lastViewedAt: thread.last_viewed_at,
    participants: thread.participants.map((one) => one.id),
    unreadReplies: thread.unread_replies,
    unreadMentions: thread.unread_mentions,
    following: thread.is_following ?? true,
  };
}

const sorted = (ids: readonly string[], threads: ThreadsState['threads']): string[] =>
  [...new Set(ids)].sort((a, b) => (threads[b]?.lastReplyAt ?? 0) - (threads[a]?.lastReplyAt ?? 0));

function listed(state: ThreadsState, action: Extract<ThreadsAction, { type: 'threads/list' }>): ThreadsState {
  const threads = { ...state.threads };
  const came = action.list.threads ?? [];
  for (const thread of came) {
    const known = threads[thread.id];
    // An answer from before the last event about the thread knows less.
    if (!known || known.lastReplyAt <= thread.last_reply_at) threads[thread.id] = followed(thread);
  }
  const which = action.unread ? 'unread' : 'all';
  const before = action.fresh ? [] : (state[which][action.teamId] ?? noList).ids;
  const ids = sorted([...before, ...came.map((thread) => thread.id)], threads);
  return {
    ...state,
    threads,
    [which]: { ...state[which], [action.teamId]: { ids, complete: action.complete } },
  };
}

/** shifted moves a team's totals by how one thread changed. */
function shifted(
  totals: ThreadTotals | undefined,
  before: { replies: number; mentions: number },
  after: FollowedThread,
) {
  const known = totals ?? noTotals;
  const was = before.replies > 0 ? 1 : 0;
  const is = after.unreadReplies > 0 ? 1 : 0;
  return {
    ...known,
    unread: Math.max(0, known.unread + is - was),
    mentions: Math.max(0, known.mentions + after.unreadMentions - before.mentions),
  };
}

function changed(
  state: ThreadsState,
  teamId: string,
  thread: FollowedThread,
  previous?: { replies: number; mentions: number },
): ThreadsState {
  const known = state.threads[thread.id];
  const before = previous ?? { replies: known?.unreadReplies ?? 0, mentions: known?.unreadMentions ?? 0 };
  const threads = { ...state.threads, [thread.id]: thread };
  const list = (which: 'all' | 'unread', holds: boolean) => {
    const now = state[which][teamId];
    if (!now) return state[which];
    // A thread that has just been read stays in the list of unread ones until the list is asked for again.
    const ids = holds ? sorted([...now.ids, thread.id], threads) : now.ids;
    return { ...state[which], [teamId]: { ...now, ids } };
  };
  return {
    threads,
    totals: { ...state.totals, [teamId]: shifted(state.totals[teamId], before, thread) },
    all: list('all', thread.following),
    unread: list('unread', thread.following && thread.unreadReplies > 0),
  };
}

function following(state: ThreadsState, teamId: string, id: string, on: boolean): ThreadsState {
  const known = state.threads[id];
  if (!known) return state;
  const without = (lists: ThreadsState['all']) => {
    const list = lists[teamId];
    return list && !on ? { ...lists, [teamId]: { ...list, ids: list.ids.filter((other) => other !== id) } } : lists;
  };
  const quiet = on ? known : { ...known, unreadReplies: 0, unreadMentions: 0 };
  const next = changed(state, teamId, { ...quiet, following: on });
  return { ...next, all: without(next.all), unread: without(next.unread) };
}

/** threads is the reducer of this domain. */
export function threads(state: ThreadsState, action: ThreadsAction): ThreadsState {
  switch (action.type) {
    case 'threads/list':
      return listed(state, action);
    case 'threads/totals':
      return { ...state, totals: { ...state.totals, [action.teamId]: action.totals } };
    case 'threads/updated':
      return changed(state, action.teamId, followed(action.thread), action.previous);
    case 'threads/read': {
      const known = state.threads[action.id];
      if (!known) return state;
      const { unreadReplies, unreadMentions } = action;
      return changed(state, action.teamId, { ...known, lastViewedAt: action.at, unreadReplies, unreadMentions });
    }
    case 'threads/all-read':
    case 'threads/channel-read': {
      const all = { ...state.threads };
      for (const thread of Object.values(all)) {
        if (action.type === 'threads/channel-read' && thread.channelId !== action.channelId) continue;
        all[thread.id] = { ...thread, unreadReplies: 0, unreadMentions: 0, lastViewedAt: action.at };
      }
      if (action.type === 'threads/channel-read') return { ...state, threads: all };
      const known = state.totals[action.teamId] ?? noTotals;
      return {
        ...state,
        threads: all,
        totals: { ...state.totals, [action.teamId]: { ...known, unread: 0, mentions: 0 } },
      };
    }
    case 'threads/following':
      return following(state, action.teamId, action.id, action.following);
  }
}
