/**
 * Marks an open thread read while somebody looks at it, and never leaves one unread that has been read: calls go one
 * after the other, up to the time of the last reply by the server's own clock, and one that fails is made up for.
 */
import * as postsApi from '@/api/posts';
import { settleThreads } from '@/realtime/threads';
import { channelPosts } from '@/store/posts';
import { isCollapsed } from '@/store/selectors';
import { dispatch, getState, type State, store } from '@/store/store';
import { isUnread } from '@/store/thread';
import { openedThread, setOpened } from './opened';

/** At most one call for a thread in this time, however fast replies come; and after one that failed. In milliseconds. */
const every = 1000;
const afterFailure = 5000;

const looking = (): boolean => document.visibilityState === 'visible' && document.hasFocus();
const onPhone = (): boolean => window.matchMedia('(max-width: 767px)').matches;

/** shownThreads lists the threads that are in view: in the pane, and beside the list of threads. */
export function shownThreads({ place }: State): string[] {
  const shown: string[] = [];
  const front = (pane: typeof place.front) => !onPhone() || place.front === pane;
  if (place.pane?.kind === 'thread' && front('pane')) shown.push(place.pane.rootId);
  if (place.view === 'threads' && place.threadId && front('centre')) shown.push(place.threadId);
  return shown;
}

const busy = new Set<string>();
const notBefore = new Map<string, number>();
let later: ReturnType<typeof setTimeout> | undefined;

/** markThreadRead marks a thread read, here at once and on the server, unless it was marked unread by hand. */
export async function markThreadRead(id: string, byHand = false): Promise<void> {
  const state = getState();
  const thread = state.threads.threads[id];
  if (!isCollapsed(state) || !thread?.following || !isUnread(thread) || busy.has(id)) return;
  if (state.threads.manual[id] && !byHand) return;
  const { place, teams } = state;
  const teamId = thread.teamId || place.teamId || Object.keys(teams.mine)[0] || '';
  const at = thread.lastReplyAt;
  busy.add(id);
  notBefore.set(id, Date.now() + every);
  dispatch({ type: 'threads/read', teamId: thread.teamId || teamId, id, at, unreadReplies: 0, unreadMentions: 0 });
  try {
    // The event tells all windows how it stands; replies that came meanwhile are read by the next call.
    await postsApi.readThread(teamId, id, at);
  } catch {
    notBefore.set(id, Date.now() + afterFailure);
    dispatch({ type: 'threads/unsure', id });
    void settleThreads();
  }
  busy.delete(id);
  check();
}

/** check reads the threads in view as soon as they may be. */
function check(): void {
  const state = getState();
  if (!looking() || state.server.connection === 'offline') return;
  let wait = Number.POSITIVE_INFINITY;
  for (const id of shownThreads(state)) {
    const thread = state.threads.threads[id];
    if (!thread?.following || !isUnread(thread) || openedThread(id).status !== 'ready') continue;
    const due = (notBefore.get(id) ?? 0) - Date.now();
    if (due <= 0) void markThreadRead(id);
    else wait = Math.min(wait, due);
  }
  clearTimeout(later);
  if (wait < Number.POSITIVE_INFINITY) later = setTimeout(check, wait);
}

/** What comes while one is away will stand below the line of new replies. */
function blurred(): void {
  const state = getState();
  for (const id of shownThreads(state)) {
    const channelId = channelOf(state, id);
    const bucket = channelPosts(state.posts, channelId);
    const newest = bucket.threads[id]?.blocks.find((block) => block.end)?.ids.at(-1) ?? id;
    const at = bucket.posts[newest]?.create_at;
    const opened = openedThread(id);
    if (at !== undefined && opened.status === 'ready' && opened.newSince > at) setOpened(id, { newSince: at });
  }
}

/** A thread that was marked unread by hand shows from where. */
function markedByHand(state: State, before: State): void {
  for (const id of shownThreads(state)) {
    const thread = state.threads.threads[id];
    if (thread && isUnread(thread) && state.threads.manual[id] && !before.threads.manual[id]) {
      setOpened(id, { newSince: thread.lastViewedAt });
    }
  }
}

function channelOf({ place, threads }: State, id: string): string {
  return place.pane?.kind === 'thread' && place.pane.rootId === id
    ? place.pane.channelId
    : (threads.threads[id]?.channelId ?? '');
}

/** watchThreads keeps the threads in view read from now on. It returns how to stop. */
export function watchThreads(): () => void {
  const stop = store.subscribe((state, before) => {
    if (state.threads.manual !== before.threads.manual) markedByHand(state, before);
    const other = state.threads.threads !== before.threads.threads || state.place !== before.place;
    if (other || state.server.connection !== before.server.connection) check();
  });
  window.addEventListener('focus', check);
  window.addEventListener('blur', blurred);
  document.addEventListener('visibilitychange', check);
  return () => {
    stop();
    clearTimeout(later);
    window.removeEventListener('focus', check);
    window.removeEventListener('blur', blurred);
    document.removeEventListener('visibilitychange', check);
  };
}
