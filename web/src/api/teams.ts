/** Teams, their members and invitations. */
import type { Team, TeamMembership, TeamStats, TeamUnread } from '@mattermost/types/teams';
import { apiUrl, del, get, post, put, request } from './http';
import type { Ok } from './users';

export type { Team, TeamMembership, TeamStats, TeamUnread };

export const getMyTeams = (): Promise<Team[]> => get('/users/me/teams');
export const getMyTeamMembers = (): Promise<TeamMembership[]> => get('/users/me/teams/members');
export const getMyTeamUnreads = (collapsed: boolean): Promise<TeamUnread[]> =>
  get('/users/me/teams/unread', { exclude_team: '', include_collapsed_threads: collapsed });
export const getTeam = (id: string): Promise<Team> => get(`/teams/${id}`);
export const getTeamByName = (name: string): Promise<Team> => get(`/teams/name/${encodeURIComponent(name)}`);
export const teamNameTaken = (name: string): Promise<{ exists: boolean }> =>
  get(`/teams/name/${encodeURIComponent(name)}/exists`);
export const listTeams = (page = 0, perPage = 100): Promise<Team[]> => get('/teams', { page, per_page: perPage });
export type NewTeam = { name: string; display_name: string; type: 'O' | 'I'; allow_open_invite?: boolean };
export const createTeam = (team: NewTeam): Promise<Team> => post('/teams', team);
export const patchTeam = (id: string, patch: Partial<Team>): Promise<Team> => put(`/teams/${id}/patch`, patch);
export const setTeamPrivacy = (id: string, privacy: 'O' | 'I'): Promise<Team> =>
  put(`/teams/${id}/privacy`, { privacy });
export const deleteTeam = (id: string): Promise<Ok> => del(`/teams/${id}`);
export const regenerateInvite = (id: string): Promise<Team> => post(`/teams/${id}/regenerate_invite_id`);
export const getTeamStats = (id: string): Promise<TeamStats> => get(`/teams/${id}/stats`);

export type TeamInvite = Pick<Team, 'id' | 'name' | 'display_name' | 'description'>;
export const getInvite = (inviteId: string): Promise<TeamInvite> =>
  get(`/teams/invite/${encodeURIComponent(inviteId)}`);
export const joinByInvite = (invite: { id?: string; token?: string }): Promise<TeamMembership> =>
  post('/teams/members/invite', undefined, { invite_id: invite.id, token: invite.token ?? '' });
export const inviteByEmail = (
  id: string,
  emails: string[],
): Promise<{ email: string; error?: { message: string } }[]> =>
  post(`/teams/${id}/invite/email`, emails, { graceful: true });

export const getTeamMembers = (id: string, page = 0, perPage = 100): Promise<TeamMembership[]> =>
  get(`/teams/${id}/members`, { page, per_page: perPage, exclude_deleted_users: true });
export const getTeamMembersByIds = (id: string, ids: string[]): Promise<TeamMembership[]> =>
  post(`/teams/${id}/members/ids`, ids);
export const addTeamMember = (id: string, userId: string): Promise<TeamMembership> =>
  post(`/teams/${id}/members`, { team_id: id, user_id: userId });
export const addTeamMembers = (id: string, userIds: string[]): Promise<TeamMembership[]> =>
  post(
    `/teams/${id}/members/batch`,
    userIds.map((userId) => ({ team_id: id, user_id: userId })),
  );
export const removeTeamMember = (id: string, userId: string): Promise<Ok> => del(`/teams/${id}/members/${userId}`);
export const setTeamRoles = (id: string, userId: string, roles: { user: boolean; admin: boolean }): Promise<Ok> =>
  put(`/teams/${id}/members/${userId}/schemeRoles`, { scheme_user: roles.user, scheme_admin: roles.admin });

export const teamIconUrl = (team: Team): string | undefined =>
  team.last_team_icon_update ? apiUrl(`/teams/${team.id}/image`, { _: team.last_team_icon_update }) : undefined;
export const uploadTeamIcon = (id: string, file: Blob): Promise<Ok> => {
  const form = new FormData();
  form.set('image', file);
  return request('POST', `/teams/${id}/image`, { body: form });
};
export const removeTeamIcon = (id: string): Promise<Ok> => del(`/teams/${id}/image`);
