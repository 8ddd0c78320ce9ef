/** Reports of messages to moderators. */
import type { Post } from '@mattermost/types/posts';
import type { UserProfile } from '@mattermost/types/users';
import { get, post, put } from './http';

export type Report = {
  post_id: string;
  team_id: string;
  channel_id: string;
  channel_name: string;
  author_id: string;
  reporter_id: string;
  reason: string;
  comment: string;
  reported_at: number;
  hidden: boolean;
  status: 'Pending' | 'Assigned' | 'Removed' | 'Retained';
  reviewer_id: string;
  actor_id: string;
  actor_comment: string;
  decided_at: number;
  post: Post | null;
};
export type ReportQueue = { reports: Report[]; open: number; moderator: boolean };

export type ReportRules = {
  reasons: string[];
  reporter_comment_required: boolean;
  reviewer_comment_required: boolean;
};

const root = '/content_flagging';

export const getReportRules = (): Promise<ReportRules> => get(`${root}/flag/config`);
export const reportPost = (postId: string, reason: string, comment: string): Promise<unknown> =>
  post(`${root}/post/${postId}/flag`, { reason, comment });
export const getReports = (decided: boolean): Promise<ReportQueue> =>
  get('/parley/reports', { decided, per_page: 100 });
/** decideReport keeps a message, or removes it for good. */
export const decideReport = (postId: string, act: 'keep' | 'remove', comment: string): Promise<unknown> =>
  put(`${root}/post/${postId}/${act}`, { comment });
export const assignReport = (postId: string, userId: string): Promise<unknown> =>
  post(`${root}/post/${postId}/assign/${userId}`);
export const getModerators = (teamId: string): Promise<UserProfile[]> =>
  get(`${root}/team/${teamId}/reviewers/search`, { term: '' });
