/** Commands about the bookmarks of a channel. Each rejects with an `ApiError`. */
import * as api from '@/api/bookmarks';
import { onMissed } from '@/realtime/live';
import { isConversation } from '@/store/categoryMoves';
import { can, myProfile, setting } from '@/store/selectors';
import { dispatch, getState, type State, store } from '@/store/store';

/** The server takes no more for one channel. */
export const bookmarksMost = 50;

export type BookmarkAct = 'add' | 'edit' | 'delete' | 'order';

/** mayBookmark tells whether one may change the bookmarks of a channel so. */
export function mayBookmark(state: State, channelId: string, act: BookmarkAct): boolean {
  const channel = state.channels.channels[channelId];
  if (!channel || channel.delete_at > 0 || setting(state, 'FeatureFlagChannelBookmarks') !== 'true') return false;
  if (isConversation(channel)) return !(myProfile(state)?.roles ?? '').split(' ').includes('system_guest');
  const kind = channel.type === 'P' ? 'private' : 'public';
  return can(state, `${act}_bookmark_${kind}_channel`, { channelId, teamId: channel.team_id });
}

// Channels whose bookmarks have been asked for since events were last missed.
let fresh = new Set<string>();

async function load(channelId: string): Promise<void> {
  if (!channelId || fresh.has(channelId) || setting(getState(), 'FeatureFlagChannelBookmarks') !== 'true') return;
  fresh.add(channelId);
  const asked = getState().bookmarks[channelId];
  try {
    const bookmarks = await api.getBookmarks(channelId);
    dispatch({ type: 'bookmarks/all', channelId, bookmarks, asked });
  } catch {
    fresh.delete(channelId);
  }
}

/** watchBookmarks loads those of the channel that one looks at, from now on. It returns how to stop. */
export function watchBookmarks(): () => void {
  const look = () => void load(getState().place.channelId);
  look();
  const stops = [
    store.subscribe((state, before) => state.place.channelId !== before.place.channelId && look()),
    onMissed(() => {
      fresh = new Set();
      look();
    }),
  ];
  return () => {
    fresh = new Set();
    for (const stop of stops) stop();
  };
}

/** addressOf completes what somebody typed; undefined when it leads nowhere on the web. */
export function addressOf(typed: string): string | undefined {
  const text = typed.trim();
  try {
    const url = new URL(/^[a-z][a-z0-9+.-]*:\/\//i.test(text) ? text : `https://${text}`);
    const named = url.hostname.includes('.') || url.hostname === 'localhost' || url.port !== '' || text.includes('://');
    return /^https?:$/.test(url.protocol) && named && !/\s/.test(text) ? url.href : undefined;
  } catch {
    return undefined;
  }
}

/** nameOf suggests a name for an address: its site. */
export const nameOf = (address: string): string => new URL(address).hostname.replace(/^www\./, '').slice(0, 64);

/** BookmarkWords is what one says of a bookmark; `emoji` with its colons, or nothing. */
export type BookmarkWords = { display_name: string; emoji: string };
/** BookmarkTarget is where it leads to: an address, or a file that was sent for this channel. */
export type BookmarkTarget = { link_url: string } | { file_id: string };

/** addBookmark adds a link or a file to a channel. */
export async function addBookmark(channelId: string, words: BookmarkWords, target: BookmarkTarget): Promise<void> {
  const whole = 'file_id' in target ? { type: 'file' as const, ...target } : { type: 'link' as const, ...target };
  const made = await api.createBookmark(channelId, { ...words, ...whole });
  dispatch({ type: 'bookmarks/heard', bookmarks: [made] });
}

/** changeBookmark changes one. */
export async function changeBookmark(
  channelId: string,
  id: string,
  change: BookmarkWords & Partial<{ link_url: string; file_id: string }>,
): Promise<void> {
  const { updated, deleted } = await api.updateBookmark(channelId, id, change);
  dispatch({ type: 'bookmarks/heard', bookmarks: [updated, deleted].filter((one) => one !== undefined) });
}

/** removeBookmark deletes one. It returns how to have it back, at the end. */
export async function removeBookmark({ channel_id, id, display_name, link_url, file_id, emoji }: api.Bookmark) {
  dispatch({ type: 'bookmarks/heard', bookmarks: [await api.deleteBookmark(channel_id, id)] });
  const target = file_id ? { file_id } : { link_url: link_url ?? '' };
  return () => addBookmark(channel_id, { display_name, emoji: emoji ?? '' }, target);
}

/** moveBookmark puts one into another place, counted from 0. */
export async function moveBookmark({ channel_id, id }: api.Bookmark, place: number): Promise<void> {
  dispatch({ type: 'bookmarks/heard', bookmarks: await api.sortBookmark(channel_id, id, place) });
}
