/** What can complete a query at the caret: filters, people, channels, days, and what was searched for lately. */
import { autocompleteUsers } from '@/api/users';
import { fold } from '@/markdown/marks';
import type { Channel } from '@/store/channels';
import { recentChannels } from '@/store/recent';
import { channelLabel, channelsOfTeam, fullName, myProfile, partnerId } from '@/store/selectors';
import { dispatch, getState, type State } from '@/store/store';
import { type Edited, type FilterName, filterNames, quotedValue, replaced, type Token, tokenAt } from './query';

/** Completion is one proposal. */
export type Completion =
  | { kind: 'recent'; terms: string }
  | { kind: 'filter'; name: FilterName; not: boolean }
  | { kind: 'person'; userId: string; username: string }
  | { kind: 'channel'; channelId: string; value: string }
  | { kind: 'day'; day: DayName; date: string };

/** The days that are proposed by name. */
export const dayNames = ['today', 'yesterday', 'week', 'month'] as const;
export type DayName = (typeof dayNames)[number];

const most = 8;
const dayFilters = new Set(['on', 'before', 'after']);

/** filterAt is the filter that somebody types a value for. */
export function filterAt(text: string, caret: number): Token | undefined {
  const token = tokenAt(text, caret);
  return token?.kind === 'filter' && caret >= token.valueStart ? token : undefined;
}

/** takesDay tells whether the value at the caret is a day. */
export const takesDay = (text: string, caret: number): boolean => dayFilters.has(filterAt(text, caret)?.name ?? '');

const isoDay = (date: Date): string =>
  `${date.getFullYear()}-${String(date.getMonth() + 1).padStart(2, '0')}-${String(date.getDate()).padStart(2, '0')}`;

/** dateOf is the date of a day by name, seen from a moment. */
export function dateOf(day: DayName, now: Date): string {
  const date = new Date(now);
  if (day === 'yesterday') date.setDate(date.getDate() - 1);
  if (day === 'week') date.setDate(date.getDate() - 7);
  // A month before the 31st may have no such day.
  if (day === 'month') {
    date.setDate(0);
    date.setDate(Math.min(date.getDate(), now.getDate()));
  }
  return isoDay(date);
}

const wordStarts = (text: string, query: string): boolean =>
  fold(text).startsWith(query) ||
  fold(text)
    .split(/[\s._-]+/)
    .some((word) => word.startsWith(query));

function people(state: State, typed: string): Completion[] {
  const query = fold(typed.replace(/^@/, ''));
  const me = state.users.me;
  const rank = (id: string, username: string) => (id === me ? 2 : 0) + (username.startsWith(query) ? 0 : 1);
  return Object.values(state.users.profiles)
    .filter((user) => user.delete_at === 0)
    .filter((user) => [user.username, fullName(user), user.nickname].some((name) => name && wordStarts(name, query)))
    .sort((a, b) => rank(a.id, a.username) - rank(b.id, b.username) || a.username.localeCompare(b.username))
    .slice(0, most)
    .map((user) => ({ kind: 'person', userId: user.id, username: user.username }));
}

/** channelValue is how a query names a channel: conversations go by who is in them. */
export function channelValue(state: State, channel: Channel): string {
  if (channel.type === 'D') {
    const partner = state.users.profiles[partnerId(channel, state.users.me)];
    return partner ? `@${partner.username}` : channel.name;
  }
  if (channel.type !== 'G') return channel.name;
  const own = myProfile(state)?.username;
  const others = channel.display_name.split(', ').filter((name) => name !== own);
  return others.length > 0 ? `@${others.join(',')}` : channel.name;
}

function channels(state: State, typed: string): Completion[] {
  const query = fold(typed.replace(/^[~@]/, ''));
  const recent = recentChannels();
  const place = (id: string) => (recent.includes(id) ? recent.indexOf(id) : recent.length);
  return channelsOfTeam(state, state.place.teamId)
    .filter((channel) => channel.delete_at === 0)
    .map((channel) => ({ channel, label: channelLabel(state, channel), value: channelValue(state, channel) }))
    .filter(({ label, value }) => wordStarts(label, query) || wordStarts(value.replace(/^@/, ''), query))
    .sort((a, b) => place(a.channel.id) - place(b.channel.id) || a.label.localeCompare(b.label))
    .slice(0, most)
    .map(({ channel, value }) => ({ kind: 'channel', channelId: channel.id, value }));
}

function days(typed: string, now: Date): Completion[] {
  return dayNames
    .map((day): Completion & { kind: 'day' } => ({ kind: 'day', day, date: dateOf(day, now) }))
    .filter(({ date }) => date.startsWith(typed));
}

function filters(token: Token | undefined): Completion[] {
  const word = token?.kind === 'word' ? token.value.toLowerCase() : '';
  return filterNames
    .filter((name) => name.startsWith(word))
    .map((name) => ({ kind: 'filter', name, not: token?.not ?? false }));
}

/** completionsAt proposes what may come at the caret, from what is known now. */
export function completionsAt(
  state: State,
  text: string,
  caret: number,
  recent: readonly string[],
  now: Date,
): Completion[] {
  if (text.trim() === '') {
    return [...recent.slice(0, 5).map((terms): Completion => ({ kind: 'recent', terms })), ...filters(undefined)];
  }
  const filter = filterAt(text, caret);
  if (filter?.name === 'from') return people(state, filter.value);
  if (filter?.name === 'in') return channels(state, filter.value);
  if (filter && dayFilters.has(filter.name ?? '')) return days(filter.value, now);
  const token = tokenAt(text, caret);
  return token?.kind === 'word' && token.value !== '' ? filters(token) : [];
}

/** completed puts a proposal into the query. */
export function completed(text: string, caret: number, completion: Completion): Edited {
  if (completion.kind === 'recent') return { text: completion.terms, caret: completion.terms.length };
  const token = tokenAt(text, caret);
  if (completion.kind === 'filter') {
    const words = `${completion.not ? '-' : ''}${completion.name}:`;
    return token ? replaced(text, token.start, token.end, words, false) : replaced(text, caret, caret, words, false);
  }
  const value =
    completion.kind === 'person' ? completion.username : completion.kind === 'day' ? completion.date : completion.value;
  const start = token?.valueStart ?? caret;
  return replaced(text, start, token?.end ?? caret, quotedValue(value), true);
}

let asking: AbortController | undefined;
const asked = new Set<string>();

/** askPeople looks for people that are not known yet. It never rejects. */
export async function askPeople(typed: string): Promise<void> {
  const name = typed.replace(/^@/, '').toLowerCase();
  const { teamId } = getState().place;
  if (asked.has(`${teamId} ${name}`)) return;
  asking?.abort();
  asking = new AbortController();
  try {
    const { users } = await autocompleteUsers(name, { in_team: teamId, limit: 25 }, asking.signal);
    asked.add(`${teamId} ${name}`);
    dispatch({ type: 'users/received', users });
  } catch {
    // Whom one knows already is proposed anyway.
  }
}
