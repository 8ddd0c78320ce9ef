/** Unsent messages: drafts, and messages that are sent at a time. */
import type { Draft as ServerDraft } from '@mattermost/types/drafts';
import type { ScheduledPost as ServerScheduledPost } from '@mattermost/types/schedule_post';
import { del, get, post, put } from './http';
import type { Ok } from './users';

export type { ServerDraft };

/** How often a message is sent; the empty one is once. */
export const recurrences = ['', 'daily', 'weekdays', 'weekly', 'monthly'] as const;
export type Recurrence = (typeof recurrences)[number];

/** ScheduledPost is the protocol's, with how often it is sent. */
export type ScheduledPost = ServerScheduledPost & { recurrence?: Recurrence; timezone?: string };

export type DraftWords = Pick<ServerDraft, 'channel_id' | 'root_id' | 'message'> & Partial<ServerDraft>;

/** getDrafts lists one's drafts of a team and of conversations; null for none. */
export const getDrafts = (teamId: string): Promise<ServerDraft[] | null> => get(`/users/me/teams/${teamId}/drafts`);
export const putDraft = (draft: DraftWords): Promise<ServerDraft> => post('/drafts', draft);
export const deleteDraft = (channelId: string, rootId: string): Promise<Ok> =>
  del(`/users/me/channels/${channelId}/drafts${rootId ? `/${rootId}` : ''}`);

export type NewScheduledPost = Pick<ScheduledPost, 'channel_id' | 'root_id' | 'message' | 'scheduled_at'> &
  Partial<ScheduledPost>;

/** getScheduledPosts lists what one has scheduled, by team; `directChannels` holds that of conversations. */
export const getScheduledPosts = (teamId: string): Promise<Record<string, ScheduledPost[]>> =>
  get(`/posts/scheduled/team/${teamId}`, { includeDirectChannels: true });
export const schedulePost = (message: NewScheduledPost): Promise<ScheduledPost> => post('/posts/schedule', message);
export const updateScheduledPost = (message: ScheduledPost): Promise<ScheduledPost> =>
  put(`/posts/schedule/${message.id}`, message);
export const deleteScheduledPost = (id: string): Promise<ScheduledPost> => del(`/posts/schedule/${id}`);
