/** Who may be meant by an @: people of the channel first, then others, then everyone at once. */
import * as groupsApi from '@/api/groups';
import * as usersApi from '@/api/users';
import { fold } from '@/markdown/marks';
import { isIn } from '@/store/groups';
import { channelPosts } from '@/store/posts';
import { can, fullName, isOn, partnerId, teamIdOf } from '@/store/selectors';
import { dispatch, getState, type State } from '@/store/store';
import type { Section, Suggestion } from './suggestion';

type Person = usersApi.UserProfile;

const most = 25;

/** The words that mean everyone; each has a hint of its own in the catalogue. */
const everyone = ['here', 'channel', 'all'] as const;

/** Found is what the server said to a query. */
interface Found {
  inside: readonly Person[];
  outside: readonly Person[];
  /** There is nobody else: a longer query needs no other answer. */
  complete: boolean;
}

const answers = new Map<string, { at: number; found: Found }>();
const keptFor = 60_000;

const keyOf = (channelId: string, query: string): string => `${channelId} ${query}`;

/** The freshest answer that holds everybody a query can mean: its own, or a complete one to its beginning. */
function answerTo(channelId: string, query: string): Found | undefined {
  for (let length = query.length; length >= 0; length--) {
    const known = answers.get(keyOf(channelId, query.slice(0, length)));
    if (known && Date.now() - known.at < keptFor && (length === query.length || known.found.complete))
      return known.found;
  }
  return undefined;
}

/** isAnswered tells whether the server need not be asked. */
export const isAnswered = (channelId: string, query: string): boolean => answerTo(channelId, fold(query)) !== undefined;

/** askPeople asks the server who can be meant. It fails with an `ApiError`. */
export async function askPeople(channelId: string, query: string, signal: AbortSignal): Promise<void> {
  const state = getState();
  const in_team = teamIdOf(state, channelId, state.place.teamId);
  const [{ users, out_of_channel = [] }, groups] = await Promise.all([
    usersApi.autocompleteUsers(query, { in_team, in_channel: channelId, limit: most }, signal),
    askGroups(state, channelId, query, signal),
  ]);
  dispatch({ type: 'users/received', users: [...users, ...out_of_channel] }, { type: 'groups/received', groups });
  const complete = users.length < most && out_of_channel.length < most && groups.length < mostGroups;
  if (answers.size > 200) answers.clear();
  answers.set(keyOf(channelId, fold(query)), {
    at: Date.now(),
    found: { inside: users, outside: out_of_channel, complete },
  });
}

const mostGroups = 10;

const mayMentionGroups = (state: State, channelId: string): boolean =>
  isOn(state, 'EnableCustomGroups') && can(state, 'use_group_mentions', { channelId });

/** People are worth completing without their groups: that these can't be had is no failure. */
async function askGroups(
  state: State,
  channelId: string,
  q: string,
  signal: AbortSignal,
): Promise<readonly groupsApi.Group[]> {
  if (!mayMentionGroups(state, channelId)) return [];
  const query = { q, filter_allow_reference: true, include_member_count: true, per_page: mostGroups };
  return groupsApi.listGroups(query, signal).catch(() => []);
}

/** The groups that a query can mean, one's own first. */
function groupsFor(state: State, channelId: string, query: string): Section {
  const named = (group: groupsApi.Group) =>
    [group.name, ...group.display_name.split(/\s+/), group.display_name].some((word) => fold(word).startsWith(query));
  const open = Object.values(state.groups.groups)
    .filter((group) => group.delete_at === 0 && group.allow_reference && named(group))
    .sort(
      (a, b) => Number(isIn(state.groups, b.id)) - Number(isIn(state.groups, a.id)) || a.name.localeCompare(b.name),
    );
  const items = mayMentionGroups(state, channelId) ? open.slice(0, mostGroups) : [];
  return {
    id: 'groups',
    items: items.map(({ id, name, display_name, member_count }): Suggestion => {
      return { kind: 'group', id, insert: `@${name} `, label: display_name, count: member_count };
    }),
  };
}

function matches(user: Person, query: string): boolean {
  if (!query) return true;
  const names = [user.username, user.nickname, user.first_name, user.last_name, fullName(user)].map(fold);
  return (
    names.some((name) => name.startsWith(query)) ||
    names.some((name) => name.split(/[\s._-]+/).some((w) => w.startsWith(query)))
  );
}

/** Who wrote in a channel lately, the last first: whom one answers is most often meant. */
function authors(state: State, channelId: string): string[] {
  const posts = Object.values(channelPosts(state.posts, channelId).posts).sort((a, b) => b.create_at - a.create_at);
  return [...new Set(posts.slice(0, 200).map((post) => post.user_id))];
}

/** Whom of the channel one knows without asking: who wrote there, the partner, the others of a group. */
function knownInside(state: State, channelId: string): Person[] {
  const channel = state.channels.channels[channelId];
  const ids = new Set(authors(state, channelId));
  if (channel?.type === 'D') ids.add(partnerId(channel, state.users.me));
  const group = channel?.type === 'G' ? channel.display_name.split(', ') : [];
  const users = Object.values(state.users.profiles).filter((user) => ids.has(user.id) || group.includes(user.username));
  // Who was in the channel may have left: only the server knows. Bots of integrations write without being members.
  return users.filter((user) => !user.is_bot);
}

function ranked(state: State, channelId: string, users: readonly Person[], query: string): Person[] {
  const recent = authors(state, channelId);
  const place = new Map(recent.map((id, index) => [id, index]));
  const rank = (user: Person) => {
    const own = user.id === state.users.me ? 1000 : 0;
    const exact = user.username === query ? -1000 : 0;
    return own + exact + (query && !user.username.startsWith(query) ? 300 : 0) + (place.get(user.id) ?? 250);
  };
  return [...users].sort((a, b) => rank(a) - rank(b) || a.username.localeCompare(b.username));
}

function section(id: Section['id'], users: readonly Person[]): Section {
  return {
    id,
    items: users.map((user): Suggestion => ({ kind: 'person', id: user.id, insert: `@${user.username} ` })),
  };
}

/** suggestPeople lists who can be meant, from what is known now. */
export function suggestPeople(state: State, channelId: string, written: string): Section[] {
  const query = fold(written);
  const found = answerTo(channelId, query);
  const open = (user: Person) => user.delete_at === 0 && matches(user, query);
  const inside = (found?.inside ?? knownInside(state, channelId)).filter(open);
  const within = new Set(inside.map((user) => user.id));
  const outside = (found?.outside ?? []).filter((user) => open(user) && !within.has(user.id));
  const conversation = state.channels.channels[channelId]?.type === 'D';
  const words =
    conversation || !can(state, 'use_channel_mentions', { channelId })
      ? []
      : everyone.filter((word) => word.startsWith(query));
  const all: Section = {
    id: 'everyone',
    items: words.map((word): Suggestion => ({ kind: 'everyone', id: word, insert: `@${word} ` })),
  };
  return [
    section('inside', ranked(state, channelId, inside, query).slice(0, most)),
    all,
    groupsFor(state, channelId, query),
    section('outside', ranked(state, channelId, outside, query).slice(0, most)),
  ].filter(({ items }) => items.length > 0);
}
