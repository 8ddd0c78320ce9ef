/**
 * Threads that one follows: what is unread in each, the lists of a team, and its totals.
 *
 * Events about reading come in order, answers at any time. An answer that was asked for before the last event about
 * the same thread or team is old news (`asked`, see `tick`). Where neither can be relied on, the thread is `unsure`
 * and asked for again (`realtime/threads.ts`): no thread stays unread that has been read.
 */
import type { Post } from '@mattermost/types/posts';
import { merged, stored } from './post';
import { answered, type FollowedThread, isUnread, type Put, read, readThrough, updated } from './thread';

export type { FollowedThread };

/** ThreadTotals are a team's counts over all threads that one follows, those of direct channels included. */
export type ThreadTotals = { total: number; unread: number; mentions: number };

/**
 * ThreadList is how far a list of a team has been loaded, the latest reply first: it holds all threads with a reply
 * since `reach`. `stale` says that events may have been missed since it was loaded.
 */
export type ThreadList = { ids: readonly string[]; reach: number; complete: boolean; stale: boolean };

export type ThreadsState = {
  threads: Readonly<Record<string, FollowedThread>>;
  totals: Readonly<Record<string, ThreadTotals>>;
  all: Readonly<Record<string, ThreadList>>;
  unread: Readonly<Record<string, ThreadList>>;
  /** When a thread or a team's totals last changed by an event, by their ids, counted in `tick`s. */
  touched: Readonly<Record<string, number>>;
  tick: number;
  /** Threads of which an event or answer could not tell for sure what is unread. */
  unsure: readonly string[];
  /** Threads that are not known, but of which an event told that they were read, followed, left or lost a reply. */
  passed: Readonly<Record<string, boolean>>;
  /** When all threads of a team or channel were last read at once, by their ids; of conversations by none. */
  readAt: Readonly<Record<string, number>>;
  /** Marked unread by hand: stays unread while one looks at it. */
  manual: Readonly<Record<string, boolean>>;
};

export type ThreadsAction =
  /** A page of a list. `fresh` is the first one, which replaces what was listed. */
  | {
      type: 'threads/list';
      teamId: string;
      threads: readonly FollowedThread[];
      unread: boolean;
      complete: boolean;
      fresh: boolean;
      asked: number;
    }
  /** An answer about one thread. */
  | { type: 'threads/received'; thread: FollowedThread; asked: number }
  | { type: 'threads/totals'; teamId: string; totals: ThreadTotals; asked: number }
  | { type: 'threads/updated'; thread: FollowedThread; previous: { replies: number; mentions: number } }
  | {
      type: 'threads/read';
      teamId: string;
      id: string;
      at: number;
      unreadReplies: number;
      unreadMentions: number;
      previous?: { replies: number; mentions: number };
    }
  | { type: 'threads/all-read'; teamId: string; at: number }
  | { type: 'threads/channel-read'; channelId: string; at: number }
  | { type: 'threads/following'; teamId: string; id: string; following: boolean }
  /** The root of a thread was edited or deleted. */
  | { type: 'threads/root'; post: Post; deleted: boolean }
  /** A thread that one doesn't follow any more, or that is gone. */
  | { type: 'threads/gone'; id: string }
  | { type: 'threads/unsure'; id: string }
  | { type: 'threads/manual'; id: string; manual: boolean }
  /** Events may have been missed: lists are loaded again where they are looked at. */
  | { type: 'threads/stale' };

type Of<T extends ThreadsAction['type']> = Extract<ThreadsAction, { type: T }>;

export const noThreads: ThreadsState = {
  threads: {},
  totals: {},
  all: {},
  unread: {},
  touched: {},
  tick: 0,
  unsure: [],
  passed: {},
  readAt: {},
  manual: {},
};
const noTotals: ThreadTotals = { total: 0, unread: 0, mentions: 0 };

type Threads = ThreadsState['threads'];
type Lists = ThreadsState['all'];

const sorted = (ids: readonly string[], threads: Threads): string[] =>
  [...new Set(ids)].sort((a, b) => (threads[b]?.lastReplyAt ?? 0) - (threads[a]?.lastReplyAt ?? 0) || (a < b ? -1 : 1));

const inTeam = (thread: FollowedThread, teamId: string): boolean => thread.teamId === '' || thread.teamId === teamId;

function withUnsure(state: ThreadsState, id: string, unsure: boolean): readonly string[] {
  const listed = state.unsure.includes(id);
  if (unsure === listed) return state.unsure;
  return unsure ? [...state.unsure, id] : state.unsure.filter((other) => other !== id);
}

/** relisted puts a thread where it belongs in the lists that are known. */
function relisted(lists: Lists, thread: FollowedThread, threads: Threads, holds: boolean): Lists {
  const next: Record<string, ThreadList> = { ...lists };
  for (const [teamId, list] of Object.entries(lists)) {
    if (!inTeam(thread, teamId)) continue;
    const listedNow = list.ids.includes(thread.id);
    const reached = list.complete || thread.lastReplyAt >= list.reach;
    if (thread.following && reached && (holds || listedNow)) {
      next[teamId] = { ...list, ids: sorted([...list.ids, thread.id], threads) };
    } else if (listedNow) next[teamId] = { ...list, ids: list.ids.filter((id) => id !== thread.id) };
  }
  return next;
}

const staleLists = (lists: Lists): Lists =>
  Object.fromEntries(Object.entries(lists).map(([teamId, list]) => [teamId, { ...list, stale: true }]));

type Counts = { following: boolean; replies: number; mentions: number };
const countsOf = (thread: FollowedThread | undefined): Counts => ({
  following: thread?.following ?? false,
  replies: thread?.unreadReplies ?? 0,
  mentions: thread?.unreadMentions ?? 0,
});

/** shifted moves the totals of the teams that a thread belongs to by how it changed. */
function shifted(all: ThreadsState['totals'], teamId: string, before: Counts, after: Counts): ThreadsState['totals'] {
  const next: Record<string, ThreadTotals> = { ...all };
  const one = (on: boolean) => (on ? 1 : 0);
  for (const id of Object.keys(all)) {
    if (teamId !== '' && teamId !== id) continue;
    const { total, unread, mentions } = all[id] ?? noTotals;
    next[id] = {
      total: Math.max(0, total + one(after.following) - one(before.following)),
      unread: Math.max(0, unread + one(after.replies > 0) - one(before.replies > 0)),
      mentions: Math.max(0, mentions + after.mentions - before.mentions),
    };
  }
  return next;
}

/** touching notes that an event told of a thread, so that answers from before it are old news. */
function touching(state: ThreadsState, id: string, teamId: string): ThreadsState {
  const tick = state.tick + 1;
  const touched = { ...state.touched, [id]: tick };
  for (const team of teamId ? [teamId] : Object.keys(state.totals)) touched[team] = tick;
  return { ...state, tick, touched };
}

/** placed stores a thread after an event, with everything that follows from it. */
function placed(state: ThreadsState, put: Put, before: Counts): ThreadsState {
  const { thread, unsure } = put;
  const threads = { ...state.threads, [thread.id]: thread };
  const unread = thread.following && isUnread(thread);
  const { [thread.id]: _, ...manual } = state.manual;
  const { [thread.id]: __, ...passed } = state.passed;
  return {
    ...touching(state, thread.id, thread.teamId),
    threads,
    totals: shifted(state.totals, thread.teamId, before, countsOf(thread)),
    all: relisted(state.all, thread, threads, true),
    // A thread that has just been read stays in the list of unread ones until the list is asked for again.
    unread: relisted(state.unread, thread, threads, unread),
    // Only an answer settles what an event left open.
    unsure: withUnsure(state, thread.id, unsure || state.unsure.includes(thread.id)),
    passed: state.passed[thread.id] ? passed : state.passed,
    manual: unread || !state.manual[thread.id] ? state.manual : manual,
  };
}

function listed(state: ThreadsState, action: Of<'threads/list'>): ThreadsState {
  const threads = { ...state.threads };
  const unsure = new Set(state.unsure);
  for (const came of action.threads) {
    const put = answered(threads[came.id], came, (state.touched[came.id] ?? 0) > action.asked);
    threads[came.id] = put.thread;
    if (put.unsure) unsure.add(came.id);
    else unsure.delete(came.id);
  }
  const next = { ...state, threads, unsure: [...unsure] };
  const which = action.unread ? 'unread' : 'all';
  return { ...next, [which]: { ...state[which], [action.teamId]: grown(next, state[which][action.teamId], action) } };
}

/** grown is a list with a page more. */
function grown(state: ThreadsState, known: ThreadList | undefined, action: Of<'threads/list'>): ThreadList {
  const { teamId, complete, asked } = action;
  const came = action.threads.map((thread) => thread.id);
  const times = action.threads.map((thread) => thread.lastReplyAt);
  const reach = Math.min(action.fresh ? Number.MAX_SAFE_INTEGER : (known?.reach ?? 0), ...times);
  // What an event told of while the first page was on its way may be missing in it.
  const news = Object.values(state.threads).filter(
    (thread) =>
      (state.touched[thread.id] ?? 0) > asked && inTeam(thread, teamId) && (!action.unread || isUnread(thread)),
  );
  const before = action.fresh ? news.map((thread) => thread.id) : (known?.ids ?? []);
  const ids = sorted([...before, ...came], state.threads).filter((id) => {
    const thread = state.threads[id];
    return thread?.following && (complete || thread.lastReplyAt >= reach);
  });
  return { ids, reach, complete, stale: false };
}

function received(state: ThreadsState, { thread: came, asked }: Of<'threads/received'>): ThreadsState {
  const put = answered(state.threads[came.id], came, (state.touched[came.id] ?? 0) > asked);
  // The totals are told by answers of their own.
  const next = placed(state, put, countsOf(put.thread));
  return { ...next, tick: state.tick, touched: state.touched, unsure: withUnsure(state, came.id, put.unsure) };
}

function readTo(state: ThreadsState, action: Of<'threads/read'>): ThreadsState {
  const { id, teamId, previous } = action;
  const known = state.threads[id];
  if (!known) {
    const after = { following: true, replies: action.unreadReplies, mentions: action.unreadMentions };
    const before = previous ? { following: true, ...previous } : after;
    const passed = { ...state.passed, [id]: true };
    return { ...touching(state, id, ''), passed, totals: shifted(state.totals, teamId, before, after) };
  }
  const put = read(known, action);
  const next = placed(state, put, countsOf(known));
  // Only a hand moves the mark back; the thread then stays unread in every window.
  const back = action.at < known.lastViewedAt && isUnread(put.thread);
  return back ? { ...next, manual: { ...next.manual, [id]: true } } : next;
}

/** overtaken tells whether a reply that is told of only now may have been read, or be gone, already. */
const overtaken = ({ passed, readAt }: ThreadsState, thread: FollowedThread): boolean =>
  passed[thread.id] === true ||
  thread.lastReplyAt <= Math.max(readAt[thread.teamId] ?? 0, readAt[thread.channelId] ?? 0);

function readMany(
  state: ThreadsState,
  ids: readonly string[],
  belongs: (thread: FollowedThread) => boolean,
  at: number,
): ThreadsState {
  const readAt = { ...state.readAt };
  for (const id of ids) readAt[id] = at;
  let next: ThreadsState = { ...state, readAt };
  for (const thread of Object.values(state.threads)) {
    if (!belongs(thread)) continue;
    // What came after the moment, or just before it, may or may not have been read with the rest.
    if (thread.lastReplyAt > at) next = { ...next, unsure: withUnsure(next, thread.id, true) };
    else if (isUnread(thread)) next = placed(next, { thread: readThrough(thread), unsure: false }, countsOf(thread));
    else next = touching(next, thread.id, thread.teamId);
  }
  return next;
}

function following(state: ThreadsState, { teamId, id, following: on }: Of<'threads/following'>): ThreadsState {
  const known = state.threads[id];
  if (!known) {
    const passed = { ...state.passed, [id]: true };
    return { ...touching(state, id, teamId), passed, unsure: withUnsure(state, id, on) };
  }
  if (!on && !known.following) return touching(state, id, known.teamId);
  // Following anew, also while following, reads what is there.
  return placed(state, { thread: { ...readThrough(known), following: on }, unsure: on }, countsOf(known));
}

/** gone takes a thread out. An answer that says so leaves the totals alone, which are told by answers of their own. */
function gone(state: ThreadsState, id: string, counts: boolean): ThreadsState {
  const known = state.threads[id];
  if (!known) return { ...state, unsure: withUnsure(state, id, false) };
  const thread = { ...readThrough(known), following: false };
  const next = placed(state, { thread, unsure: false }, countsOf(counts ? known : thread));
  const { [id]: _, ...threads } = next.threads;
  return { ...next, threads, unsure: withUnsure(state, id, false) };
}

function rooted(state: ThreadsState, { post, deleted }: Of<'threads/root'>): ThreadsState {
  const known = state.threads[post.id];
  if (!known) return state;
  if (deleted) return gone(state, post.id, true);
  const root = merged(known.root, stored(post), false);
  return { ...state, threads: { ...state.threads, [post.id]: { ...known, root } } };
}

/** threads is the reducer of this domain. */
export function threads(state: ThreadsState, action: ThreadsAction): ThreadsState {
  switch (action.type) {
    case 'threads/list':
      return listed(state, action);
    case 'threads/received':
      return received(state, action);
    case 'threads/totals': {
      const late = (state.touched[action.teamId] ?? 0) > action.asked;
      if (late && state.totals[action.teamId]) return state;
      return { ...state, totals: { ...state.totals, [action.teamId]: action.totals } };
    }
    case 'threads/updated': {
      const { thread: came, previous } = action;
      const known = state.threads[came.id];
      const before = known ? countsOf(known) : { following: true, ...previous };
      const put = updated(known, came, came.unreadMentions > previous.mentions);
      return placed(state, { ...put, unsure: put.unsure || overtaken(state, came) }, before);
    }
    case 'threads/read':
      return readTo(state, action);
    case 'threads/all-read':
      return allRead(state, action);
    case 'threads/channel-read':
      return readMany(state, [action.channelId], (thread) => thread.channelId === action.channelId, action.at);
    case 'threads/following':
      return following(state, action);
    case 'threads/root':
      return rooted(state, action);
    case 'threads/gone':
      return gone(state, action.id, false);
    case 'threads/unsure':
      if (state.threads[action.id]) return { ...state, unsure: withUnsure(state, action.id, true) };
      return { ...state, passed: { ...state.passed, [action.id]: true } };
    case 'threads/manual':
      return { ...state, manual: { ...state.manual, [action.id]: action.manual } };
    case 'threads/stale':
      return { ...state, all: staleLists(state.all), unread: staleLists(state.unread) };
  }
}

function allRead(state: ThreadsState, { teamId, at }: Of<'threads/all-read'>): ThreadsState {
  const next = readMany(state, [teamId, ''], (thread) => inTeam(thread, teamId), at);
  const later = Object.values(next.threads).filter((thread) => inTeam(thread, teamId) && isUnread(thread));
  const known = next.totals[teamId] ?? noTotals;
  const mentions = later.reduce((sum, thread) => sum + thread.unreadMentions, 0);
  const totals = { ...next.totals, [teamId]: { ...known, unread: later.length, mentions } };
  const tick = next.tick + 1;
  return { ...next, tick, touched: { ...next.touched, [teamId]: tick }, totals };
}
