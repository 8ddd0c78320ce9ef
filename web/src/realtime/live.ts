/** Keeps the store live: events enter in batches of one frame of the screen, cuts are caught up with. */
import { answered, apiUrl, serverTime, setConnection } from '@/api/http';
import { getMe } from '@/api/users';
import type { Action } from '@/store/store';
import { dispatch, getState } from '@/store/store';
import { factsOf } from './events';
import { follow } from './follow';
import * as load from './load';
import { refreshSession } from './session';
import { type Frame, Socket } from './socket';
import { catchUpThreads, settleThreads } from './threads';

let socket: Socket | undefined;
let queue: Frame[] = [];
let scheduled = false;
const listeners = new Set<(frame: Frame) => void>();

/** onFrame hears every event after it entered the store, such as for notifications. It returns how to stop. */
export function onFrame(listener: (frame: Frame) => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

const missedListeners = new Set<() => void>();

/** onMissed is called once the store has caught up after events may have been missed. It returns how to stop. */
export function onMissed(listener: () => void): () => void {
  missedListeners.add(listener);
  return () => missedListeners.delete(listener);
}

function flush(): void {
  scheduled = false;
  const frames = queue;
  queue = [];
  // Facts are worked out against the state before the batch: handlers only read what events don't change.
  const facts: Action[] = frames.flatMap((frame) => factsOf(frame, getState()));
  if (facts.length > 0) dispatch(...facts);
  if (getState().channels.unsure.length > 0) void load.settleUnsure().catch(() => undefined);
  for (const frame of frames) {
    void follow(frame);
    for (const listener of listeners) listener(frame);
  }
}

function take(frame: Frame): void {
  queue.push(frame);
  if (scheduled) return;
  scheduled = true;
  // A hidden page has no frames; a timer runs there too.
  if (document.visibilityState === 'hidden') setTimeout(flush, 50);
  else requestAnimationFrame(flush);
}

let lastOpen = 0;

async function opened(missed: boolean, connectionId: string): Promise<void> {
  setConnection(connectionId);
  dispatch({ type: 'server/connection', connection: 'online' });
  if (!missed) return void settleThreads();
  flush();
  const since = lastOpen;
  // What is on its way was asked for before events could be heard: it lacks the same as what is known.
  await answered();
  // A little overlap: what was changed while the connection broke may not have been sent.
  dispatch({ type: 'posts/stale', since: Math.max(1, serverTime(since) - 10_000) }, { type: 'threads/stale' });
  const { place } = getState();
  const tasks = [refreshSession(), catchUpThreads(), load.catchUpGroups()];
  if (place.channelId) tasks.push(load.catchUp(place.channelId));
  await Promise.allSettled(tasks);
  for (const listener of missedListeners) listener();
}

function closed(attempts: number, refused: boolean): void {
  if (getState().server.connection === 'online') lastOpen = Date.now();
  // One quick try is nobody's business; a banner comes when that fails too.
  dispatch({ type: 'server/connection', connection: attempts === 0 ? 'connecting' : 'offline' });
  // A socket can't say that one has to sign in again; any other answer does.
  if (refused) void getMe().catch(() => undefined);
}

let expiry: ReturnType<typeof setInterval> | undefined;

/**
 * goLive opens the websocket of the signed-in person. What changed since `asked`, the moment at which what the store
 * knows was first asked for, is caught up with: nobody told of it.
 */
export function goLive(asked: number): void {
  if (socket) return;
  lastOpen = asked;
  const url = new URL(apiUrl('/websocket'), window.location.href);
  url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:';
  socket = new Socket(url.href, { frame: take, open: (missed, id) => void opened(missed, id), closed });
  expiry = setInterval(() => {
    if (Object.keys(getState().typing).length > 0) dispatch({ type: 'typing/expired', now: Date.now() });
  }, 1000);
}

/** endLive closes it. */
export function endLive(): void {
  socket?.close();
  socket = undefined;
  clearInterval(expiry);
  queue = [];
}

/** tell sends an action over the websocket; it is lost when there is no connection. */
export const tell = (action: string, data: Record<string, unknown>): void => socket?.send(action, data);
