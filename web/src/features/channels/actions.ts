/** Commands about channels: make, join, leave, change. Each fails with an `ApiError` that a form or toast can show. */
import { navigate } from 'wouter/use-browser-location';
import * as channelsApi from '@/api/channels';
import * as postsApi from '@/api/posts';
import * as load from '@/realtime/load';
import { savePreference } from '@/realtime/save';
import { isConversation } from '@/store/categoryMoves';
import type { Channel } from '@/store/channels';
import { channelPath, teamName } from '@/store/paths';
import { recentChannels } from '@/store/recent';
import { isCollapsed, partnerId } from '@/store/selectors';
import { dispatch, getState } from '@/store/store';
import { copyText } from '@/ui/clipboard';
import { markRead } from './reading';

/** direct finds or makes the direct channel with somebody. */
export async function direct(userId: string): Promise<Channel | undefined> {
  const { me } = getState().users;
  const name = [me, userId].sort().join('__');
  const known = Object.values(getState().channels.channels).find((channel) => channel.name === name);
  if (known && getState().channels.mine[known.id]) return known;
  const made = await channelsApi.createDirect(me, userId);
  await load.loadChannel(made.id);
  return getState().channels.channels[made.id];
}

/** conversation finds or makes the conversation with one or more people and goes there. */
export async function openConversation(userIds: readonly string[]): Promise<void> {
  const [only] = userIds;
  if (!only) return;
  let channel: Channel | undefined;
  if (userIds.length === 1) channel = await direct(only);
  else {
    const made = await channelsApi.createGroup([...userIds]);
    await load.loadChannel(made.id);
    channel = getState().channels.channels[made.id];
  }
  if (channel) goTo(channel);
}

/** goTo opens a channel. */
export function goTo(channel: Channel): void {
  const state = getState();
  navigate(channelPath(state, channel, state.place.teamId));
}

/** goAway leaves a place that is no longer there: for the channel visited before, or the first of the team. */
export function goAway(channelId: string): void {
  const state = getState();
  const { teamId } = state.place;
  const before = recentChannels()
    .map((id) => state.channels.channels[id])
    .find(
      (channel) =>
        channel !== undefined &&
        channel.id !== channelId &&
        channel.delete_at === 0 &&
        state.channels.mine[channel.id] !== undefined &&
        (channel.team_id === teamId || channel.team_id === ''),
    );
  if (before) goTo(before);
  else navigate(`/${teamName(state, teamId)}`);
}

/** join makes oneself a member of an open channel. */
export async function join(channelId: string): Promise<Channel | undefined> {
  await channelsApi.addMembers(channelId, [getState().users.me]);
  await load.loadChannel(channelId);
  return getState().channels.channels[channelId];
}

/** leave ends one's membership. Who stands in the channel is led away by `watchPlaces`. */
export async function leave(channelId: string): Promise<void> {
  await channelsApi.removeMember(channelId, getState().users.me);
  dispatch({ type: 'channel/left', channelId });
}

export type NewChannel = Parameters<typeof channelsApi.createChannel>[0];

/** create makes a channel and goes there. */
export async function create(wish: NewChannel): Promise<void> {
  const made = await channelsApi.createChannel(wish);
  await load.loadChannel(made.id);
  const channel = getState().channels.channels[made.id];
  if (channel) goTo(channel);
}

export type ChannelPatch = Parameters<typeof channelsApi.patchChannel>[1];

/** change sets name, address, header or purpose. The address in the browser follows. */
export async function change(channelId: string, patch: ChannelPatch): Promise<void> {
  dispatch({ type: 'channels/received', channels: [await channelsApi.patchChannel(channelId, patch)] });
  const state = getState();
  const channel = state.channels.channels[channelId];
  if (patch.name && channel && state.place.channelId === channelId) {
    navigate(channelPath(state, channel), { replace: true });
  }
}

/** setPrivacy makes a channel private (`P`) or open (`O`). */
export async function setPrivacy(channelId: string, privacy: 'O' | 'P'): Promise<void> {
  dispatch({ type: 'channels/received', channels: [await channelsApi.setChannelPrivacy(channelId, privacy)] });
}

/** archive closes a channel: it stays readable. */
export async function archive(channelId: string): Promise<void> {
  await channelsApi.archiveChannel(channelId);
  dispatch({ type: 'channel/archived', channelId, at: Date.now() });
}

/** restore opens an archived channel again. */
export async function restore(channelId: string): Promise<void> {
  dispatch({ type: 'channels/received', channels: [await channelsApi.restoreChannel(channelId)] });
}

/** addPeople adds people to a channel. */
export async function addPeople(channelId: string, userIds: readonly string[]): Promise<void> {
  await channelsApi.addMembers(channelId, [...userIds]);
  await load.loadStats(channelId);
}

/** removePerson takes somebody out of a channel. */
export async function removePerson(channelId: string, userId: string): Promise<void> {
  await channelsApi.removeMember(channelId, userId);
  await load.loadStats(channelId);
}

/** setAdmin makes somebody an administrator of a channel, or a member again. */
export const setAdmin = (channelId: string, userId: string, admin: boolean): Promise<unknown> =>
  channelsApi.setMemberRoles(channelId, userId, { user: true, admin });

/** markUnread marks a channel unread from its newest message on. */
export async function markUnread(channelId: string): Promise<void> {
  const collapsed = isCollapsed(getState());
  const newest = await postsApi.getPosts(channelId, { page: 0, per_page: 1, collapsedThreads: collapsed });
  const [postId] = newest.order;
  if (postId) await postsApi.setUnreadFrom(getState().users.me, postId, collapsed);
}

/** visibility is the preference that shows or hides a conversation in the sidebar. */
export function visibility(channel: Channel, me: string): { category: string; name: string } {
  return channel.type === 'D'
    ? { category: 'direct_channel_show', name: partnerId(channel, me) }
    : { category: 'group_channel_show', name: channel.id };
}

/** closeConversation hides a conversation until somebody writes there or it is opened again. What waits there is read. */
export async function closeConversation(channelId: string): Promise<void> {
  const state = getState();
  const channel = state.channels.channels[channelId];
  if (!channel || !isConversation(channel)) return;
  if (state.place.channelId === channelId) goAway(channelId);
  const { category, name } = visibility(channel, state.users.me);
  // What is unread is always shown.
  void markRead(channelId, true);
  await savePreference(category, name, 'false');
}

/** linkTo is the whole address of a channel, for pasting elsewhere. */
export function linkTo(channelId: string): string {
  const state = getState();
  const channel = state.channels.channels[channelId];
  return channel ? `${location.origin}${channelPath(state, channel)}` : '';
}

/** copyLink puts a channel's address on the clipboard. */
export const copyLink = (channelId: string): Promise<void> => copyText(linkTo(channelId));
