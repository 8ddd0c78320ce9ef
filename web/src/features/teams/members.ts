/** The members of a team as the dialog lists them. */
import * as teamsApi from '@/api/teams';
import * as usersApi from '@/api/users';
import { needPresence } from '@/realtime/load';
import { PagedList } from '@/store/paged';
import { dispatch } from '@/store/store';

export type TeamMember = { userId: string; membership?: teamsApi.TeamMembership };

const pageSize = 100;

/** TeamMembers is the list of one team. */
export class TeamMembers {
  readonly list: PagedList<TeamMember>;
  readonly #teamId: string;

  constructor(teamId: string) {
    this.#teamId = teamId;
    this.list = new PagedList<TeamMember>({
      size: pageSize,
      page: async (page) => this.#known(await usersApi.listUsers({ in_team: teamId, page, per_page: pageSize })),
      find: async (term, signal) =>
        this.#known(await usersApi.searchUsers({ term, team_id: teamId, limit: pageSize }, signal)),
    });
  }

  async #known(users: usersApi.UserProfile[]): Promise<TeamMember[]> {
    const ids = users.map((user) => user.id);
    dispatch({ type: 'users/received', users });
    void needPresence(ids);
    const found = ids.length > 0 ? await teamsApi.getTeamMembersByIds(this.#teamId, ids) : [];
    const byUser = new Map(found.map((one) => [one.user_id, one]));
    return ids.map((userId) => ({ userId, membership: byUser.get(userId) }));
  }

  /** setAdmin makes somebody an administrator of the team, or a member again. */
  async setAdmin(userId: string, admin: boolean): Promise<void> {
    await teamsApi.setTeamRoles(this.#teamId, userId, { user: true, admin });
    const [membership] = await teamsApi.getTeamMembersByIds(this.#teamId, [userId]);
    this.list.change((items) => items.map((one) => (one.userId === userId ? { userId, membership } : one)));
  }

  /** remove takes somebody out of the team and all its channels. */
  async remove(userId: string): Promise<void> {
    await teamsApi.removeTeamMember(this.#teamId, userId);
    this.list.change((items) => items.filter((one) => one.userId !== userId));
  }
}
