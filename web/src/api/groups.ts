/** Groups of people that can be mentioned. */
import type { Group, GroupMember } from '@mattermost/types/groups';
import type { UserProfile } from '@mattermost/types/users';
import { del, get, post, put } from './http';

export type { Group };

export type GroupQuery = {
  q?: string;
  page?: number;
  per_page?: number;
  include_member_count?: boolean;
  filter_allow_reference?: boolean;
  filter_archived?: boolean;
  filter_has_member?: string;
};
export const listGroups = (query: GroupQuery, signal?: AbortSignal): Promise<Group[]> => get('/groups', query, signal);
/** getGroupsByNames leaves out names that no group has. */
export const getGroupsByNames = (names: string[]): Promise<Group[]> => post('/groups/names', names);
export const getMyGroups = (): Promise<Group[]> => get('/users/me/groups');
export const getGroup = (id: string): Promise<Group> => get(`/groups/${id}`, { include_member_count: true });

export type GroupFields = Pick<Group, 'name' | 'display_name' | 'description'>;
export const createGroup = (fields: GroupFields, userIds: string[]): Promise<Group> =>
  post('/groups', { ...fields, source: 'custom', allow_reference: true, user_ids: userIds });
export const patchGroup = (id: string, fields: Partial<GroupFields>): Promise<Group> =>
  put(`/groups/${id}/patch`, fields);
export const archiveGroup = (id: string): Promise<Group> => del(`/groups/${id}`);
export const restoreGroup = (id: string): Promise<Group> => post(`/groups/${id}/restore`);

export type GroupPeople = { members: UserProfile[]; total_member_count: number };
export const getGroupMembers = (id: string, page: number, perPage: number): Promise<GroupPeople> =>
  get(`/groups/${id}/members`, { page, per_page: perPage });
export const addGroupMembers = (id: string, userIds: string[]): Promise<GroupMember[]> =>
  post(`/groups/${id}/members`, { user_ids: userIds });
export const removeGroupMembers = (id: string, userIds: string[]): Promise<GroupMember[]> =>
  del(`/groups/${id}/members`, { user_ids: userIds });
