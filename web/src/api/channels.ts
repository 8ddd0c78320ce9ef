/** Channels, their members, reading, and the categories of the sidebar. */

import type { ChannelCategory, OrderedChannelCategories } from '@mattermost/types/channel_categories';
import type {
  Channel,
  ChannelMembership,
  ChannelNotifyProps,
  ChannelStats,
  ChannelViewResponse,
  ServerChannel,
} from '@mattermost/types/channels';
import type { Team } from '@mattermost/types/teams';
import type { UserProfile } from '@mattermost/types/users';
import { del, get, post, put } from './http';
import type { Ok } from './users';

export type {
  Channel,
  ChannelCategory,
  ChannelMembership,
  ChannelNotifyProps,
  ChannelStats,
  OrderedChannelCategories,
  ServerChannel,
};

/** getMyChannels lists the channels of all my teams, archived ones included when `archivedSince` says since when. */
export const getMyChannels = (): Promise<ServerChannel[]> => get('/users/me/channels', { include_deleted: true });
/** getMyMembers reads all my memberships, in as many pages as there are. */
export async function getMyMembers(): Promise<ChannelMembership[]> {
  const size = 200;
  const all: ChannelMembership[] = [];
  for (let page = 0; ; page++) {
    const found = await get<ChannelMembership[]>('/users/me/channel_members', { page, per_page: size });
    all.push(...found);
    if (found.length < size) return all;
  }
}
export const getMyMember = (channelId: string): Promise<ChannelMembership> => get(`/channels/${channelId}/members/me`);
export const getChannel = (id: string): Promise<ServerChannel> => get(`/channels/${id}`);
export const getChannelByName = (teamId: string, name: string): Promise<ServerChannel> =>
  get(`/teams/${teamId}/channels/name/${encodeURIComponent(name)}`, { include_deleted: true });
export const createChannel = (
  channel: Pick<Channel, 'team_id' | 'name' | 'display_name' | 'type'> & Partial<Pick<Channel, 'purpose' | 'header'>>,
): Promise<ServerChannel> => post('/channels', channel);
export const createDirect = (me: string, other: string): Promise<ServerChannel> =>
  post('/channels/direct', [me, other]);
export const createGroup = (userIds: string[]): Promise<ServerChannel> => post('/channels/group', userIds);
export const patchChannel = (
  id: string,
  patch: Partial<Pick<Channel, 'name' | 'display_name' | 'header' | 'purpose' | 'banner_info'>>,
): Promise<ServerChannel> => put(`/channels/${id}/patch`, patch);
export const setChannelPrivacy = (id: string, privacy: 'O' | 'P'): Promise<ServerChannel> =>
  put(`/channels/${id}/privacy`, { privacy });
/** getCommonTeams lists the teams that everybody of a group conversation is in. */
export const getCommonTeams = (id: string): Promise<Team[]> => get(`/channels/${id}/common_teams`);
/** convertGroup makes a private channel of a group conversation. */
export const convertGroup = (id: string, teamId: string, name: string, display_name: string): Promise<ServerChannel> =>
  post(`/channels/${id}/convert_to_channel`, { channel_id: id, team_id: teamId, name, display_name });
export const archiveChannel = (id: string): Promise<Ok> => del(`/channels/${id}`);
export const restoreChannel = (id: string): Promise<ServerChannel> => post(`/channels/${id}/restore`);
/** getMemberCounts tells how many members channels have that one may list: numbers by channel id. */
export const getMemberCounts = (ids: string[]): Promise<Record<string, number>> =>
  post('/channels/stats/member_count', ids);
/** Moderation is a switch over what members and guests of a channel may do. Without `enabled` the server gives nobody that. */
export type Moderation = {
  name: ModerationName;
  roles: { members: { value: boolean; enabled: boolean }; guests?: { value: boolean; enabled: boolean } };
};
export type ModerationName =
  | 'create_post'
  | 'create_reactions'
  | 'manage_members'
  | 'use_channel_mentions'
  | 'manage_bookmarks';
export type ModerationPatch = { name: ModerationName; roles: { members?: boolean; guests?: boolean } };
export const getModerations = (id: string): Promise<Moderation[]> => get(`/parley/channels/${id}/moderations`);
/** patchModerations moves switches. The answer is all of them. */
export const patchModerations = (id: string, patches: ModerationPatch[]): Promise<Moderation[]> =>
  put(`/parley/channels/${id}/moderations`, patches);
export const getChannelStats = (id: string): Promise<ChannelStats> => get(`/channels/${id}/stats`);

export const listPublicChannels = (teamId: string, page = 0, perPage = 100): Promise<ServerChannel[]> =>
  get(`/teams/${teamId}/channels`, { page, per_page: perPage });
export const listArchivedChannels = (teamId: string, page = 0, perPage = 100): Promise<ServerChannel[]> =>
  get(`/teams/${teamId}/channels/deleted`, { page, per_page: perPage });
export const searchChannels = (teamId: string, term: string, signal?: AbortSignal): Promise<ServerChannel[]> =>
  post(`/teams/${teamId}/channels/search`, { term }, undefined, signal);
export const autocompleteChannels = (teamId: string, name: string, signal?: AbortSignal): Promise<ServerChannel[]> =>
  get(`/teams/${teamId}/channels/autocomplete`, { name }, signal);
export const searchGroupChannels = (term: string, signal?: AbortSignal): Promise<ServerChannel[]> =>
  post('/channels/group/search', { term }, undefined, signal);
/** getGroupPeople tells who is in group channels: profiles by channel id. */
export const getGroupPeople = (channelIds: string[]): Promise<Record<string, UserProfile[]>> =>
  post('/users/group_channels', channelIds);

export const getMembers = (id: string, page = 0, perPage = 100): Promise<ChannelMembership[]> =>
  get(`/channels/${id}/members`, { page, per_page: perPage });
export const getMembersByIds = (id: string, ids: string[]): Promise<ChannelMembership[]> =>
  post(`/channels/${id}/members/ids`, ids);
/** addMembers adds one or more people; the answer is the first membership. Joining is adding oneself. */
export const addMembers = (id: string, userIds: string[]): Promise<ChannelMembership> =>
  post(`/channels/${id}/members`, { user_id: userIds[0], user_ids: userIds });
export const removeMember = (id: string, userId: string): Promise<Ok> => del(`/channels/${id}/members/${userId}`);
export const setMemberRoles = (id: string, userId: string, roles: { user: boolean; admin: boolean }): Promise<Ok> =>
  put(`/channels/${id}/members/${userId}/schemeRoles`, { scheme_user: roles.user, scheme_admin: roles.admin });
export const setNotifyProps = (id: string, userId: string, props: Partial<ChannelNotifyProps>): Promise<Ok> =>
  put(`/channels/${id}/members/${userId}/notify_props`, { ...props, channel_id: id, user_id: userId });

/** viewChannel marks a channel read. The answer and an event tell when. */
export const viewChannel = (id: string, previous = ''): Promise<ChannelViewResponse> =>
  post('/channels/members/me/view', { channel_id: id, prev_channel_id: previous, collapsed_threads_supported: true });
/** markChannelsRead marks several channels read at once. */
export const markChannelsRead = (ids: string[]): Promise<ChannelViewResponse> =>
  post('/channels/members/me/mark_read', ids);

export const getCategories = (teamId: string): Promise<OrderedChannelCategories> =>
  get(`/users/me/teams/${teamId}/channels/categories`);
export const createCategory = (
  me: string,
  teamId: string,
  name: string,
  channelIds: string[] = [],
): Promise<ChannelCategory> =>
  post(`/users/me/teams/${teamId}/channels/categories`, {
    user_id: me,
    team_id: teamId,
    display_name: name,
    channel_ids: channelIds,
  });
export const updateCategories = (teamId: string, categories: ChannelCategory[]): Promise<ChannelCategory[]> =>
  put(`/users/me/teams/${teamId}/channels/categories`, categories);
export const orderCategories = (teamId: string, order: string[]): Promise<string[]> =>
  put(`/users/me/teams/${teamId}/channels/categories/order`, order);
export const deleteCategory = (teamId: string, id: string): Promise<Ok> =>
  del(`/users/me/teams/${teamId}/channels/categories/${id}`);
