/** What one may do in a team. The server has the last word; menus leave out what it would refuse. */
import { can, myProfile } from '@/store/selectors';
import { type State, useAppShallow } from '@/store/store';

export type TeamRights = {
  /** Change name, description, picture, who may join; archive. */
  manage: boolean;
  /** Invite people by link or e-mail. */
  invite: boolean;
  /** Add people who have an account. */
  add: boolean;
  remove: boolean;
  roles: boolean;
};

/** mayInvite tells whether one may bring others into a team, in any way. */
export const mayInvite = (state: State, teamId: string): boolean =>
  can(state, 'invite_user', { teamId }) || can(state, 'add_user_to_team', { teamId });

/** teamRights tells what one may do in a team. */
export function teamRights(state: State, teamId: string): TeamRights {
  const may = (permission: string) => can(state, permission, { teamId });
  return {
    manage: may('manage_team'),
    invite: may('invite_user'),
    add: may('add_user_to_team'),
    remove: may('remove_user_from_team'),
    roles: may('manage_team_roles'),
  };
}

/** useTeamRights is teamRights for components. */
export const useTeamRights = (teamId: string): TeamRights => useAppShallow((state) => teamRights(state, teamId));

/** seesConsole tells whether any page of the System Console is open to oneself. */
export const seesConsole = (state: State): boolean =>
  can(state, 'manage_system') ||
  (myProfile(state)?.roles ?? '')
    .split(' ')
    .some((role) => state.server.roles[role]?.some((permission) => permission.startsWith('sysconsole_read_')));
