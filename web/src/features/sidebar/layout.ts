/**
 * What stands in the sidebar: which channels, in which category, in which order. Pure; the server keeps categories and
 * what is listed in them, the rest are rules.
 */
import { type ChannelCategory, teamCategories } from '@/store/categories';
import { accepts, isConversation, isHome } from '@/store/categoryMoves';
import type { Channel } from '@/store/channels';
import { preference } from '@/store/preferences';
import { channelLabel, isCollapsed, isMuted, partnerId, unreadOf } from '@/store/selectors';
import type { State } from '@/store/store';

/** Section is a category as it is shown. The section of what is unread is no category. */
export type Section = {
  id: string;
  kind: ChannelCategory['type'] | 'unread';
  category?: ChannelCategory;
  /** The channels that are shown, in order. */
  ids: readonly string[];
  /** Nothing is in it, folded or not. */
  empty: boolean;
};

export const unreadSection = 'unread';

/** How many conversations are shown at least, unless the person says otherwise; more only when all are wanted. */
const conversationsShown = 20;
const conversationsMost = 40;
const allConversations = 10_000;

/** conversationLimit is how many conversations the person wants to see. */
export function conversationLimit(state: State): number {
  const wish = Number(preference(state.preferences, 'sidebar_settings', 'limit_visible_dms_gms'));
  if (!Number.isFinite(wish) || wish <= 0) return conversationsShown;
  return wish >= allConversations ? Number.POSITIVE_INFINITY : Math.min(wish, conversationsMost);
}

/** groupsUnread tells whether what is unread stands together at the top. */
export const groupsUnread = (state: State): boolean =>
  preference(state.preferences, 'sidebar_settings', 'show_unread_section') === 'true';

/** activity is when something was last said in a channel. */
export function activity(state: State, channel: Channel): number {
  const last = isCollapsed(state) ? channel.last_root_post_at || channel.last_post_at : channel.last_post_at;
  return Math.max(last, channel.create_at);
}

const isClosed = (state: State, channel: Channel): boolean =>
  channel.type === 'D'
    ? preference(state.preferences, 'direct_channel_show', partnerId(channel, state.users.me)) === 'false'
    : preference(state.preferences, 'group_channel_show', channel.id) === 'false';

/** Whom nobody can answer any more is shown until one has seen that. */
function isGone(state: State, channel: Channel): boolean {
  if (channel.type !== 'D') return false;
  const left = state.users.profiles[partnerId(channel, state.users.me)]?.delete_at ?? 0;
  return left > 0 && left > (state.channels.mine[channel.id]?.last_viewed_at ?? 0);
}

/** isShown tells whether a channel has a place in the sidebar at all, before folding and limits. */
export function isShown(state: State, channel: Channel): boolean {
  if (channel.id === state.place.channelId && state.place.view === 'channel') return true;
  if (channel.delete_at > 0) return false;
  if (!isConversation(channel)) return true;
  if (unreadOf(state, channel.id).unread) return true;
  return !isClosed(state, channel) && !isGone(state, channel);
}

/** members gives each category its channels; those that are listed nowhere stand in their home, by name. */
function members(state: State, categories: readonly ChannelCategory[], teamId: string): Map<string, Channel[]> {
  const rest = new Map<string, Channel>();
  for (const id of Object.keys(state.channels.mine)) {
    const channel = state.channels.channels[id];
    if (channel && (channel.team_id === teamId || channel.team_id === '')) rest.set(id, channel);
  }
  const found = new Map<string, Channel[]>();
  for (const category of categories) {
    const list: Channel[] = [];
    for (const id of category.channel_ids) {
      const channel = rest.get(id);
      if (!channel) continue;
      rest.delete(id);
      list.push(channel);
    }
    found.set(category.id, list);
  }
  const unlisted = [...rest.values()];
  for (const home of categories.filter(isHome)) {
    const own = byName(
      state,
      home.id,
      unlisted.filter((channel) => accepts(home, channel)),
      false,
    );
    found.set(home.id, [...(found.get(home.id) ?? []), ...own]);
  }
  return found;
}

const collator = new Intl.Collator(undefined, { numeric: true, sensitivity: 'base' });
const compare = (a: string, b: string): number => collator.compare(a, b);

type Named = { names: readonly string[]; muted: readonly boolean[]; order: readonly number[] };
const named = new Map<string, Named>();

/**
 * byName sorts by name, the muted last when that is wanted. Sorting words of a language takes long, and what has the
 * same names is sorted anew with each message: so the last order of each list is kept.
 */
function byName(state: State, listId: string, channels: Channel[], mutedLast: boolean): Channel[] {
  const names = channels.map((channel) => channelLabel(state, channel));
  const muted = channels.map((channel) => mutedLast && isMuted(state, channel.id));
  const known = named.get(listId);
  const same = known && sameList(known.names, names) && sameList(known.muted, muted);
  const order = same
    ? known.order
    : names
        .map((_, i) => i)
        .sort((a, b) => Number(muted[a]) - Number(muted[b]) || compare(names[a] ?? '', names[b] ?? ''));
  if (!same) named.set(listId, { names, muted, order });
  return order.map((i) => channels[i]).filter((channel) => channel !== undefined);
}

/** sorted orders the channels of a category as it wants; muted ones stand last where names decide. */
function sorted(state: State, category: ChannelCategory, channels: Channel[]): Channel[] {
  if (category.sorting === 'alpha') {
    return byName(state, `alpha ${category.id}`, channels, true);
  }
  if (category.sorting === 'recent' || category.type === 'direct_messages') {
    return [...channels].sort((a, b) => activity(state, b) - activity(state, a) || compare(a.id, b.id));
  }
  return channels;
}

/** limited keeps the conversations with something to say, and the latest others up to the person's limit. */
export function limited(state: State, channels: readonly Channel[]): Channel[] {
  const most = conversationLimit(state);
  if (channels.length <= most) return [...channels];
  const always = new Set(
    channels
      .filter((channel) => channel.id === state.place.channelId || unreadOf(state, channel.id).unread)
      .map((channel) => channel.id),
  );
  const latest = channels
    .filter((channel) => !always.has(channel.id))
    .sort((a, b) => activity(state, b) - activity(state, a))
    .slice(0, Math.max(0, most - always.size));
  const kept = new Set([...always, ...latest.map((channel) => channel.id)]);
  return channels.filter((channel) => kept.has(channel.id));
}

/** byUrgency puts mentions before other unread messages, and the latest first. */
function byUrgency(state: State, channels: Channel[]): Channel[] {
  const mentions = (channel: Channel) => (unreadOf(state, channel.id).mentions > 0 ? 1 : 0);
  return channels.sort((a, b) => mentions(b) - mentions(a) || activity(state, b) - activity(state, a));
}

/**
 * sectionsOf arranges the sidebar of the current team; undefined while its categories are not loaded. With `unreadOnly`
 * there is one section, of what is unread and what is open.
 */
export function sectionsOf(state: State, unreadOnly: boolean): Section[] | undefined {
  const { teamId, channelId, view } = state.place;
  if (!state.categories[teamId]) return undefined;
  const categories = teamCategories(state.categories, teamId);
  const lists = members(state, categories, teamId);
  const apart = unreadOnly || groupsUnread(state);
  const waits = (channel: Channel) =>
    unreadOf(state, channel.id).unread || (unreadOnly && view === 'channel' && channel.id === channelId);
  const unread: Channel[] = [];
  const sections: Section[] = [];
  for (const category of categories) {
    const shown = (lists.get(category.id) ?? []).filter((channel) => isShown(state, channel));
    const mine = apart ? shown.filter((channel) => !waits(channel)) : shown;
    if (apart) unread.push(...shown.filter(waits));
    if (unreadOnly) continue;
    const within = category.type === 'direct_messages' ? limited(state, mine) : mine;
    const open = category.collapsed
      ? within.filter((channel) => channel.id === channelId || unreadOf(state, channel.id).unread)
      : within;
    const ids = sorted(state, category, open).map((channel) => channel.id);
    sections.push({ id: category.id, kind: category.type, category, ids, empty: shown.length === 0 });
  }
  // Favourites are there once there is one.
  const kept = sections.filter((section) => section.kind !== 'favorites' || !section.empty);
  if (!apart || (unread.length === 0 && !unreadOnly)) return kept;
  const ids = byUrgency(state, unread).map((channel) => channel.id);
  return [{ id: unreadSection, kind: 'unread', ids, empty: ids.length === 0 }, ...kept];
}

const sameList = (a: readonly unknown[], b: readonly unknown[]): boolean =>
  a.length === b.length && a.every((one, i) => one === b[i]);

/** shared takes over what didn't change from the sections before, so that only what did is drawn again. */
export function shared(before: readonly Section[] | undefined, next: readonly Section[]): readonly Section[] {
  if (!before) return next;
  const known = new Map(before.map((section) => [section.id, section]));
  const list = next.map((section) => {
    const old = known.get(section.id);
    const same =
      old && old.category === section.category && old.empty === section.empty && sameList(old.ids, section.ids);
    return same ? old : section;
  });
  return sameList(before, list) ? before : list;
}

/**
 * held keeps what stands under somebody's pointer where it is: channels stay in their section and order, those that are
 * there no longer go, new ones come in beside their neighbour.
 */
export function held(
  before: readonly Section[],
  next: readonly Section[],
  exists: (channelId: string) => boolean,
): readonly Section[] {
  const placed = new Set(before.flatMap((section) => section.ids));
  const wanted = new Map(next.map((section) => [section.id, section]));
  const sections = before.map((section) => {
    const ids = section.ids.filter(exists);
    return { ...section, ...wanted.get(section.id), ids };
  });
  for (const section of next) {
    let own = sections.find((one) => one.id === section.id);
    if (!own) {
      own = { ...section, ids: [] };
      sections.splice(next.indexOf(section), 0, own);
    }
    const ids = [...own.ids];
    section.ids.forEach((id, i) => {
      if (placed.has(id)) return;
      const neighbour = section.ids.slice(0, i).findLast((other) => ids.includes(other));
      ids.splice(neighbour === undefined ? 0 : ids.indexOf(neighbour) + 1, 0, id);
    });
    own.ids = ids;
  }
  return sections.filter((section) => wanted.has(section.id) || section.ids.length > 0);
}
