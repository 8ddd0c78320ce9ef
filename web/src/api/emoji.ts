/** The emojis that people of this server made. */
import type { CustomEmoji } from '@mattermost/types/emojis';
import { apiUrl, del, get, post } from './http';
import type { Ok } from './users';

export type ServerEmoji = Pick<CustomEmoji, 'id' | 'name' | 'creator_id'>;

/** The server gives no more a page. */
export const emojiPage = 200;

export const getEmojis = (page: number): Promise<ServerEmoji[]> =>
  get('/emoji', { page, per_page: emojiPage, sort: 'name' });
export const createEmoji = (name: string, creatorId: string, picture: Blob): Promise<ServerEmoji> => {
  const form = new FormData();
  form.append('image', picture);
  form.append('emoji', JSON.stringify({ name, creator_id: creatorId }));
  return post('/emoji', form);
};
export const deleteEmoji = (id: string): Promise<Ok> => del(`/emoji/${id}`);
/** emojiUrl is the address of its picture. */
export const emojiUrl = (id: string): string => apiUrl(`/emoji/${id}/image`);
