/** Who has read up to where, in channels that show it. Parley's own routes. */
import { get, put } from './http';
import type { Ok } from './users';

/** Receipts are what a channel shows; `read_at` is in Unix milliseconds. */
export type Receipts = {
  enabled: boolean;
  may_switch: boolean;
  readers: { user_id: string; read_at: number }[];
};

export const getReceipts = (channelId: string): Promise<Receipts> => get(`/parley/channels/${channelId}/receipts`);
export const switchReceipts = (channelId: string, enabled: boolean): Promise<Ok> =>
  put(`/parley/channels/${channelId}/receipts`, { enabled });
