/** Channels that anybody can read on the web. Parley's own routes. */
import { get, put } from './http';

/** WebPublic is whether a channel is on the web; `since` is in Unix milliseconds, 0 with all that was written before. */
export type WebPublic = {
  enabled: boolean;
  since: number;
  url: string;
  indexed: boolean;
  available: boolean;
  may_switch: boolean;
};

export const getWebPublic = (channelId: string): Promise<WebPublic> => get(`/parley/channels/${channelId}/web_public`);
export const putWebPublic = (channelId: string, wish: { enabled: boolean; history: boolean }): Promise<WebPublic> =>
  put(`/parley/channels/${channelId}/web_public`, wish);
