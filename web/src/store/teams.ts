/** Teams: those that are known, and one's own memberships. */
import type { Team, TeamMembership, TeamUnread } from '@mattermost/types/teams';

export type TeamsState = {
  teams: Readonly<Record<string, Team>>;
  /** One's own memberships by team id; a team that is only known (to be joined) has none. */
  mine: Readonly<Record<string, TeamMembership>>;
};

export type TeamsAction =
  | { type: 'teams/received'; teams: readonly Team[] }
  | { type: 'teams/mine'; members: readonly TeamMembership[] }
  | { type: 'team/left'; teamId: string };

export const noTeams: TeamsState = { teams: {}, mine: {} };
export type { Team, TeamMembership, TeamUnread };

/** teams is the reducer of this domain. */
export function teams(state: TeamsState, action: TeamsAction): TeamsState {
  switch (action.type) {
    case 'teams/received': {
      const all = { ...state.teams };
      for (const team of action.teams) {
        const known = all[team.id];
        if (known && known.update_at > team.update_at) continue;
        // Events carry a team without its invitation; what is known of it stays.
        all[team.id] = { ...known, ...team, invite_id: team.invite_id || known?.invite_id || '' };
      }
      return { ...state, teams: all };
    }
    case 'teams/mine': {
      const mine = { ...state.mine };
      for (const member of action.members) {
        if (member.delete_at > 0) delete mine[member.team_id];
        else mine[member.team_id] = member;
      }
      return { ...state, mine };
    }
    case 'team/left': {
      const { [action.teamId]: _, ...mine } = state.mine;
      return { ...state, mine };
    }
  }
}
