/** Addresses of places: the same as the official client's, so that links in old messages go on working. */
import type { Channel } from './channels';
import { partnerId } from './selectors';
import type { State } from './store';

/** teamName is the name of a team for an address; the current team's, or any, for places that belong to no team. */
export function teamName(state: State, teamId: string): string {
  const id = teamId || state.place.teamId || Object.keys(state.teams.mine)[0] || '';
  return state.teams.teams[id]?.name ?? '';
}

/** channelPath is the address of a channel. Direct channels go by the other's username, groups by their name. */
export function channelPath(state: State, channel: Channel, teamId = ''): string {
  const team = teamName(state, channel.team_id || teamId);
  if (channel.type === 'D') {
    const user = state.users.profiles[partnerId(channel, state.users.me)];
    return user ? `/${team}/messages/@${user.username}` : `/${team}/messages/${channel.id}`;
  }
  if (channel.type === 'G') return `/${team}/messages/${channel.name}`;
  return `/${team}/channels/${channel.name}`;
}

/** permalink is the address of a post within the site. */
export function permalink(state: State, channelId: string, postId: string): string {
  return `/${teamName(state, state.channels.channels[channelId]?.team_id ?? '')}/pl/${postId}`;
}

export const threadsPath = (state: State, teamId: string, threadId = ''): string =>
  `/${teamName(state, teamId)}/threads${threadId ? `/${threadId}` : ''}`;
export const draftsPath = (state: State, teamId: string): string => `/${teamName(state, teamId)}/drafts`;
export const scheduledPath = (state: State, teamId: string): string => `/${teamName(state, teamId)}/scheduled_posts`;
