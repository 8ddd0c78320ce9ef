/** What the switcher can go to, prepared once for each change of what is known. */
import type { UserProfile } from '@mattermost/types/users';
import { activity } from '@/features/sidebar/layout';
import type { Channel } from '@/store/channels';
import { recentChannels } from '@/store/recent';
import {
  channelLabel,
  fullName,
  isCollapsed,
  myTeamIds,
  nameFormat,
  nameOf,
  partnerId,
  unreadOf,
} from '@/store/selectors';
import type { State } from '@/store/store';
import { compare, folded, matchOf, type Ranked, type Words, wordsOf } from './rank';

/** Entry is one place to go to. */
export type Entry = { key: string; label: string; words: Words } & (
  | { kind: 'channel'; channel: Channel }
  | { kind: 'person'; userId: string; channelId?: string }
  | { kind: 'team'; teamId: string }
  | { kind: 'threads' }
);

/** How many of the last visits count as lately. */
const lately = 12;

/** How many are shown. */
export const shownMost = 24;

const ofPerson = (user: UserProfile, label: string): Words =>
  wordsOf(label, [user.username, fullName(user), user.nickname]);

// Preparing takes longer than looking: what is known is prepared once, however often messages come.
const people = new WeakMap<UserProfile, { label: string; words: Words }>();
const rooms = new Map<string, { label: string; name: string; words: Words }>();

function personEntry(user: UserProfile, format: string, channelId?: string): Entry {
  const label = nameOf(user, format);
  let known = people.get(user);
  if (known?.label !== label) {
    known = { label, words: ofPerson(user, label) };
    people.set(user, known);
  }
  const entry = { key: `person ${user.id}`, kind: 'person', userId: user.id, label, words: known.words } as const;
  return channelId ? { ...entry, channelId } : entry;
}

function channelEntry(state: State, channel: Channel): Entry {
  const label = channelLabel(state, channel);
  const name = channel.type === 'G' ? channel.display_name : channel.name;
  let known = rooms.get(channel.id);
  if (known?.label !== label || known.name !== name) {
    known = { label, name, words: wordsOf(label, [name]) };
    rooms.set(channel.id, known);
  }
  return { key: `channel ${channel.id}`, kind: 'channel', channel, label, words: known.words };
}

function entryOf(state: State, channel: Channel, format: string): Entry | undefined {
  if (channel.type !== 'D') return channelEntry(state, channel);
  const user = state.users.profiles[partnerId(channel, state.users.me)];
  return user && personEntry(user, format, channel.id);
}

function make(state: State): Entry[] {
  const format = nameFormat(state);
  const entries: Entry[] = [];
  const talked = new Set<string>();
  for (const id of Object.keys(state.channels.mine)) {
    const channel = state.channels.channels[id];
    if (!channel) continue;
    const entry = entryOf(state, channel, format);
    if (!entry) continue;
    if (entry.kind === 'person') talked.add(entry.userId);
    entries.push(entry);
  }
  for (const user of Object.values(state.users.profiles)) {
    if (talked.has(user.id) || user.delete_at > 0) continue;
    entries.push(personEntry(user, format));
  }
  for (const teamId of myTeamIds(state)) {
    const team = state.teams.teams[teamId];
    if (!team) continue;
    const words = wordsOf(team.display_name, [team.name]);
    entries.push({ key: `team ${teamId}`, kind: 'team', teamId, label: team.display_name, words });
  }
  return entries;
}

let last: { from: readonly unknown[]; entries: Entry[] } | undefined;

/** entriesOf lists everything that is known; the same list while nothing of it changed. */
export function entriesOf(state: State): readonly Entry[] {
  const from = [state.channels.mine, state.channels.channels, state.users.profiles, state.teams, nameFormat(state)];
  if (!last?.from.every((one, i) => one === from[i])) last = { from, entries: make(state) };
  return last.entries;
}

const idOf = (entry: Entry): string | undefined =>
  entry.kind === 'channel' ? entry.channel.id : entry.kind === 'person' ? entry.channelId : undefined;

function waitingOf(state: State, channelId: string | undefined): 0 | 1 | 2 {
  if (!channelId) return 0;
  const { unread, mentions } = unreadOf(state, channelId);
  return mentions > 0 ? 2 : unread ? 1 : 0;
}

/** What fits as well comes after: a place of another team, a team, an archived channel, a group. */
function farther(state: State, entry: Entry): number {
  if (entry.kind === 'team') return 0.2;
  if (entry.kind !== 'channel') return 0;
  const { team_id: teamId, delete_at: deleted, type } = entry.channel;
  const elsewhere = teamId !== '' && teamId !== state.place.teamId ? 0.25 : 0;
  // In a group everybody's name fits: the person alone is meant first.
  return elsewhere + (deleted > 0 ? 0.4 : 0) + (type === 'G' ? 0.3 : 0);
}

function ranked(state: State, entry: Entry, quality: number, visits: ReadonlyMap<string, number>): Ranked {
  const id = idOf(entry);
  const channel = id ? state.channels.channels[id] : undefined;
  return {
    fit: quality,
    waiting: waitingOf(state, id),
    visited: id ? (visits.get(id) ?? 0) : 0,
    at: channel ? activity(state, channel) : 0,
    own: entry.kind === 'team' || (id !== undefined && state.channels.mine[id] !== undefined),
    label: entry.label,
  };
}

type Fitting = { entry: Entry; fit: number };

/** Only those that may be shown are ranked: a letter or two fit nearly everything. */
function foremost(fitting: Fitting[]): Fitting[] {
  if (fitting.length <= shownMost) return fitting;
  const last = fitting.map(({ fit }) => fit).sort((a, b) => a - b)[shownMost - 1] ?? 0;
  return fitting.filter(({ fit }) => fit <= last);
}

/** found lists what fits a query, the best first. `more` is what the server found beside what is known. */
export function found(state: State, query: string, more: readonly Channel[], threads: string): Entry[] {
  const wanted = folded(query.trim()).replace(/^[@~#]/, '');
  const kind = /^\s*@/.test(query) ? 'person' : /^\s*[~#]/.test(query) ? 'channel' : undefined;
  const recent = recentChannels().slice(0, lately);
  const visits = new Map(recent.map((id, i) => [id, recent.length - i]));
  const extra = more
    .filter((channel) => !state.channels.mine[channel.id])
    .map((channel) => channelEntry(state, channel));
  const place: Entry[] = isCollapsed(state)
    ? [{ key: 'threads', kind: 'threads', label: threads, words: wordsOf(threads) }]
    : [];
  const fitting: Fitting[] = [];
  for (const entry of [...place, ...entriesOf(state), ...extra]) {
    if (kind && entry.kind !== kind) continue;
    const quality = matchOf(entry.words, wanted);
    if (quality !== undefined) fitting.push({ entry, fit: quality + farther(state, entry) });
  }
  return foremost(fitting)
    .map(({ entry, fit }) => ({ entry, rank: ranked(state, entry, fit, visits) }))
    .sort((a, b) => compare(a.rank, b.rank))
    .slice(0, shownMost)
    .map(({ entry }) => entry);
}

/** Offered is what stands there before anything is typed. */
export type Offered = { unread: Entry[]; recent: Entry[] };

const unreadMost = 12;
const recentMost = 12;

type Known = { entry: Entry; id: string; waiting: 0 | 1 | 2; at: number };

/** latest picks the few that something was said in last, without sorting them all. */
function latest(known: readonly Known[], most: number): Known[] {
  const picked: Known[] = [];
  for (const one of known) {
    const least = picked.at(-1);
    if (picked.length >= most && least && one.at <= least.at) continue;
    const place = picked.findIndex((other) => other.at < one.at);
    picked.splice(place < 0 ? picked.length : place, 0, one);
    if (picked.length > most) picked.pop();
  }
  return picked;
}

/** offered lists what waits, mentions first, and where one was last. */
export function offered(state: State): Offered {
  const known = new Map<string, Known>();
  for (const entry of entriesOf(state)) {
    const id = idOf(entry);
    const channel = id ? state.channels.channels[id] : undefined;
    if (!id || !channel || channel.delete_at > 0) continue;
    known.set(id, { entry, id, waiting: waitingOf(state, id), at: activity(state, channel) });
  }
  const all = [...known.values()];
  const unread = all
    .filter((one) => one.waiting > 0)
    .sort((a, b) => b.waiting - a.waiting || b.at - a.at)
    .slice(0, unreadMost);
  const taken = new Set([...unread.map((one) => one.id), state.place.channelId]);
  const rest = all.filter((one) => !taken.has(one.id));
  const visited = recentChannels().filter((id) => !taken.has(id));
  const ids = [...new Set([...visited, ...latest(rest, recentMost).map((one) => one.id)])];
  const recent = ids.map((id) => known.get(id)?.entry).filter((entry) => entry !== undefined);
  return { unread: unread.map((one) => one.entry), recent: recent.slice(0, recentMost) };
}
