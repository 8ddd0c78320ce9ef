/** What is counted of channels and teams. */
import { get } from './http';

/** Statistics counts messages without those of the system. Days are of UTC, the newest first, those without any left out. */
export type Statistics = {
  members: number;
  guests: number;
  messages: number;
  threads: number;
  files: number;
  open_channels?: number;
  private_channels?: number;
  days: { day: string; messages: number; authors: number }[];
  authors?: { user_id: string; messages: number }[];
  channels?: { channel_id: string; display_name: string; messages: number }[];
};

export const getChannelStatistics = (id: string): Promise<Statistics> => get(`/parley/channels/${id}/statistics`);
export const getTeamStatistics = (id: string): Promise<Statistics> => get(`/parley/teams/${id}/statistics`);
