/** Loads into the store what a place needs. Each function asks the server once, however many want the same. */
import type { ChannelMembership } from '@mattermost/types/channels';
import * as channelsApi from '@/api/channels';
import * as groupsApi from '@/api/groups';
import * as postsApi from '@/api/posts';
import * as serverApi from '@/api/server';
import * as teamsApi from '@/api/teams';
import * as usersApi from '@/api/users';
import { groupsByName } from '@/store/groups';
import { isCollapsed, isOn, partnerId, usersByName } from '@/store/selectors';
import { type Action, dispatch, getState } from '@/store/store';

const idsMost = 200;

/** gather collects the ids that are asked for within one turn, and asks for all of them in one call. */
function gather(ask: (ids: string[]) => Promise<void>): (ids: Iterable<string>) => Promise<void> {
  let wanted = new Set<string>();
  let turn: Promise<void> | undefined;
  const run = async () => {
    await Promise.resolve();
    const ids = [...wanted];
    wanted = new Set();
    turn = undefined;
    for (let i = 0; i < ids.length; i += idsMost) await ask(ids.slice(i, i + idsMost));
  };
  return (ids) => {
    for (const id of ids) wanted.add(id);
    if (wanted.size === 0) return Promise.resolve();
    turn ??= run();
    return turn;
  };
}

const askUsers = gather(async (ids) => {
  const unknown = ids.filter((id) => id && !getState().users.profiles[id]);
  if (unknown.length > 0) dispatch({ type: 'users/received', users: await usersApi.getUsers(unknown) });
});

/** needUsers loads the profiles that are not known yet. It never fails: who can't be loaded stays without a name. */
export function needUsers(ids: Iterable<string>): Promise<void> {
  const known = getState().users.profiles;
  const unknown = [...ids].filter((id) => id && !known[id]);
  return unknown.length === 0 ? Promise.resolve() : askUsers(unknown).catch(() => undefined);
}

// Names that nobody bears are asked for once: messages are full of words after an @.
const unknownNames = new Set<string>();

const askNames = gather(async (names) => {
  const users = await usersApi.getUsersByNames(names);
  for (const name of names) unknownNames.add(name);
  dispatch({ type: 'users/received', users });
  const bearers = new Set(users.map((user) => user.username));
  const others = names.filter((name) => !bearers.has(name));
  if (others.length === 0 || !isOn(getState(), 'EnableCustomGroups')) return;
  const groups = await groupsApi.getGroupsByNames(others);
  if (groups.length === 0) return;
  dispatch({ type: 'groups/received', groups });
  await needMyGroups();
});

let myGroups: Promise<void> | undefined;

/** needMyGroups learns once which groups one is in; events tell what becomes of it. It never fails. */
export function needMyGroups(): Promise<void> {
  myGroups ??= loadMyGroups().catch(() => {
    myGroups = undefined;
  });
  return myGroups;
}

async function loadMyGroups(): Promise<void> {
  const asked = getState().groups.tick;
  dispatch({ type: 'groups/mine', groups: await groupsApi.getMyGroups(), asked });
}

/** catchUpGroups asks again for the groups that are known: events were missed. It never fails. */
export async function catchUpGroups(): Promise<void> {
  const names = Object.values(getState().groups.groups).map((group) => group.name);
  if (names.length === 0) return;
  myGroups = undefined;
  const groups = await groupsApi.getGroupsByNames(names.slice(0, 1000)).catch(() => []);
  dispatch({ type: 'groups/received', groups });
  await needMyGroups();
}

/** needNames loads the people that messages mention and who are not known yet. It never fails. */
export function needNames(names: Iterable<string>): Promise<void> {
  const known = usersByName(getState());
  const groups = groupsByName(getState().groups);
  const unknown = [...names].filter((name) => !known.has(name) && !groups.has(name) && !unknownNames.has(name));
  return unknown.length === 0 ? Promise.resolve() : askNames(unknown).catch(() => undefined);
}

const mention = /(?<![\w.@-])@([a-z0-9][a-z0-9._-]{0,63})/gi;
const everyone = new Set(['all', 'channel', 'here']);

/** mentionedIn lists the names after an @ in a text, in every reading of a name that ends in punctuation. */
export function mentionedIn(text: string): string[] {
  if (!text.includes('@')) return [];
  const names: string[] = [];
  for (const [, written = ''] of text.matchAll(mention)) {
    for (let name = written.toLowerCase(); name; name = name.slice(0, -1)) {
      if (!everyone.has(name)) names.push(name);
      if (!/[._-]$/.test(name)) break;
    }
  }
  return names;
}

const askPresence = gather(async (ids) => {
  dispatch({ type: 'users/presence', statuses: await usersApi.getStatuses(ids) });
});

/** needPresence loads who is online of the given people. It never fails. */
export const needPresence = (ids: Iterable<string>): Promise<void> => askPresence(ids).catch(() => undefined);

/** needPeople loads whom a list of posts names: authors with their presence, who reacted, who replied, the mentioned. */
export function needPeople(list: Pick<postsApi.PostList, 'posts'>): void {
  const ids = new Set<string>();
  const authors = new Set<string>();
  const names = new Set<string>();
  for (const post of Object.values(list.posts)) {
    ids.add(post.user_id);
    authors.add(post.user_id);
    for (const reaction of post.metadata?.reactions ?? []) ids.add(reaction.user_id);
    for (const one of (post.participants ?? []) as { id: string }[]) ids.add(one.id);
    for (const name of mentionedIn(post.message)) names.add(name);
  }
  void needUsers(ids);
  void needNames(names);
  const { presence } = getState().users;
  void needPresence([...authors].filter((id) => !presence[id]));
}

/** loadPage asks for a page of a channel and puts it into its place. */
async function loadPage(channelId: string, query: postsApi.PageQuery, joins?: string): Promise<void> {
  const collapsed = isCollapsed(getState());
  const asked = getState().posts.tick;
  const list = await postsApi.getPosts(channelId, { ...query, collapsedThreads: collapsed });
  dispatch({ type: 'posts/page', channelId, list, asked, ...(joins && { joins }) });
  needPeople(list);
}

export const pageSize = 60;

/** loadNewest loads the end of a channel. */
export const loadNewest = (channelId: string): Promise<void> => loadPage(channelId, { page: 0, per_page: pageSize });
/** loadOlder loads what stands before a post. */
export const loadOlder = (channelId: string, postId: string): Promise<void> =>
  loadPage(channelId, { before: postId, per_page: pageSize }, postId);
/** loadNewer loads what stands behind a post. */
export const loadNewer = (channelId: string, postId: string): Promise<void> =>
  loadPage(channelId, { after: postId, per_page: pageSize }, postId);

/** loadAround loads both sides of a post, such as of a permalink. It fails when the post can't be seen. */
export async function loadAround(channelId: string, postId: string): Promise<void> {
  const post = await postsApi.getPost(postId);
  dispatch({ type: 'posts/found', posts: [post] });
  await Promise.all([loadOlder(channelId, postId), loadNewer(channelId, postId)]);
}

/** loadUnread loads the page around the first unread post. */
export async function loadUnread(channelId: string): Promise<void> {
  const asked = getState().posts.tick;
  const list = await postsApi.getPostsAroundUnread(channelId, isCollapsed(getState()));
  dispatch({ type: 'posts/page', channelId, list, asked });
  needPeople(list);
}

// The server lists at most this many changes since a time; with more, the newest page is loaded instead.
const changesMost = 900;

/** catchUp brings a channel up to date after events may have been missed. */
export async function catchUp(channelId: string): Promise<void> {
  const since = getState().posts.byChannel[channelId]?.staleSince ?? 0;
  if (since === 0) return;
  const collapsed = isCollapsed(getState());
  const asked = getState().posts.tick;
  const list = await postsApi.getPosts(channelId, { since, collapsedThreads: collapsed });
  needPeople(list);
  if (list.order.length < changesMost) dispatch({ type: 'posts/changed', channelId, list, asked });
  else dispatch({ type: 'posts/kept', channelIds: [], newest: 0 });
  // Replies change no root, so that only the page tells how many there are by now.
  if (collapsed || list.order.length >= changesMost) await loadNewest(channelId);
}

/** askChannel asks for a channel and one's membership of it, in the order that `askMembers` explains. */
async function askChannel(channelId: string): Promise<[channelsApi.ServerChannel, ChannelMembership | undefined]> {
  const asked = getState().channels.tick;
  const member = await channelsApi.getMyMember(channelId).catch(() => undefined);
  const channel = await channelsApi.getChannel(channelId);
  await needRoles([member?.roles]);
  const facts: Action[] = [{ type: 'channels/received', channels: [channel] }];
  if (member) facts.push({ type: 'channels/mine', members: [member], asked });
  dispatch(...facts);
  return [channel, member];
}

/** loadChannel loads a channel and one's membership of it, such as when one was added. */
export async function loadChannel(channelId: string): Promise<void> {
  const [channel] = await askChannel(channelId);
  await loadPartners([channel]);
}

/** loadPartners loads the people of direct and group channels, with their presence. */
export async function loadPartners(channels: readonly channelsApi.Channel[]): Promise<void> {
  const me = getState().users.me;
  const partners = channels.filter((channel) => channel.type === 'D').map((channel) => partnerId(channel, me));
  const groups = channels.filter((channel) => channel.type === 'G').map((channel) => channel.id);
  const tasks = [needUsers(partners), needPresence([me, ...partners])];
  for (let i = 0; i < groups.length; i += 100) {
    const ask = channelsApi.getGroupPeople(groups.slice(i, i + 100)).then((people) => {
      dispatch({ type: 'users/received', users: Object.values(people).flat() });
    });
    tasks.push(ask.catch(() => undefined));
  }
  await Promise.all(tasks);
}

/** needRoles loads the permissions of roles that are not known yet. */
export async function needRoles(lists: Iterable<string | undefined>): Promise<void> {
  const known = getState().server.roles;
  const names = new Set([...lists].flatMap((list) => (list ?? '').split(' ')).filter((name) => name && !known[name]));
  if (names.size > 0) dispatch({ type: 'server/roles', roles: await serverApi.getRoles([...names]) });
}

/** Changes of sidebars that are on their way to the server, by team. */
const arranging = new Map<string, number>();

/** loadCategories loads the sidebar of a team; not while one's own changes of it are under way, which are newer. */
export async function loadCategories(teamId: string): Promise<void> {
  if (arranging.has(teamId)) return;
  const { categories, order } = await channelsApi.getCategories(teamId);
  if (!arranging.has(teamId)) dispatch({ type: 'categories/received', teamId, categories, order });
}

/** arrange runs a change of a team's sidebar that is shown already. The server's own view is taken over after the last. */
export async function arrange(teamId: string, change: () => Promise<unknown>): Promise<void> {
  arranging.set(teamId, (arranging.get(teamId) ?? 0) + 1);
  try {
    await change();
  } finally {
    const left = (arranging.get(teamId) ?? 1) - 1;
    if (left > 0) arranging.set(teamId, left);
    else {
      arranging.delete(teamId);
      void loadCategories(teamId).catch(() => undefined);
    }
  }
}

/** loadStats asks how many members and pinned posts a channel has. It never fails: the numbers are then left out. */
export async function loadStats(channelId: string): Promise<void> {
  const stats = await channelsApi.getChannelStats(channelId).catch(() => undefined);
  if (stats) dispatch({ type: 'channel/stats', stats });
}

/** loadThreadTotals asks how many threads of a team are unread. */
export async function loadThreadTotals(teamId: string): Promise<void> {
  if (!isCollapsed(getState())) return;
  const asked = getState().threads.tick;
  const list = await postsApi.getThreads(teamId, { totalsOnly: true, per_page: 1 });
  const totals = { total: list.total, unread: list.total_unread_threads, mentions: list.total_unread_mentions };
  dispatch({ type: 'threads/totals', teamId, totals, asked });
}

/**
 * askMembers asks for one's channels and memberships. It resolves to what puts them into the store. A membership must
 * not be newer than its channel's total: a mention that came in between would be counted twice, by the answer and by
 * its event. Only where everything is asked for again anyway may they be asked for `atOnce`.
 */
export async function askMembers(atOnce = false): Promise<() => Promise<void>> {
  const asked = getState().channels.tick;
  const asking = channelsApi.getMyMembers();
  if (!atOnce) await asking;
  const [members, channels] = await Promise.all([asking, channelsApi.getMyChannels()]);
  return async () => {
    await needRoles(members.map((member) => member.roles));
    dispatch({ type: 'channels/received', channels }, { type: 'channels/mine', members, asked });
    const mine = new Set(members.map((member) => member.channel_id));
    const left = Object.keys(getState().channels.mine).filter((id) => !mine.has(id));
    dispatch(...left.map((channelId): Action => ({ type: 'channel/left', channelId })));
    await settleUnsure();
  };
}

/** loadMembers asks for all that one has read and not read. What events overtook is asked for again. */
export async function loadMembers(): Promise<void> {
  const take = await askMembers();
  await take();
}

let settling: Promise<void> | undefined;

/** settleUnsure asks again for memberships whose answer an event overtook. */
export function settleUnsure(): Promise<void> {
  settling ??= askUnsure().finally(() => {
    settling = undefined;
  });
  return settling;
}

async function askUnsure(): Promise<void> {
  for (let round = 0; round < 3; round++) {
    const { unsure } = getState().channels;
    if (unsure.length === 0) return;
    await Promise.all(unsure.map((id) => askChannel(id).catch(() => undefined)));
  }
}

/** askTeams asks for one's teams and memberships. It resolves to what puts them into the store. */
export async function askTeams(): Promise<() => void> {
  const [teams, members] = await Promise.all([teamsApi.getMyTeams(), teamsApi.getMyTeamMembers()]);
  return () => {
    const left = Object.keys(getState().teams.mine).filter((id) => !members.some((m) => m.team_id === id));
    dispatch(
      { type: 'teams/received', teams },
      { type: 'teams/mine', members },
      ...left.map((teamId): Action => ({ type: 'team/left', teamId })),
    );
  };
}

/** loadTeams loads one's teams and memberships. */
export async function loadTeams(): Promise<void> {
  const take = await askTeams();
  take();
}

/** loadTeamParts loads what a team needs beyond its channels: the sidebar and the totals of its threads. */
export async function loadTeamParts(teamId: string): Promise<void> {
  await Promise.all([loadCategories(teamId), loadThreadTotals(teamId)]);
}

/** loadConfig loads the public settings; signed in, there are more of them. */
export async function loadConfig(): Promise<void> {
  dispatch({ type: 'server/config', config: await serverApi.getConfig() });
}
