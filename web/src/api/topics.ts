/** Topics: threads that carry a title. Parley's own routes. */
import { del, get, put } from './http';
import type { Ok } from './users';

/** Topic is a titled thread. An empty `title` says that it has none any more. Times are Unix milliseconds. */
export type Topic = {
  root_id: string;
  channel_id: string;
  title: string;
  creator_id: string;
  create_at: number;
  update_at: number;
  /** 0 while it is open. */
  resolved_at: number;
  resolved_by: string;
  reply_count: number;
  last_reply_at: number;
};

export type TopicPage = { topics: Topic[]; following: boolean };

/** getTopics lists those of a channel, the latest activity first, and whether one follows each new one. */
export const getTopics = (channelId: string, state: 'open' | 'resolved' | 'all'): Promise<TopicPage> =>
  get(`/parley/channels/${channelId}/topics`, { state, per_page: 200 });
export const nameTopic = (postId: string, title: string): Promise<Topic> =>
  put(`/parley/posts/${postId}/topic`, { title });
export const removeTopic = (postId: string): Promise<Ok> => del(`/parley/posts/${postId}/topic`);
export const resolveTopic = (postId: string, resolved: boolean): Promise<Topic> =>
  put(`/parley/posts/${postId}/topic/resolved`, { resolved });
export const followTopics = (channelId: string, following: boolean): Promise<Ok> =>
  put(`/parley/channels/${channelId}/topics/following`, { following });
