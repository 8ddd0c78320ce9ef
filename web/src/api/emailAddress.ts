/** Mail addresses of channels. Parley's own routes. */
import { del, get, put } from './http';

/** EmailAddress is the mail address of a channel; `address` is empty without one. */
export type EmailAddress = {
  /** The gateway is on and the channel can have an address. */
  available: boolean;
  address: string;
  /** People without an account may write to it, too. */
  outsiders: boolean;
  outsiders_allowed: boolean;
  may_change: boolean;
};

const path = (channelId: string) => `/parley/channels/${channelId}/email_address`;

export const getEmailAddress = (channelId: string): Promise<EmailAddress> => get(path(channelId));
/** putEmailAddress gives a channel an address, or changes the one it has; `renew` ends the old one. */
export const putEmailAddress = (
  channelId: string,
  wish: { outsiders: boolean; renew?: boolean },
): Promise<EmailAddress> => put(path(channelId), wish);
export const deleteEmailAddress = (channelId: string): Promise<EmailAddress> => del(path(channelId));
