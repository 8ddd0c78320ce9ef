/** Messages, reactions, threads, search. */
import type {
  Post,
  PostAcknowledgement,
  PostInfo,
  PostList,
  PostMetadata,
  PostSearchResults,
} from '@mattermost/types/posts';
import type { Reaction } from '@mattermost/types/reactions';
import type { UserThreadList, UserThreadWithPost } from '@mattermost/types/threads';
import { del, get, post, put } from './http';
import type { Ok } from './users';

export type { Post, PostInfo, PostList, PostSearchResults, Reaction, UserThreadList, UserThreadWithPost };

export type NewPost = {
  channel_id: string;
  message: string;
  root_id?: string;
  pending_post_id: string;
  create_at?: number;
  type?: string;
  props?: Record<string, unknown>;
  file_ids?: string[];
  metadata?: Pick<PostMetadata, 'priority'>;
};
export const createPost = (message: NewPost): Promise<Post> => post('/posts', message);
export const getPost = (id: string): Promise<Post> => get(`/posts/${id}`);
export const getPostsByIds = (ids: string[]): Promise<Post[]> => post('/posts/ids', ids);
/** getPostInfo says where a post is, even in a channel that one has yet to join. */
export const getPostInfo = (id: string): Promise<PostInfo> => get(`/posts/${id}/info`);
export const editPost = (id: string, message: string): Promise<Post> => put(`/posts/${id}/patch`, { message });
/** undeletePost takes back a deletion of one's own, within a minute. */
export const undeletePost = (id: string): Promise<Post> => post(`/parley/posts/${id}/restore`);
/** patchProps replaces what a message carries beside its words; what the server notes there itself stays. */
export const patchProps = (id: string, props: Record<string, unknown>): Promise<Post> =>
  put(`/posts/${id}/patch`, { props });
export const deletePost = (id: string): Promise<Ok> => del(`/posts/${id}`);
/** acknowledge says that somebody has seen a post. */
export const acknowledge = (userId: string, id: string): Promise<PostAcknowledgement> =>
  post(`/users/${userId}/posts/${id}/ack`);
export const unacknowledge = (userId: string, id: string): Promise<Ok> => del(`/users/${userId}/posts/${id}/ack`);
export const pinPost = (id: string): Promise<Ok> => post(`/posts/${id}/pin`);
export const unpinPost = (id: string): Promise<Ok> => post(`/posts/${id}/unpin`);
/** burnPost ends one's own sight of a message that burns on reading; the author's own is deleted for everybody. */
export const burnPost = (id: string): Promise<Ok> => del(`/posts/${id}/burn`);
/** revealPost shows such a message, and starts its time. */
export const revealPost = (id: string): Promise<Post> => get(`/posts/${id}/reveal`);
export const getEditHistory = (id: string): Promise<Post[]> => get(`/posts/${id}/edit_history`);
/** restoreVersion brings a former version of a post back; that is an edit, too. The answer is the post. */
export const restoreVersion = (id: string, versionId: string): Promise<Post> =>
  post(`/posts/${id}/restore/${versionId}`);
export const setReminder = (id: string, at: number): Promise<Ok> =>
  post(`/users/me/posts/${id}/reminder`, { target_time: Math.floor(at / 1000) });
/** movePost takes a thread to another channel. */
export const movePost = (id: string, channelId: string): Promise<Ok> =>
  post(`/posts/${id}/move`, { channel_id: channelId });

/** copyPost writes a thread once more in another channel. The answer is its root there. */
export const copyPost = (id: string, channelId: string): Promise<Post> =>
  post(`/parley/posts/${id}/copy`, { channel_id: channelId });

export type PageQuery = {
  page?: number;
  per_page?: number;
  before?: string;
  after?: string;
  /** Everything changed since this time, in milliseconds, deleted posts included. */
  since?: number;
  collapsedThreads?: boolean;
};
export const getPosts = (channelId: string, page: PageQuery): Promise<PostList> =>
  get(`/channels/${channelId}/posts`, page);
/** getPostsAroundUnread is a page around the first unread post. */
export const getPostsAroundUnread = (
  channelId: string,
  collapsed: boolean,
  before = 30,
  after = 60,
): Promise<PostList> =>
  get(`/users/me/channels/${channelId}/posts/unread`, {
    limit_before: before,
    limit_after: after,
    collapsedThreads: collapsed,
  });
export const getPinned = (channelId: string): Promise<PostList> => get(`/channels/${channelId}/pinned`);
export const getSaved = (page: number, perPage: number, place: { channel_id?: string } = {}): Promise<PostList> =>
  get('/users/me/posts/flagged', { page, per_page: perPage, ...place });

/** setUnreadFrom marks a channel unread from a post on; the answer has the new counts. */
export const setUnreadFrom = (userId: string, postId: string, collapsed: boolean): Promise<unknown> =>
  post(`/users/${userId}/posts/${postId}/set_unread`, { collapsed_threads_supported: collapsed });

export const react = (userId: string, postId: string, emoji: string): Promise<Reaction> =>
  post('/reactions', { user_id: userId, post_id: postId, emoji_name: emoji });
export const unreact = (postId: string, emoji: string): Promise<Ok> =>
  del(`/users/me/posts/${postId}/reactions/${encodeURIComponent(emoji)}`);

export type ThreadQuery = {
  perPage?: number;
  /** With `fromCreateAt`: the reply that the page stands next to. */
  fromPost?: string;
  fromCreateAt?: number;
  /** Towards the newest (`down`) or the oldest reply; the page begins at the other end when no place is given. */
  direction?: 'up' | 'down';
  /** The root alone. */
  skipFetchThreads?: boolean;
};
/** getThread lists a root and a page of its replies. */
export const getThread = (rootId: string, query: ThreadQuery = {}): Promise<PostList & { has_next?: boolean }> =>
  get(`/posts/${rootId}/thread`, { ...query, collapsedThreads: true });

export type ThreadListQuery = {
  per_page?: number;
  before?: string;
  after?: string;
  unread?: boolean;
  totalsOnly?: boolean;
  threadsOnly?: boolean;
  since?: number;
  extended?: boolean;
};
export const getThreads = (teamId: string, query: ThreadListQuery): Promise<UserThreadList> =>
  get(`/users/me/teams/${teamId}/threads`, query);
export const getMyThread = (teamId: string, id: string): Promise<UserThreadWithPost> =>
  get(`/users/me/teams/${teamId}/threads/${id}`);
export const readThread = (teamId: string, id: string, at: number): Promise<UserThreadWithPost> =>
  put(`/users/me/teams/${teamId}/threads/${id}/read/${at}`);
export const readAllThreads = (teamId: string): Promise<Ok> => put(`/users/me/teams/${teamId}/threads/read`);
export const setThreadUnread = (teamId: string, id: string, postId: string): Promise<UserThreadWithPost> =>
  post(`/users/me/teams/${teamId}/threads/${id}/set_unread/${postId}`);
export const followThread = (teamId: string, id: string): Promise<Ok> =>
  put(`/users/me/teams/${teamId}/threads/${id}/following`);
export const unfollowThread = (teamId: string, id: string): Promise<Ok> =>
  del(`/users/me/teams/${teamId}/threads/${id}/following`);

export type Search = {
  terms: string;
  is_or_search?: boolean;
  include_deleted_channels?: boolean;
  page?: number;
  per_page?: number;
};
/** searchPosts searches one team, or all of one's teams with an empty id. */
export const searchPosts = (teamId: string, search: Search, signal?: AbortSignal): Promise<PostSearchResults> =>
  post(
    teamId ? `/teams/${teamId}/posts/search` : '/posts/search',
    { is_or_search: false, time_zone_offset: -new Date().getTimezoneOffset() * 60, ...search },
    undefined,
    signal,
  );
