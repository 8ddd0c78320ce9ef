/** Loading the messages of a channel, and what is under way or went wrong, so that the list can say so. */
import { useStore } from 'zustand';
import { createStore } from 'zustand/vanilla';
import { ApiError } from '@/api/http';
import * as load from '@/realtime/load';
import { blockWith } from '@/store/blocks';
import { preference } from '@/store/preferences';
import { getState } from '@/store/store';

/** Which end of what is shown is being loaded: what it begins with, or older and newer messages. */
export type Side = 'first' | 'older' | 'newer';
export type Loading = { [S in Side]?: 'busy' | { error: unknown } };

const nothing: Loading = {};
const loading = createStore<Readonly<Record<string, Loading>>>(() => ({}));

/** useLoading tells what is being loaded of a channel. */
export const useLoading = (channelId: string): Loading => useStore(loading, (all) => all[channelId] ?? nothing);

const note = (channelId: string, side: Side, what: Loading[Side]): void =>
  loading.setState((all) => ({ ...all, [channelId]: { ...all[channelId], [side]: what } }));

const under = new Map<string, Promise<void>>();

/** run loads one side at a time; who comes meanwhile waits for that. It rejects with what went wrong, as the list says. */
function run(channelId: string, side: Side, task: () => Promise<void>): Promise<void> {
  const key = `${channelId} ${side}`;
  const going = under.get(key);
  if (going) return going;
  note(channelId, side, 'busy');
  const done = task().then(
    () => note(channelId, side, undefined),
    (error: unknown) => {
      note(channelId, side, { error });
      throw error;
    },
  );
  under.set(key, done);
  return done.finally(() => under.delete(key));
}

/** before waits for what is being loaded on a side, when another page is wanted. */
const before = async (channelId: string, side: Side): Promise<void> =>
  under.get(`${channelId} ${side}`)?.catch(() => undefined);

/** What the list shows is said there; nobody else needs to know. */
const quietly = (task: Promise<void>): Promise<void> => task.catch(() => undefined);

/** loadOlder loads what stands before a message. A failure is shown in the list. */
export const loadOlder = (channelId: string, postId: string): Promise<void> =>
  quietly(run(channelId, 'older', () => load.loadOlder(channelId, postId)));

/** loadNewer loads what stands behind a message. A failure is shown in the list. */
export const loadNewer = (channelId: string, postId: string): Promise<void> =>
  quietly(run(channelId, 'newer', () => load.loadNewer(channelId, postId)));

/** loadEnd loads the newest messages, for going there. It fails with an `ApiError`. */
export async function loadEnd(channelId: string): Promise<void> {
  await before(channelId, 'newer');
  await run(channelId, 'newer', () => load.loadNewest(channelId));
}

/** Whether what is loaded reaches back to where one left off. */
function reaches(channelId: string, since: number): boolean {
  const bucket = getState().posts.byChannel[channelId];
  const block = bucket && blockWith(bucket.blocks);
  if (!block?.end) return false;
  const first = bucket?.posts[block.ids[0] ?? ''];
  return block.start || (first !== undefined && first.create_at <= since);
}

async function loadFirst(channelId: string, newSince: number): Promise<void> {
  const state = getState();
  const bucket = state.posts.byChannel[channelId];
  const newest = preference(state.preferences, 'advanced_settings', 'unread_scroll_position') === 'start_from_newest';
  if (bucket && blockWith(bucket.blocks) && bucket.staleSince > 0) await load.catchUp(channelId);
  const unread = newSince !== Number.MAX_SAFE_INTEGER;
  if (unread && !newest && !reaches(channelId, newSince)) return load.loadUnread(channelId);
  const now = getState().posts.byChannel[channelId];
  const live = now && blockWith(now.blocks);
  if (!live?.end) await load.loadNewest(channelId);
}

/**
 * arrive loads what a channel shows first: around the first unread message, or the newest. When the server can't be
 * reached, the list says so and offers to try again; other refusals reject.
 */
export async function arrive(channelId: string, newSince: number): Promise<void> {
  try {
    await run(channelId, 'first', () => loadFirst(channelId, newSince));
  } catch (error) {
    if (!(error instanceof ApiError) || (error.status > 0 && error.status < 500)) throw error;
  }
}

/** arriveAt loads what stands around a message, for a jump there. It fails with an `ApiError`. */
export async function arriveAt(channelId: string, postId: string): Promise<void> {
  const bucket = getState().posts.byChannel[channelId];
  if (bucket && blockWith(bucket.blocks, postId)) return;
  await before(channelId, 'first');
  await run(channelId, 'first', () => load.loadAround(channelId, postId));
}
