/** Loads what a session needs: at its start, and again after events may have been missed. */
import type { PreferenceType } from '@mattermost/types/preferences';
import * as serverApi from '@/api/server';
import * as usersApi from '@/api/users';
import { isCollapsed } from '@/store/selectors';
import { dispatch, getState } from '@/store/store';
import * as load from './load';

/** Roles that most people have here or there: they needn't wait for the memberships that name them. */
const usualRoles = 'system_user system_admin team_user team_admin channel_user channel_admin';

/**
 * loadSession loads what the first screen of a signed-in person needs. It fails with a 401 `ApiError` when nobody is
 * signed in. Everything is asked for at once, unless it is `doubtful` that somebody is: then for who it is first.
 */
export async function loadSession(doubtful = false): Promise<void> {
  const asking = usersApi.getMe();
  if (doubtful) await asking;
  const others = Promise.all([
    serverApi.getPreferences(),
    load.loadConfig(),
    load.askTeams(),
    load.askMembers(true),
    load.needRoles([usualRoles]).catch(() => undefined),
  ]);
  // Why one can't go on, the first answer says best.
  others.catch(() => undefined);
  const me = await asking;
  const [preferences, , takeTeams, takeMembers] = await others;
  dispatch({ type: 'users/me', user: me }, { type: 'preferences/all', preferences });
  dispatch({ type: 'posts/mode', collapsed: isCollapsed(getState()) });
  takeTeams();
  await takeMembers();
  await needMyRoles();
  const { mine, channels } = getState().channels;
  const known = Object.keys(mine).map((id) => channels[id]);
  void load.loadPartners(known.filter((channel) => channel !== undefined));
}

async function needMyRoles(): Promise<void> {
  const { users, teams, channels } = getState();
  const members = [...Object.values(teams.mine), ...Object.values(channels.mine)];
  await load.needRoles([users.profiles[users.me]?.roles, ...members.map((member) => member.roles)]);
}

/** askPreferences asks until nothing was changed on the way: the answer may be from before that. */
async function askPreferences(): Promise<PreferenceType[]> {
  for (let round = 0; ; round++) {
    const before = getState().preferences;
    const preferences = await serverApi.getPreferences();
    if (round === 3 || getState().preferences === before) return preferences;
  }
}

async function loadMyself(): Promise<void> {
  const [me, preferences] = await Promise.all([usersApi.getMe(), askPreferences()]);
  dispatch({ type: 'users/me', user: me }, { type: 'preferences/all', preferences });
  dispatch({ type: 'posts/mode', collapsed: isCollapsed(getState()) });
}

/** refreshSession asks for all of it again, after events may have been missed. It never fails. */
export async function refreshSession(): Promise<void> {
  const { categories, users } = getState();
  await Promise.allSettled([
    loadMyself(),
    load.loadConfig(),
    load.loadTeams(),
    load.loadMembers(),
    ...Object.keys(categories).map(load.loadTeamParts),
  ]);
  await Promise.allSettled([needMyRoles(), load.needPresence(Object.keys(users.presence))]);
}
