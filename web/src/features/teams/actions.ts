/** Commands about teams. Each fails with an `ApiError` that a form or toast can show. */
import { navigate } from 'wouter/use-browser-location';
import * as teamsApi from '@/api/teams';
import * as load from '@/realtime/load';
import { savePreference } from '@/realtime/save';
import { teamName } from '@/store/paths';
import { myTeamIds } from '@/store/selectors';
import { dispatch, getState } from '@/store/store';

/** openTeam goes to where one was last in a team. */
export function openTeam(teamId: string): void {
  const state = getState();
  if (teamId !== state.place.teamId && state.teams.mine[teamId]) navigate(`/${teamName(state, teamId)}`);
}

/** stepTeam goes to the next team in one's own order, or the one before; round and round. */
export function stepTeam(by: 1 | -1): void {
  const state = getState();
  const ids = myTeamIds(state);
  const next = ids[(ids.indexOf(state.place.teamId) + by + ids.length) % ids.length];
  if (next) openTeam(next);
}

/** openNthTeam goes to a team by its place, counted from 1. */
export function openNthTeam(place: number): void {
  const id = myTeamIds(getState())[place - 1];
  if (id) openTeam(id);
}

/** orderTeams keeps the order of one's teams. */
export const orderTeams = (ids: readonly string[]): Promise<void> => savePreference('teams_order', '', ids.join(','));

/** moveTeam puts a team one place up or down; undefined when there is no place. */
export function moveTeam(teamId: string, by: 1 | -1): Promise<void> | undefined {
  const ids = myTeamIds(getState());
  const from = ids.indexOf(teamId);
  const to = from + by;
  if (from < 0 || to < 0 || to >= ids.length) return undefined;
  ids.splice(from, 1);
  ids.splice(to, 0, teamId);
  return orderTeams(ids);
}

/** leaveTeam ends one's membership and that of all its channels. */
export async function leaveTeam(teamId: string): Promise<void> {
  await teamsApi.removeTeamMember(teamId, getState().users.me);
  const { channels } = getState();
  const inside = Object.keys(channels.mine).filter((id) => channels.channels[id]?.team_id === teamId);
  dispatch({ type: 'team/left', teamId }, ...inside.map((channelId) => ({ type: 'channel/left', channelId }) as const));
}

/** refresh reads a team anew: what may be seen of it depends on who asks. */
async function refresh(teamId: string): Promise<void> {
  dispatch({ type: 'teams/received', teams: [await teamsApi.getTeam(teamId)] });
}

/** changeTeam sets name, description, allowed domains, or that everybody may join. */
export async function changeTeam(teamId: string, patch: Partial<teamsApi.Team>): Promise<void> {
  dispatch({ type: 'teams/received', teams: [await teamsApi.patchTeam(teamId, patch)] });
}

/** setTeamOpen lets everybody with an account join a team, or only who is invited. */
export async function setTeamOpen(teamId: string, open: boolean): Promise<void> {
  dispatch({ type: 'teams/received', teams: [await teamsApi.setTeamPrivacy(teamId, open ? 'O' : 'I')] });
}

/** archiveTeam closes a team for everybody. */
export async function archiveTeam(teamId: string): Promise<void> {
  await teamsApi.deleteTeam(teamId);
  dispatch({ type: 'team/left', teamId });
}

/** setTeamIcon gives a team a picture; without one it has none. */
export async function setTeamIcon(teamId: string, file: Blob | undefined): Promise<void> {
  await (file ? teamsApi.uploadTeamIcon(teamId, file) : teamsApi.removeTeamIcon(teamId));
  await refresh(teamId);
}

/** newInvite makes the old invite link worthless and a new one. */
export async function newInvite(teamId: string): Promise<void> {
  dispatch({ type: 'teams/received', teams: [await teamsApi.regenerateInvite(teamId)] });
}

/** needInvite makes sure that the invite link is known: lists and events leave it out. */
export async function needInvite(teamId: string): Promise<void> {
  if (!getState().teams.teams[teamId]?.invite_id) await refresh(teamId);
}

/** inviteLink is the address that lets people into a team; empty while it isn't known. */
export function inviteLink(inviteId: string): string {
  return inviteId ? `${location.origin}/signup_user_complete/?id=${inviteId}` : '';
}

/** addToTeam adds people who have an account. */
export async function addToTeam(teamId: string, userIds: readonly string[]): Promise<void> {
  await teamsApi.addTeamMembers(teamId, [...userIds]);
  await load.needUsers(userIds);
}
