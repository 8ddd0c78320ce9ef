/** What one may do in a channel. The server has the last word; menus leave out what it would refuse. */

import { isConversation } from '@/store/categoryMoves';
import type { Channel } from '@/store/channels';
import { can, isSystemAdmin } from '@/store/selectors';
import { type State, useAppShallow } from '@/store/store';

/** Every team has a channel of this name, in which everybody is. */
export const townSquare = 'town-square';

export type ChannelRights = {
  /** Change name, purpose and header; of a conversation the header alone. */
  edit: boolean;
  header: boolean;
  /** Add and remove people. */
  members: boolean;
  /** Make others administrators of the channel. */
  roles: boolean;
  /** Set what stands above the messages. */
  banner: boolean;
  makePrivate: boolean;
  makePublic: boolean;
  archive: boolean;
  restore: boolean;
  leave: boolean;
  /** A conversation that one no longer wants to see. */
  close: boolean;
};

const none: ChannelRights = {
  edit: false,
  header: false,
  members: false,
  roles: false,
  banner: false,
  makePrivate: false,
  makePublic: false,
  archive: false,
  restore: false,
  leave: false,
  close: false,
};

/** rightsIn tells what one may do in a channel. */
export function rightsIn(state: State, channel: Channel | undefined): ChannelRights {
  const member = channel && state.channels.mine[channel.id];
  if (!channel) return none;
  if (isConversation(channel)) return { ...none, header: member !== undefined, close: member !== undefined };
  const may = (permission: string) => can(state, permission, { channelId: channel.id, teamId: channel.team_id });
  const kind = channel.type === 'P' ? 'private' : 'public';
  const square = channel.name === townSquare;
  const guest = (member?.roles ?? '').split(' ').includes('channel_guest');
  if (channel.delete_at > 0) {
    const restore = may('manage_team') || isSystemAdmin(state);
    return { ...none, restore, leave: member !== undefined && !square };
  }
  const edit = may(`manage_${kind}_channel_properties`);
  return {
    edit,
    header: edit,
    members: may(`manage_${kind}_channel_members`),
    roles: may('manage_channel_roles'),
    banner: may(`manage_${kind}_channel_banner`),
    makePrivate: kind === 'public' && !square && may('convert_public_channel_to_private'),
    makePublic: kind === 'private' && may('convert_private_channel_to_public'),
    archive: !square && may(`delete_${kind}_channel`),
    restore: false,
    leave: member !== undefined && (!square || guest),
    close: false,
  };
}

/** useRights is rightsIn for components. */
export const useRights = (channelId: string): ChannelRights =>
  useAppShallow((state) => rightsIn(state, state.channels.channels[channelId]));
