/** The bookmarks of channels: links that stand above the messages, in an order of their own. */
import type { Bookmark } from '@/api/bookmarks';
import type { State } from './store';

type OfChannel = Readonly<Record<string, Bookmark>>;

/** By channel, then by id. Deleted ones are kept: what is heard of them later is from before that. */
export type BookmarksState = Readonly<Record<string, OfChannel>>;

export type BookmarksAction =
  /** All of a channel; `asked` is what was known of it when they were asked for. */
  | { type: 'bookmarks/all'; channelId: string; bookmarks: readonly Bookmark[]; asked: OfChannel | undefined }
  /** Some that are new, changed, moved or deleted. */
  | { type: 'bookmarks/heard'; bookmarks: readonly Bookmark[] };

const stands = (known: Bookmark | undefined, heard: Bookmark): boolean =>
  known === undefined || (known.delete_at === 0 && (heard.delete_at > 0 || heard.update_at >= known.update_at));

/** bookmarks is the reducer of this domain. `update_at` decides between versions, a deletion is final. */
export function bookmarks(state: BookmarksState, action: BookmarksAction): BookmarksState {
  if (action.type === 'bookmarks/heard') {
    const next = { ...state };
    for (const one of action.bookmarks) {
      const known = next[one.channel_id] ?? {};
      if (stands(known[one.id], one)) next[one.channel_id] = { ...known, [one.id]: one };
    }
    return next;
  }
  const known = state[action.channelId] ?? {};
  const all: Record<string, Bookmark> = {};
  // What changed or went while the answer was on its way is newer than the answer.
  for (const one of Object.values(known)) if (one.delete_at > 0 || action.asked?.[one.id] !== one) all[one.id] = one;
  for (const one of action.bookmarks) if (stands(all[one.id], one)) all[one.id] = one;
  return { ...state, [action.channelId]: all };
}

/** bookmarksIn lists the bookmarks of a channel in their order. */
export const bookmarksIn = (state: State, channelId: string): Bookmark[] =>
  Object.values(state.bookmarks[channelId] ?? {})
    .filter((one) => one.delete_at === 0)
    .sort((a, b) => a.sort_order - b.sort_order || a.create_at - b.create_at || a.id.localeCompare(b.id));
