/** What is asked of the state in many places: names, unread marks, rights. Cheap enough to call from a selector. */
import type { UserProfile } from '@mattermost/types/users';
import { type Channel, type ChannelMembership, totals } from './channels';
import { namesIn, preference } from './preferences';
import type { State } from './store';

/** myId is one's own user id, empty while signed out. */
export const myId = (state: State): string => state.users.me;
export const myProfile = (state: State): UserProfile | undefined => state.users.profiles[state.users.me];

/** setting reads a public setting of the server. */
export const setting = (state: State, key: string): string => state.server.config[key] ?? '';
export const isOn = (state: State, key: string): boolean => state.server.config[key] === 'true';

/** siteName is what this server is called; the protocol's default name is another product's. */
export function siteName(state: State): string {
  const name = setting(state, 'SiteName').trim();
  return name === '' || name === 'Mattermost' ? 'Parley' : name;
}

/** siteLink is a page that the server's administrator has set; empty for none, and for the protocol's defaults. */
export function siteLink(state: State, key: string): string {
  const link = setting(state, key);
  return /^https?:\/\//i.test(link) && !/^https?:\/\/([\w-]+\.)*mattermost\.com\//i.test(link) ? link : '';
}

/** NameFormat is how people are called: a setting of the server that each person may change. */
export function nameFormat(state: State): string {
  const own = isOn(state, 'LockTeammateNameDisplay')
    ? ''
    : preference(state.preferences, 'display_settings', 'name_format');
  return own || setting(state, 'TeammateNameDisplay') || 'username';
}

/** fullName is first and last name, or empty. */
export const fullName = (user: Pick<UserProfile, 'first_name' | 'last_name'>): string =>
  [user.first_name, user.last_name].filter(Boolean).join(' ').trim();

/** nameOf calls a person as the format says; the username when the rest is empty. */
export function nameOf(user: UserProfile | undefined, format: string): string {
  if (!user) return '…';
  if (format === 'nickname_full_name') return user.nickname || fullName(user) || user.username;
  if (format === 'full_name') return fullName(user) || user.username;
  return user.username;
}

/** displayName calls a person by id. */
export const displayName = (state: State, userId: string): string =>
  nameOf(state.users.profiles[userId], nameFormat(state));

/** partnerId is the other person of a direct channel; oneself in the channel with oneself. */
export function partnerId(channel: Pick<Channel, 'name'>, me: string): string {
  const [a = '', b = ''] = channel.name.split('__');
  return a === me ? b : a;
}

/** channelLabel is what a channel is called: a person's name for a direct channel, all others' for a group. */
export function channelLabel(state: State, channel: Channel): string {
  if (channel.type === 'D') return displayName(state, partnerId(channel, state.users.me));
  if (channel.type !== 'G') return channel.display_name;
  const own = myProfile(state)?.username;
  const others = channel.display_name.split(', ').filter((name) => name !== own);
  const byName = nameFormat(state) === 'username' ? undefined : usersByName(state);
  return others.map((name) => (byName?.get(name) ? nameOf(byName.get(name), nameFormat(state)) : name)).join(', ');
}

const byName = new WeakMap<object, Map<string, UserProfile>>();

/** usersByName maps the usernames of all known people; made once for each change of the profiles. */
export function usersByName(state: State): Map<string, UserProfile> {
  let map = byName.get(state.users.profiles);
  if (!map) {
    map = new Map(Object.values(state.users.profiles).map((user) => [user.username, user]));
    byName.set(state.users.profiles, map);
  }
  return map;
}

/** teamIdOf is the team of a channel, empty for direct and group channels; the given one when the channel is unknown. */
export const teamIdOf = (state: State, channelId: string, otherwise: string): string =>
  state.channels.channels[channelId]?.team_id ?? otherwise;

/** workTeam is the team that one works in at a channel: its own, and at a conversation the one that stands open. */
export const workTeam = (state: State, channelId: string): string =>
  teamIdOf(state, channelId, '') || state.place.teamId;

let mode: { config: unknown; preferences: unknown; collapsed: boolean } | undefined;

/** isCollapsed tells whether replies are read in threads, by the server's setting and one's own. */
export function isCollapsed(state: State): boolean {
  const { config } = state.server;
  // It is asked for each of thousands of channels.
  if (mode?.config !== config || mode.preferences !== state.preferences) {
    mode = { config, preferences: state.preferences, collapsed: wantsCollapsed(state) };
  }
  return mode.collapsed;
}

function wantsCollapsed(state: State): boolean {
  const wish = setting(state, 'CollapsedThreads');
  if (wish === 'always_on') return true;
  if (wish === 'disabled') return false;
  const fallback = wish === 'default_on' ? 'on' : 'off';
  return preference(state.preferences, 'display_settings', 'collapsed_reply_threads', fallback) === 'on';
}

/** Unread is what is unread in a channel. A muted channel shows mentions only. */
export type Unread = { unread: boolean; messages: number; mentions: number; muted: boolean };

const read: Unread = Object.freeze({ unread: false, messages: 0, mentions: 0, muted: false });

export function isMuted(state: State, channelId: string): boolean {
  return state.channels.mine[channelId]?.notify_props?.mark_unread === 'mention';
}

type Counted = { member: unknown; count: unknown; gone: boolean; collapsed: boolean; unread: Unread };
const counted = new Map<string, Counted>();

/** unreadOf counts what one has not read in a channel; the same object while nothing of that changed. */
export function unreadOf(state: State, channelId: string): Unread {
  const member = state.channels.mine[channelId];
  const channel = state.channels.channels[channelId];
  if (!member || !channel) return read;
  const count = state.channels.counts[channelId];
  const gone = channel.delete_at > 0;
  const collapsed = isCollapsed(state);
  const known = counted.get(channelId);
  if (known?.member === member && known.count === count && known.gone === gone && known.collapsed === collapsed) {
    return known.unread;
  }
  const unread = gone ? read : unreadIn(member, totals(count), collapsed);
  counted.set(channelId, { member, count, gone, collapsed, unread });
  return unread;
}

/** Direct and group messages count as mentions. */
function unreadIn(member: ChannelMembership, posts: { total: number; root: number }, collapsed: boolean): Unread {
  const { total, root } = posts;
  const messages = collapsed ? Math.max(0, root - (member.msg_count_root ?? 0)) : Math.max(0, total - member.msg_count);
  const mentions = collapsed ? (member.mention_count_root ?? 0) : member.mention_count;
  const muted = member.notify_props?.mark_unread === 'mention';
  return { unread: mentions > 0 || (messages > 0 && !muted), messages, mentions, muted };
}

/** channelsOfTeam lists one's channels of a team, direct and group channels included. */
export function channelsOfTeam(state: State, teamId: string): Channel[] {
  return Object.keys(state.channels.mine)
    .map((id) => state.channels.channels[id])
    .filter((channel) => channel !== undefined && (channel.team_id === teamId || channel.team_id === '')) as Channel[];
}

type Sum = { unread: boolean; mentions: number };
const nothing: Sum = Object.freeze({ unread: false, mentions: 0 });
let summed: { from: readonly unknown[]; sums: ReadonlyMap<string, Sum> } | undefined;

/** What is unread by team, and without a team; added up once for each change of it, however many ask. */
function unreadByTeam(state: State): ReadonlyMap<string, Sum> {
  const { mine, counts, channels } = state.channels;
  const from = [mine, counts, channels, isCollapsed(state)];
  if (summed?.from.every((one, i) => one === from[i])) return summed.sums;
  const sums = new Map<string, Sum>();
  for (const id of Object.keys(mine)) {
    const one = unreadOf(state, id);
    if (!one.unread) continue;
    const teamId = channels[id]?.team_id ?? '';
    const known = sums.get(teamId) ?? nothing;
    sums.set(teamId, { unread: true, mentions: known.mentions + one.mentions });
  }
  summed = { from, sums };
  return sums;
}

/** teamUnread sums a team's channels and threads, without direct messages, which belong to every team. */
export function teamUnread(state: State, teamId: string): Sum {
  const { unread, mentions } = unreadByTeam(state).get(teamId) ?? nothing;
  const threads = isCollapsed(state) ? state.threads.totals[teamId] : undefined;
  return { unread: unread || (threads?.unread ?? 0) > 0, mentions: mentions + (threads?.mentions ?? 0) };
}

/** allMentions is the number for the title and the favicon: all teams, threads and direct messages. */
export function allMentions(state: State): Sum {
  const sums = [...unreadByTeam(state).values()];
  let unread = sums.length > 0;
  let mentions = sums.reduce((sum, one) => sum + one.mentions, 0);
  if (isCollapsed(state)) {
    // A thread in a direct channel counts in every team, so its mentions are taken from one of them only.
    const totals = Object.values(state.threads.totals);
    unread ||= totals.some((one) => one.unread > 0);
    mentions += Math.max(0, ...totals.map((one) => one.mentions));
  }
  return { unread, mentions };
}

/** can tells whether one's roles, of the system, team and channel, hold a permission. The server has the last word. */
export function can(state: State, permission: string, where: { teamId?: string; channelId?: string } = {}): boolean {
  const holds = (roles: string | undefined) =>
    (roles ?? '').split(' ').some((role) => state.server.roles[role]?.includes(permission));
  if (holds(myProfile(state)?.roles)) return true;
  const channel = where.channelId ? state.channels.channels[where.channelId] : undefined;
  const teamId = where.teamId ?? channel?.team_id;
  if (teamId && holds(state.teams.mine[teamId]?.roles)) return true;
  return where.channelId ? holds(state.channels.mine[where.channelId]?.roles) : false;
}

export const isSystemAdmin = (state: State): boolean =>
  (myProfile(state)?.roles ?? '').split(' ').includes('system_admin');

/** myTeamIds lists one's teams in the order that the person chose, then by name. */
export function myTeamIds(state: State): string[] {
  const wished = preference(state.preferences, 'teams_order', '').split(',');
  const place = (id: string) => (wished.includes(id) ? wished.indexOf(id) : wished.length);
  return Object.keys(state.teams.mine)
    .filter((id) => state.teams.teams[id] && state.teams.teams[id]?.delete_at === 0)
    .sort((a, b) => {
      const byName = (state.teams.teams[a]?.display_name ?? '').localeCompare(state.teams.teams[b]?.display_name ?? '');
      return place(a) - place(b) || byName;
    });
}

/** savedIds are the posts that one has saved. */
export const savedIds = (state: State): string[] => namesIn(state.preferences, 'flagged_post').map(([name]) => name);
export const isSaved = (state: State, postId: string): boolean =>
  state.preferences[`flagged_post ${postId}`] === 'true';
