/** What is somebody's own: an archive of it, and the wish to be deleted. Parley's own routes. */
import { apiUrl, del, get, post } from './http';

/** DeletionRequest is that somebody has asked to be deleted; `asked_at`, in Unix milliseconds, is 0 for who hasn't. */
export type DeletionRequest = { user_id: string; asked_at: number; reason: string };

const mine = '/parley/users/me/deletion';
const all = '/parley/deletions';

/** archiveUrl is where a browser downloads the archive from: one's own, or, for administrators, that of an account. */
export const archiveUrl = (userId = 'me'): string => apiUrl(`/parley/users/${userId}/takeout`);

export const getMyDeletion = (): Promise<DeletionRequest> => get(mine);
/** askDeletion fails with an `ApiError` for a wrong password, and for the last administrator. */
export const askDeletion = (password: string, reason: string): Promise<DeletionRequest> =>
  post(mine, { password, reason });
export const takeBackDeletion = (): Promise<unknown> => del(mine);

/** getDeletions lists the requests, the oldest first; for administrators. */
export const getDeletions = (): Promise<DeletionRequest[]> => get(all, { per_page: 200 });
/** carryOutDeletion deletes the account for good. */
export const carryOutDeletion = (userId: string): Promise<unknown> => post(`${all}/${userId}/carry_out`);
export const declineDeletion = (userId: string): Promise<unknown> => del(`${all}/${userId}`);
