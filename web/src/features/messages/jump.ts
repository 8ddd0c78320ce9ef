/** Jumps to a day: the message is looked for by its place in the channel, in a few questions of one message each. */
import * as postsApi from '@/api/posts';
import { totals } from '@/store/channels';
import { isCollapsed } from '@/store/selectors';
import { dispatch, getState } from '@/store/store';
import { arriveAt } from './loading';

/** Found is one message by its place, 0 being the newest. */
type Found = { id: string; at: number } | undefined;
type Ask = (place: number) => Promise<Found>;

/** Questions at most: half the rest is left after each, so that this is more than any channel needs. */
const most = 48;

/**
 * findSince finds the oldest message that is not older than a time, or the newest when all are. `ask` tells the
 * message at a place; `guess` is how many there may be. The places of a lively channel are guessed from the times, and
 * when guessing doesn't help the rest is halved.
 */
export async function findSince(ask: Ask, at: number, guess: number): Promise<Found> {
  let newer = { place: 0, found: await ask(0) };
  if (!newer.found || newer.found.at < at) return newer.found;
  let older: { place: number; at: number } | undefined;
  for (let i = 0; i < most; i++) {
    if (older && older.place - newer.place <= 1) break;
    const place = nextPlace(newer.place, newer.found?.at ?? 0, older, at, guess, i);
    const found = await ask(place);
    if (!found) older = { place, at: Number.NEGATIVE_INFINITY };
    else if (found.at >= at) newer = { place, found };
    else older = { place, at: found.at };
  }
  return newer.found;
}

function nextPlace(
  newer: number,
  newerAt: number,
  older: { place: number; at: number } | undefined,
  at: number,
  guess: number,
  turn: number,
): number {
  if (!older) return newer === 0 ? Math.max(1, guess - 1) : newer * 2 + 1;
  const middle = Math.floor((newer + older.place) / 2);
  if (turn % 2 === 1 || !Number.isFinite(older.at) || newerAt <= older.at) return middle;
  const share = (newerAt - at) / (newerAt - older.at);
  const wished = newer + Math.round(share * (older.place - newer));
  return Math.min(older.place - 1, Math.max(newer + 1, wished));
}

function asking(channelId: string): Ask {
  const collapsedThreads = isCollapsed(getState());
  return async (place) => {
    const list = await postsApi.getPosts(channelId, { page: place, per_page: 1, collapsedThreads });
    const post = list.posts[list.order[0] ?? ''];
    return post && { id: post.id, at: post.create_at };
  };
}

/** jumpTo goes to a message of the open channel. It fails with an `ApiError`. */
export async function jumpTo(channelId: string, postId: string): Promise<void> {
  await arriveAt(channelId, postId);
  dispatch({ type: 'place/focus', postId, at: Date.now() });
}

/** jumpToTime goes to the first message of a channel since a time. It fails with an `ApiError`. */
export async function jumpToTime(channelId: string, at: number): Promise<void> {
  const { total, root } = totals(getState().channels.counts[channelId]);
  const found = await findSince(asking(channelId), at, isCollapsed(getState()) ? root : total);
  if (found) await jumpTo(channelId, found.id);
}
