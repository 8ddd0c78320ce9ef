/**
 * Channels, one's memberships and what is unread.
 *
 * A channel's total comes with answers, as of its last post, and grows with each post heard of. A post is counted
 * once, whichever comes first: those not later than the answer's last post are in its total already.
 * What has been read comes with answers and events; an answer that was asked for before the last event about the
 * same channel is old news and is left aside (`asked`, see `tick`).
 */
import type { Channel, ChannelMembership, ChannelStats, ServerChannel } from '@mattermost/types/channels';

/** Heard is a post that came after the answer: what is no message counts for nothing, but is heard of once, too. */
type Heard = { id: string; at: number; root: boolean; counts: boolean };
/** Count is a channel's number of posts: of all, and of roots alone, as of the post at `at`, and what came since. */
type Count = { total: number; root: number; at: number; live: readonly Heard[] };

export type ChannelsState = {
  channels: Readonly<Record<string, Channel>>;
  counts: Readonly<Record<string, Count>>;
  mine: Readonly<Record<string, ChannelMembership>>;
  /** When the read state of a channel last changed by an event, counted in `tick`s. */
  touched: Readonly<Record<string, number>>;
  tick: number;
  /** Channels whose read state an answer could not tell for sure; they are asked for again. */
  unsure: readonly string[];
  /** Marked unread by hand: stays unread while one looks at it. */
  manual: Readonly<Record<string, boolean>>;
  /** How many members and pinned posts channels have, as far as asked for. */
  stats: Readonly<Record<string, ChannelStats>>;
};

export type HeardPost = { id: string; channelId: string; at: number; root: boolean; counts: boolean };

export type ChannelsAction =
  | { type: 'channels/received'; channels: readonly ServerChannel[] }
  | { type: 'channels/mine'; members: readonly ChannelMembership[]; asked: number }
  | { type: 'channel/left'; channelId: string }
  | { type: 'channel/archived'; channelId: string; at: number }
  | { type: 'channel/heard'; post: HeardPost; own: boolean; mentioned: boolean; urgent: boolean }
  | { type: 'channels/viewed'; times: Readonly<Record<string, number>> }
  | { type: 'channel/unread'; channelId: string; read: Partial<ChannelMembership>; byHand: boolean }
  | { type: 'channel/manual'; channelId: string; manual: boolean }
  | { type: 'channel/stats'; stats: ChannelStats };

export const noChannels: ChannelsState = {
  channels: {},
  counts: {},
  mine: {},
  touched: {},
  tick: 0,
  unsure: [],
  manual: {},
  stats: {},
};
export type { Channel, ChannelMembership, ChannelStats, ServerChannel };

const noCount: Count = { total: 0, root: 0, at: 0, live: [] };

/** totals adds what was heard since the last answer to what it said. */
export function totals(count: Count | undefined): { total: number; root: number } {
  if (!count) return { total: 0, root: 0 };
  const counted = count.live.filter((post) => post.counts);
  return { total: count.total + counted.length, root: count.root + counted.filter((post) => post.root).length };
}

function counted(known: Count | undefined, channel: ServerChannel): Count {
  const total = channel.total_msg_count ?? 0;
  const root = channel.total_msg_count_root ?? 0;
  if (!known) return { total, root, at: channel.last_post_at, live: [] };
  if (known.at > channel.last_post_at) return known;
  if (known.at === channel.last_post_at && known.total > total) return known;
  const live = known.live.filter((post) => post.at > channel.last_post_at);
  return { total, root, at: channel.last_post_at, live };
}

// Old entries are folded into the total: an answer from before them would be ignored anyway.
const liveMost = 64;

function heardOf(known: Count | undefined, post: HeardPost): Count {
  const count = known ?? noCount;
  if (post.at <= count.at || count.live.some((other) => other.id === post.id)) return count;
  const live = [...count.live, { id: post.id, at: post.at, root: post.root, counts: post.counts }];
  if (live.length <= liveMost) return { ...count, live };
  const [oldest, ...rest] = live.sort((a, b) => a.at - b.at);
  if (!oldest) return count;
  const one = oldest.counts ? 1 : 0;
  return { total: count.total + one, root: count.root + (oldest.root ? one : 0), at: oldest.at, live: rest };
}

/** stripped leaves out the counts, which are kept apart. */
function stripped(channel: ServerChannel): Channel {
  const { total_msg_count: _, total_msg_count_root: __, ...rest } = channel;
  return rest;
}

function received(state: ChannelsState, came: readonly ServerChannel[]): ChannelsState {
  const channels = { ...state.channels };
  const counts = { ...state.counts };
  for (const channel of came) {
    const known = channels[channel.id];
    counts[channel.id] = counted(counts[channel.id], channel);
    const newest = Math.max(known?.last_post_at ?? 0, channel.last_post_at);
    const base = known && known.update_at > channel.update_at ? known : stripped(channel);
    const newestRoot = Math.max(known?.last_root_post_at ?? 0, channel.last_root_post_at ?? 0);
    channels[channel.id] = { ...base, last_post_at: newest, last_root_post_at: newestRoot };
  }
  return { ...state, channels, counts };
}

const readKeys = [
  'msg_count',
  'msg_count_root',
  'mention_count',
  'mention_count_root',
  'urgent_mention_count',
  'last_viewed_at',
] as const;

function mine(state: ChannelsState, members: readonly ChannelMembership[], asked: number): ChannelsState {
  const next = { ...state.mine };
  const unsure = new Set(state.unsure);
  for (const member of members) {
    const known = next[member.channel_id];
    const late = (state.touched[member.channel_id] ?? 0) > asked;
    if (late) unsure.add(member.channel_id);
    else unsure.delete(member.channel_id);
    if (late && known) {
      const kept = Object.fromEntries(readKeys.map((key) => [key, known[key]]));
      next[member.channel_id] = { ...member, ...kept };
    } else next[member.channel_id] = member;
  }
  return { ...state, mine: next, unsure: [...unsure] };
}

function heard(state: ChannelsState, action: Extract<ChannelsAction, { type: 'channel/heard' }>): ChannelsState {
  const { post } = action;
  const before = state.counts[post.channelId];
  const count = heardOf(before, post);
  const counts = { ...state.counts, [post.channelId]: count };
  const channel = state.channels[post.channelId];
  const channels = channel ? { ...state.channels, [channel.id]: bumped(channel, post) } : state.channels;
  if (!action.own && !action.mentioned) return { ...state, counts, channels };
  const tick = state.tick + 1;
  const touched = { ...state.touched, [post.channelId]: tick };
  const next = { ...state, counts, channels, tick, touched };
  const member = state.mine[post.channelId];
  if (!member) return next;
  // An answer that is newer than the post may or may not tell that it was read.
  if (count === before) return doubted(next, post.channelId);
  if (action.own) return { ...next, mine: { ...state.mine, [post.channelId]: readUpTo(member, count, post) } };
  const grown: ChannelMembership = {
    ...member,
    mention_count: member.mention_count + 1,
    mention_count_root: (member.mention_count_root ?? 0) + (post.root ? 1 : 0),
    urgent_mention_count: (member.urgent_mention_count ?? 0) + (action.urgent ? 1 : 0),
  };
  return { ...next, mine: { ...state.mine, [post.channelId]: grown } };
}

/** doubted has a channel's read state asked for again. */
function doubted(state: ChannelsState, channelId: string): ChannelsState {
  return state.unsure.includes(channelId) ? state : { ...state, unsure: [...state.unsure, channelId] };
}

const bumped = (channel: Channel, post: HeardPost): Channel => ({
  ...channel,
  last_post_at: Math.max(channel.last_post_at, post.counts ? post.at : 0),
  last_root_post_at: Math.max(channel.last_root_post_at ?? 0, post.counts && post.root ? post.at : 0),
});

/** Whoever writes has read: the server moves the writer's own mark along. */
function readUpTo(member: ChannelMembership, count: Count, post: HeardPost): ChannelMembership {
  const { total, root } = totals(count);
  return {
    ...member,
    msg_count: Math.max(member.msg_count, total),
    msg_count_root: Math.max(member.msg_count_root ?? 0, root),
    mention_count: 0,
    mention_count_root: 0,
    urgent_mention_count: 0,
    last_viewed_at: Math.max(member.last_viewed_at, post.at),
  };
}

function viewed(state: ChannelsState, times: Readonly<Record<string, number>>): ChannelsState {
  const next = { ...state.mine };
  const touched = { ...state.touched };
  const manual = { ...state.manual };
  const unsure = new Set(state.unsure);
  const tick = state.tick + 1;
  for (const [id, at] of Object.entries(times)) {
    const member = next[id];
    const count = state.counts[id];
    touched[id] = tick;
    delete manual[id];
    // A total that is newer than the view holds posts that were not seen by it. No time: seen here, just now.
    if (at > 0 && (count?.at ?? 0) > at) unsure.add(id);
    if (!member) continue;
    const { total, root } = totals(count);
    // Of posts that were saved at one moment some may have come after the view.
    if (at > 0 && count?.at === at && count.live.length === 0 && total > member.msg_count) unsure.add(id);
    next[id] = {
      ...member,
      msg_count: Math.max(total, member.msg_count),
      msg_count_root: Math.max(root, member.msg_count_root ?? 0),
      mention_count: 0,
      mention_count_root: 0,
      urgent_mention_count: 0,
      last_viewed_at: Math.max(at, member.last_viewed_at),
    };
  }
  return { ...state, mine: next, touched, tick, manual, unsure: [...unsure] };
}

function unread(state: ChannelsState, action: Extract<ChannelsAction, { type: 'channel/unread' }>): ChannelsState {
  const member = state.mine[action.channelId];
  const tick = state.tick + 1;
  const touched = { ...state.touched, [action.channelId]: tick };
  if (!member) return { ...state, tick, touched };
  return {
    ...state,
    tick,
    touched,
    mine: { ...state.mine, [action.channelId]: { ...member, ...action.read } },
    manual: action.byHand ? { ...state.manual, [action.channelId]: true } : state.manual,
  };
}

/** channels is the reducer of this domain. */
export function channels(state: ChannelsState, action: ChannelsAction): ChannelsState {
  switch (action.type) {
    case 'channels/received':
      return received(state, action.channels);
    case 'channels/mine':
      return mine(state, action.members, action.asked);
    case 'channel/left': {
      const { [action.channelId]: _, ...rest } = state.mine;
      return { ...state, mine: rest };
    }
    case 'channel/archived': {
      const channel = state.channels[action.channelId];
      if (!channel) return state;
      const archived = { ...channel, delete_at: action.at, update_at: Math.max(channel.update_at, action.at) };
      return { ...state, channels: { ...state.channels, [channel.id]: archived } };
    }
    case 'channel/heard':
      return heard(state, action);
    case 'channels/viewed':
      return viewed(state, action.times);
    case 'channel/unread':
      return unread(state, action);
    case 'channel/manual':
      return { ...state, manual: { ...state.manual, [action.channelId]: action.manual } };
    case 'channel/stats':
      return { ...state, stats: { ...state.stats, [action.stats.channel_id]: action.stats } };
  }
}
