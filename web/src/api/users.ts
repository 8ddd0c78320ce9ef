/** Accounts, sign-in, sessions, presence. */
import type { Session } from '@mattermost/types/sessions';
import type { UserAccessToken as PlainToken, UserCustomStatus, UserProfile, UserStatus } from '@mattermost/types/users';
import { apiUrl, del, get, post, put, request } from './http';

export type { Session, UserCustomStatus, UserProfile, UserStatus };

export type Ok = { status: string };

/** signIn opens a session in a cookie. It is refused with `mfa.validate_token…` ids when a code is asked for. */
export const signIn = (loginId: string, password: string, code = ''): Promise<UserProfile> =>
  post('/users/login', { login_id: loginId, password, token: code, deviceId: '' });
export const signOut = (): Promise<Ok> => post('/users/logout');

export type NewAccount = { username: string; email: string; password: string; locale?: string };
/** signUp makes an account. `invite` is the id of an invite link (`id`) or a token of an invite mail (`token`). */
export const signUp = (account: NewAccount, invite: { id?: string; token?: string } = {}): Promise<UserProfile> =>
  post('/users', account, { iid: invite.id, t: invite.token });

export const getMe = (): Promise<UserProfile> => get('/users/me');
export const getUser = (id: string): Promise<UserProfile> => get(`/users/${id}`);
export const getUserByName = (name: string): Promise<UserProfile> => get(`/users/username/${encodeURIComponent(name)}`);
/** getUsers takes at most 200 ids a call; unknown ids are left out. */
export const getUsers = (ids: string[]): Promise<UserProfile[]> => post('/users/ids', ids);
export const getUsersByNames = (names: string[]): Promise<UserProfile[]> => post('/users/usernames', names);
export const getKnownUsers = (): Promise<string[]> => get('/users/known');

export type UserPage = {
  page?: number;
  per_page?: number;
  in_team?: string;
  in_channel?: string;
  not_in_channel?: string;
  not_in_team?: string;
  sort?: string;
  active?: boolean;
};
export const listUsers = (page: UserPage, signal?: AbortSignal): Promise<UserProfile[]> => get('/users', page, signal);

export type UserSearch = {
  term: string;
  team_id?: string;
  in_channel_id?: string;
  not_in_channel_id?: string;
  not_in_team_id?: string;
  allow_inactive?: boolean;
  limit?: number;
};
export const searchUsers = (search: UserSearch, signal?: AbortSignal): Promise<UserProfile[]> =>
  post('/users/search', search, undefined, signal);

export type Autocompleted = { users: UserProfile[]; out_of_channel?: UserProfile[] };
export const autocompleteUsers = (
  name: string,
  place: { in_team?: string; in_channel?: string; limit?: number },
  signal?: AbortSignal,
): Promise<Autocompleted> => get('/users/autocomplete', { name, ...place }, signal);

export type UserPatch = Partial<
  Pick<
    UserProfile,
    | 'username'
    | 'email'
    | 'nickname'
    | 'first_name'
    | 'last_name'
    | 'position'
    | 'locale'
    | 'timezone'
    | 'notify_props'
    | 'props'
  >
> & { password?: string };
export const patchMe = (patch: UserPatch): Promise<UserProfile> => put('/users/me/patch', patch);
export const changePassword = (current: string, next: string): Promise<Ok> =>
  put('/users/me/password', { current_password: current, new_password: next });
export const sendPasswordReset = (email: string): Promise<Ok> => post('/users/password/reset/send', { email });
export const resetPassword = (token: string, password: string): Promise<Ok> =>
  post('/users/password/reset', { token, new_password: password });
export const verifyEmail = (token: string): Promise<Ok> => post('/users/email/verify', { token });
export const sendVerification = (email: string): Promise<Ok> => post('/users/email/verify/send', { email });

export type MfaSecret = { secret: string; qr_code: string };
export const generateMfa = (): Promise<MfaSecret> => post('/users/me/mfa/generate');
export const setMfa = (activate: boolean, code: string): Promise<Ok> => put('/users/me/mfa', { activate, code });

export const getSessions = (): Promise<Session[]> => get('/users/me/sessions');
export const revokeSession = (id: string): Promise<Ok> => post('/users/me/sessions/revoke', { session_id: id });
export const revokeAllSessions = (): Promise<Ok> => post('/users/me/sessions/revoke/all');

/** UserAccessToken has what it may do (`scopes`, all without any) and when it ends (`expires_at`, never at 0). */
export type UserAccessToken = PlainToken & { scopes?: string[] | null; expires_at?: number };
export type NewToken = { description: string; scopes?: string[]; expires_at?: number };
export const getTokens = (): Promise<UserAccessToken[]> => get('/users/me/tokens', { per_page: 200 });
export const createToken = (token: NewToken): Promise<UserAccessToken> => post('/users/me/tokens', token);
export const revokeToken = (id: string): Promise<Ok> => post('/users/tokens/revoke', { token_id: id });
export const enableToken = (id: string): Promise<Ok> => post('/users/tokens/enable', { token_id: id });
export const disableToken = (id: string): Promise<Ok> => post('/users/tokens/disable', { token_id: id });

export const getStatuses = (ids: string[]): Promise<UserStatus[]> => post('/users/status/ids', ids);
/** setStatus changes one's presence; `dndEnd` is in seconds since 1970, 0 for no end. */
export const setStatus = (userId: string, status: string, dndEnd = 0): Promise<UserStatus> =>
  put('/users/me/status', { user_id: userId, status, dnd_end_time: dndEnd });
export const setCustomStatus = (status: UserCustomStatus): Promise<Ok> => put('/users/me/status/custom', status);
export const clearCustomStatus = (): Promise<Ok> => del('/users/me/status/custom');
export const forgetCustomStatus = (status: UserCustomStatus): Promise<Ok> =>
  post('/users/me/status/custom/recent/delete', status);

/** pictureUrl changes whenever the picture does, so that browsers may keep it for good. */
export const pictureUrl = (user: Pick<UserProfile, 'id' | 'last_picture_update'>): string =>
  apiUrl(`/users/${user.id}/image`, { _: user.last_picture_update ?? 0 });
export const uploadPicture = (file: Blob): Promise<Ok> => {
  const form = new FormData();
  form.set('image', file);
  return request('POST', '/users/me/image', { body: form });
};
export const removePicture = (): Promise<Ok> => del('/users/me/image');

export const sendTyping = (channelId: string, rootId: string): Promise<Ok> =>
  post('/users/me/typing', { channel_id: channelId, parent_id: rootId });
export const getTermsOfService = (): Promise<{ id: string; text: string; create_at: number }> =>
  get('/terms_of_service');
export const answerTermsOfService = (id: string, accepted: boolean): Promise<Ok> =>
  post('/users/me/terms_of_service', { termsOfServiceId: id, accepted });
export const deactivateMe = (): Promise<Ok> => put('/users/me/active', { active: false });
