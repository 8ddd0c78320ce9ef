/** Links and files that stand at the top of a channel. */
import type { ChannelBookmark, ChannelBookmarkPatch } from '@mattermost/types/channel_bookmarks';
import { del, get, post, request } from './http';

export type Bookmark = ChannelBookmark;
export type NewBookmark = { display_name: string; emoji?: string } & (
  | { type: 'link'; link_url: string }
  | { type: 'file'; file_id: string }
);
export type BookmarkChange = { updated?: Bookmark; deleted?: Bookmark };

export const getBookmarks = (channelId: string): Promise<Bookmark[]> => get(`/channels/${channelId}/bookmarks`);
export const createBookmark = (channelId: string, bookmark: NewBookmark): Promise<Bookmark> =>
  post(`/channels/${channelId}/bookmarks`, bookmark);
/** updateBookmark changes one. Somebody else's is replaced: then the answer names both. */
export const updateBookmark = (channelId: string, id: string, patch: ChannelBookmarkPatch): Promise<BookmarkChange> =>
  request('PATCH', `/channels/${channelId}/bookmarks/${id}`, { body: patch });
export const deleteBookmark = (channelId: string, id: string): Promise<Bookmark> =>
  del(`/channels/${channelId}/bookmarks/${id}`);
/** sortBookmark puts one into a place, counted from 0. The answer is all of them. */
export const sortBookmark = (channelId: string, id: string, place: number): Promise<Bookmark[]> =>
  post(`/channels/${channelId}/bookmarks/${id}/sort_order`, place);
