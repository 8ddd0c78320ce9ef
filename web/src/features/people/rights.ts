/** What one may do with a person in a channel. The server has the last word. */
import type { ChannelMembership } from '@mattermost/types/channels';
import type { Channel } from '@/store/channels';
import { can } from '@/store/selectors';
import type { State } from '@/store/store';

/** managesMembers tells whether one may add people to a channel and take them out. */
export function managesMembers(state: State, channel: Channel): boolean {
  if (channel.delete_at > 0 || channel.type === 'D' || channel.type === 'G') return false;
  const permission = channel.type === 'P' ? 'manage_private_channel_members' : 'manage_public_channel_members';
  return can(state, permission, { channelId: channel.id });
}

/** ChannelRights are the acts that are offered for a member of a channel. */
export type ChannelRights = { remove: boolean; promote: boolean; demote: boolean };

const none: ChannelRights = { remove: false, promote: false, demote: false };

/** rightsOver says what one may do with a member. Nobody can be taken out of the channel that all are in, but guests. */
export function rightsOver(state: State, member: ChannelMembership | undefined): ChannelRights {
  const channel = member && state.channels.channels[member.channel_id];
  if (!member || !channel || member.user_id === state.users.me) return none;
  const guest = member.roles.split(' ').includes('channel_guest');
  const everyones = channel.name === 'town-square' && !guest;
  const roles = can(state, 'manage_channel_roles', { channelId: channel.id }) && channel.delete_at === 0 && !guest;
  return {
    remove: !everyones && !channel.group_constrained && managesMembers(state, channel),
    promote: roles && !member.scheme_admin,
    demote: roles && member.scheme_admin === true,
  };
}

/** openChannels lists the channels of a team that one may add people to, by name. */
export function openChannels(state: State, teamId: string): Channel[] {
  return Object.keys(state.channels.mine)
    .map((id) => state.channels.channels[id])
    .filter((channel): channel is Channel => channel?.team_id === teamId && managesMembers(state, channel))
    .sort((a, b) => a.display_name.localeCompare(b.display_name));
}
