/** What has to be asked for when an event tells that something changed, but not to what. */

import type { ChannelMembership } from '@mattermost/types/channels';
import type { OpenDialogRequest } from '@/api/actions';
import * as channelsApi from '@/api/channels';
import * as postsApi from '@/api/posts';
import * as usersApi from '@/api/users';
import { isCollapsed } from '@/store/selectors';
import { dispatch, getState } from '@/store/store';
import { decoded } from './events';
import { threadFollowers } from './followThreads';
import * as load from './load';
import { reportsChanged } from './reports';
import type { Frame } from './socket';
import { dialogHeard } from './triggers';

const text = (frame: Frame, key: string): string => String(frame.data[key] ?? '');

async function refreshChannel(channelId: string): Promise<void> {
  if (!channelId || !getState().channels.channels[channelId]) return;
  dispatch({ type: 'channels/received', channels: [await channelsApi.getChannel(channelId)] });
}

async function joined(channelId: string): Promise<void> {
  await load.loadChannel(channelId);
  const teamId = getState().channels.channels[channelId]?.team_id;
  const teams = teamId ? [teamId] : Object.keys(getState().teams.mine);
  await Promise.all(teams.filter((id) => getState().categories[id]).map(load.loadCategories));
}

async function teamJoined(teamId: string): Promise<void> {
  await Promise.all([load.loadTeams(), load.loadMembers()]);
  await load.loadTeamParts(teamId);
  await load.needRoles(Object.values(getState().teams.mine).map((member) => member.roles));
}

/** A post that is back comes with its thread: replies went and came with their root. */
async function restored(frame: Frame): Promise<void> {
  const id = text(frame, 'post_id');
  const { posts } = await postsApi.getThread(text(frame, 'root_id') || id);
  dispatch({ type: 'posts/restored', channelId: text(frame, 'channel_id'), id, posts: Object.values(posts) });
}

type Follower = (frame: Frame) => Promise<unknown> | undefined;

const channelOf = (frame: Frame): string => text(frame, 'channel_id') || frame.broadcast.channel_id;

const followers: Record<string, Follower> = {
  posted: (frame) => {
    const post = decoded<{ user_id: string; channel_id: string }>(frame.data, 'post');
    if (!post) return undefined;
    if (!getState().channels.mine[post.channel_id]) return joined(post.channel_id);
    return load.needUsers([post.user_id]);
  },
  parley_post_restored: (frame) => restored(frame),
  parley_reports_changed: () => reportsChanged(),
  reaction_added: (frame) => load.needUsers([decoded<{ user_id: string }>(frame.data, 'reaction')?.user_id ?? '']),
  typing: (frame) => load.needUsers([text(frame, 'user_id')]),
  user_added: (frame) => {
    if (text(frame, 'user_id') === getState().users.me) return joined(frame.broadcast.channel_id);
    return load.needUsers([text(frame, 'user_id')]);
  },
  direct_added: (frame) => joined(frame.broadcast.channel_id),
  group_added: (frame) => joined(frame.broadcast.channel_id),
  channel_created: (frame) => joined(channelOf(frame)),
  channel_updated: (frame) => refreshChannel(channelOf(frame)),
  channel_converted: (frame) => refreshChannel(channelOf(frame)),
  channel_restored: (frame) => refreshChannel(channelOf(frame)),
  channel_scheme_updated: () => load.loadMembers(),
  restore_team: (frame) => teamJoined(decoded<{ id: string }>(frame.data, 'team')?.id ?? ''),
  added_to_team: (frame) => teamJoined(text(frame, 'team_id')),
  // What roles allow is known before they hold: nothing goes away for a moment.
  channel_member_updated: async (frame) => {
    const member = decoded<ChannelMembership>(frame.data, 'channelMember');
    if (!member) return;
    await load.needRoles([member.roles]);
    dispatch({ type: 'channels/mine', members: [member], asked: Number.MAX_SAFE_INTEGER });
  },
  memberrole_updated: (frame) => load.needRoles([decoded<{ roles: string }>(frame.data, 'member')?.roles]),
  user_role_updated: async () => {
    const me = await usersApi.getMe();
    dispatch({ type: 'users/me', user: me });
    await load.needRoles([me.roles]);
  },
  user_updated: async (frame) => {
    const user = decoded<{ id: string }>(frame.data, 'user');
    if (user?.id === getState().users.me) dispatch({ type: 'users/me', user: await usersApi.getMe() });
  },
  // The event doesn't tell when "do not disturb" ends.
  status_change: (frame) =>
    text(frame, 'status') === 'dnd' && text(frame, 'user_id') === getState().users.me
      ? load.needPresence([getState().users.me])
      : undefined,
  config_changed: () => load.loadConfig(),
  open_dialog: async (frame) => dialogHeard(decoded<OpenDialogRequest>(frame.data, 'dialog')),
  sidebar_category_created: (frame) => load.loadCategories(frame.broadcast.team_id),
  sidebar_category_deleted: (frame) => load.loadCategories(frame.broadcast.team_id),
  sidebar_category_updated: (frame) =>
    frame.broadcast.team_id ? load.loadCategories(frame.broadcast.team_id) : undefined,
  ...threadFollowers,
  preference_changed: async () => checkMode(),
  preferences_changed: async () => checkMode(),
};

function checkMode(): void {
  const collapsed = isCollapsed(getState());
  if (collapsed !== getState().posts.collapsed) dispatch({ type: 'posts/mode', collapsed });
}

/** follow loads what an event calls for. It never fails: the next event or reload mends it. */
export async function follow(frame: Frame): Promise<void> {
  try {
    await followers[frame.event]?.(frame);
  } catch {
    // The server may be gone again already; catching up after the reconnect asks for the same.
  }
}
