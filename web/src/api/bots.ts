/** Accounts of programs, and the tokens that they sign in with. */
import type { UserProfile } from '@mattermost/types/users';
import { get, post, put, request } from './http';
import { all } from './integrations';
import type { NewToken, Ok, UserAccessToken } from './users';

export type Bot = {
  user_id: string;
  username: string;
  display_name?: string;
  description?: string;
  owner_id: string;
  create_at: number;
  update_at: number;
  delete_at: number;
};
export type BotWords = { username: string; display_name: string; description: string };

/** getBots lists those that one may see, disabled ones too. */
export const getBots = (): Promise<Bot[]> =>
  all((page, per_page) => get('/bots', { page, per_page, include_deleted: true }));
export const createBot = (words: BotWords): Promise<Bot> => post('/bots', words);
export const patchBot = (id: string, words: BotWords): Promise<Bot> => put(`/bots/${id}`, words);
export const enableBot = (id: string): Promise<Bot> => post(`/bots/${id}/enable`);
export const disableBot = (id: string): Promise<Bot> => post(`/bots/${id}/disable`);
export const assignBot = (id: string, userId: string): Promise<Bot> => post(`/bots/${id}/assign/${userId}`);
/** botToPerson gives the account a mail address and a password, with which a person signs in. */
export const botToPerson = (id: string, email: string, password: string): Promise<UserProfile> =>
  post(`/bots/${id}/convert_to_user`, { email, password });
export const personToBot = (id: string): Promise<Bot> => post(`/users/${id}/convert_to_bot`);
export const setBotPicture = (id: string, file: Blob): Promise<Ok> => {
  const form = new FormData();
  form.set('image', file);
  return request('POST', `/users/${id}/image`, { body: form });
};
export const setBotRoles = (id: string, roles: string): Promise<Ok> => put(`/users/${id}/roles`, { roles });

export const getTokensOf = (id: string): Promise<UserAccessToken[]> =>
  all((page, per_page) => get(`/users/${id}/tokens`, { page, per_page }));
export const createTokenOf = (id: string, token: NewToken): Promise<UserAccessToken> =>
  post(`/users/${id}/tokens`, token);
