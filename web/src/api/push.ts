/** Web push: devices that are told of messages while Parley is closed, and the end of mails about messages. */
import { del, get, post } from './http';
import type { Ok } from './users';

/** PushDevice is a browser or an app that is told. `here` is the one of this session. Times are Unix milliseconds. */
export type PushDevice = { id: string; name: string; create_at: number; sent_at: number; here: boolean };

const path = '/parley/webpush/subscriptions';

export const getPushKey = (): Promise<{ public_key: string }> => get('/parley/webpush/key');
export const getPushDevices = (): Promise<PushDevice[]> => get(path);
export const addPushDevice = (subscription: PushSubscriptionJSON, name: string): Promise<PushDevice> =>
  post(path, { endpoint: subscription.endpoint, keys: subscription.keys, name });
export const removePushDevice = (id: string): Promise<Ok> => del(`${path}/${id}`);
export const tryPushDevice = (id: string): Promise<Ok> => post(`${path}/${id}/test`);

/** endMails ends mails about messages for whom the link with the token was sent to. */
export const endMails = (token: string): Promise<Ok> => post('/parley/unsubscribe', undefined, { token });
