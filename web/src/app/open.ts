/** Opens places: loads what they need, moves the reader there, marks what was read. */
import * as channelsApi from '@/api/channels';
import { ApiError } from '@/api/http';
import * as postsApi from '@/api/posts';
import * as teamsApi from '@/api/teams';
import * as usersApi from '@/api/users';
import { direct } from '@/features/channels/actions';
import { markRead } from '@/features/channels/reading';
import { arrive, arriveAt } from '@/features/messages/loading';
import { foundPosts } from '@/features/search/found';
import * as load from '@/realtime/load';
import type { Channel } from '@/store/channels';
import { channelPath } from '@/store/paths';
import { lastChannel, recentChannels, remember } from '@/store/recent';
import { channelsOfTeam, myTeamIds, unreadOf } from '@/store/selectors';
import { dispatch, getState, type State } from '@/store/store';
import { afterPaint } from '@/ui/quiet';

/** Arrival is where opening an address led: it stands, it continues elsewhere, or there is nothing for this person. */
export type Arrival = { kind: 'here' } | { kind: 'elsewhere'; path: string } | { kind: 'nothing'; error?: unknown };

const here: Arrival = { kind: 'here' };

// How many channels keep all that was loaded of them; the others keep their newest page.
const keptChannels = 12;

function trimOthers(channelId: string): void {
  const keep = [channelId, ...recentChannels()].slice(0, keptChannels);
  const thread = getState().place.pane;
  if (thread?.kind === 'thread') keep.push(thread.channelId);
  const shown = foundPosts().map((hit) => hit.postId);
  dispatch({ type: 'posts/kept', channelIds: keep, newest: load.pageSize, shown });
}

async function enter(teamId: string, channel: Channel, focusId?: string): Promise<void> {
  const state = getState();
  const { unread, messages } = unreadOf(state, channel.id);
  const waiting = unread || messages > 0;
  const newSince = waiting ? (state.channels.mine[channel.id]?.last_viewed_at ?? 0) : Number.MAX_SAFE_INTEGER;
  const same = state.place.view === 'channel' && state.place.channelId === channel.id;
  if (!same || focusId === undefined) dispatch({ type: 'place/channel', teamId, channelId: channel.id, newSince });
  if (focusId) dispatch({ type: 'place/focus', postId: focusId, at: Date.now() });
  remember(teamId, channel.id);
  afterPaint(() => trimOthers(channel.id));
  void needSidebar(teamId);
  await (focusId ? arriveAt(channel.id, focusId) : arrive(channel.id, newSince));
  void markRead(channel.id);
}

async function needSidebar(teamId: string): Promise<void> {
  if (!getState().categories[teamId]) await load.loadTeamParts(teamId).catch(() => undefined);
}

function teamByName(state: State, name: string): string | undefined {
  return Object.keys(state.teams.mine).find((id) => state.teams.teams[id]?.name === name);
}

const isId = (text: string): boolean => /^[a-z0-9]{26}$/.test(text);

/** findChannel looks a channel of a team up by its name or id; a public one that one isn't in is joined. */
async function findChannel(teamId: string, name: string): Promise<Channel | undefined> {
  const state = getState();
  const known = channelsOfTeam(state, teamId).find((channel) => channel.name === name || channel.id === name);
  if (known) return known;
  const found = isId(name)
    ? await channelsApi.getChannel(name).catch(() => channelsApi.getChannelByName(teamId, name))
    : await channelsApi.getChannelByName(teamId, name);
  if (!state.channels.mine[found.id] && found.type === 'O' && found.delete_at === 0) {
    await channelsApi.addMembers(found.id, [state.users.me]);
  }
  await load.loadChannel(found.id);
  return getState().channels.channels[found.id];
}

/** findMessages looks up a direct channel by `@username`, an address or an id, and a group by its name. */
async function findMessages(name: string): Promise<Channel | undefined> {
  const state = getState();
  const known = Object.values(state.channels.channels).find(
    (c) => c.team_id === '' && (c.name === name || c.id === name),
  );
  if (known && state.channels.mine[known.id]) return known;
  if (name.startsWith('@')) {
    const username = name.slice(1).toLowerCase();
    const user =
      Object.values(state.users.profiles).find((one) => one.username === username) ??
      (await usersApi.getUserByName(username));
    dispatch({ type: 'users/received', users: [user] });
    return direct(user.id);
  }
  if (isId(name)) {
    const user = await usersApi.getUser(name).catch(() => undefined);
    if (user) return direct(user.id);
  }
  return undefined;
}

async function openPermalink(postId: string): Promise<Arrival> {
  const info = await postsApi.getPostInfo(postId);
  const state = getState();
  if (info.team_id && !info.has_joined_team) {
    await teamsApi.addTeamMember(info.team_id, state.users.me);
    await Promise.all([load.loadTeams(), load.loadMembers()]);
  }
  if (!info.has_joined_channel && info.channel_type === 'O')
    await channelsApi.addMembers(info.channel_id, [state.users.me]);
  if (!getState().channels.mine[info.channel_id]) await load.loadChannel(info.channel_id);
  const channel = getState().channels.channels[info.channel_id];
  if (!channel) return { kind: 'nothing' };
  const teamId = channel.team_id || getState().place.teamId || myTeamIds(getState())[0] || '';
  const post = await postsApi.getPost(postId);
  dispatch({ type: 'posts/found', posts: [post] });
  const inThread = post.root_id !== '' && getState().posts.collapsed;
  await enter(teamId, channel, inThread ? post.root_id : postId);
  if (inThread) {
    dispatch({
      type: 'place/pane',
      pane: { kind: 'thread', channelId: channel.id, rootId: post.root_id, focusReply: postId },
    });
  }
  return here;
}

async function openTeam(teamId: string): Promise<Arrival> {
  const state = getState();
  const last = lastChannel(teamId);
  const mine = channelsOfTeam(state, teamId).filter((channel) => channel.delete_at === 0);
  const channel =
    mine.find((one) => one.id === last) ??
    mine.find((one) => one.name === 'town-square' && one.team_id === teamId) ??
    mine.find((one) => one.team_id === teamId) ??
    mine[0];
  return channel
    ? { kind: 'elsewhere', path: channelPath(state, channel, teamId) }
    : { kind: 'elsewhere', path: `/${state.teams.teams[teamId]?.name}/threads` };
}

function firstTeam(state: State): string | undefined {
  const ids = myTeamIds(state);
  const last = lastChannel('');
  return ids.find((id) => id === last) ?? ids[0];
}

async function openInTeam(teamId: string, parts: string[]): Promise<Arrival> {
  const [kind, name = ''] = parts;
  if (kind === undefined) return openTeam(teamId);
  if (kind === 'threads') {
    dispatch({ type: 'place/threads', teamId, threadId: name });
    remember(teamId, '');
    await needSidebar(teamId);
    return here;
  }
  if (kind === 'drafts' || kind === 'scheduled_posts') {
    dispatch({ type: 'place/drafts', teamId, scheduled: kind === 'scheduled_posts' });
    await needSidebar(teamId);
    return here;
  }
  if (kind === 'pl') return openPermalink(name);
  if (kind !== 'channels' && kind !== 'messages') return { kind: 'nothing' };
  const wanted = decodeURIComponent(name);
  const channel = kind === 'channels' ? await findChannel(teamId, wanted) : await findMessages(wanted);
  if (!channel) return { kind: 'nothing' };
  const focus = parts[2];
  await enter(teamId, channel, focus && isId(focus) ? focus : undefined);
  return here;
}

/** open goes to an address of the signed-in part. It never fails: what went wrong is told as `nothing`. */
export async function open(path: string): Promise<Arrival> {
  const parts = path.split('/').filter(Boolean);
  const state = getState();
  try {
    if (parts.length === 0) {
      const teamId = firstTeam(state);
      return teamId ? await openTeam(teamId) : { kind: 'elsewhere', path: '/select_team' };
    }
    if (parts[0] === '_redirect' || parts[0] === 'pl') return await openPermalink(parts.at(-1) ?? '');
    const teamId = teamByName(state, decodeURIComponent(parts[0] ?? ''));
    if (teamId) return await openInTeam(teamId, parts.slice(1));
    return { kind: 'nothing' };
  } catch (error) {
    return { kind: 'nothing', error: error instanceof ApiError ? error : undefined };
  }
}
