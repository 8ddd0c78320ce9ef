/** Posts by channel: what they say, in which order they stand, which replies belong to which root. */
import type { Post, PostList } from '@mattermost/types/posts';
import { addBlock, appendLive, type Block, blockWith, dropId, type Order } from './blocks';
import { byTime, emptied, merged, type PostFact, type StoredPost, stored, told } from './post';
import { marked, type PostReactions, type Reaction, snapshot } from './reactions';
import { forgottenReply, heardReply, pagedReplies, type Replies, type ReplyPage, staleReplies } from './replies';

export type { Block, Replies, ReplyPage, StoredPost };

/** ChannelPosts is everything known of one channel's posts. */
export type ChannelPosts = {
  posts: Readonly<Record<string, StoredPost>>;
  reactions: PostReactions;
  blocks: readonly Block[];
  /** The replies to each root, by its id. */
  threads: Readonly<Record<string, Replies>>;
  /** When what is told of a root's replies last changed by an event, counted in `tick`s of all posts. */
  counted: Readonly<Record<string, number>>;
  /** One's own posts that the server has not confirmed, in the order of sending. */
  pending: readonly string[];
  /** Posts heard of while no run was live; the next page that reaches the end takes them in. */
  heard: readonly string[];
  /** Since when events may have been missed, in milliseconds; 0 when none were. */
  staleSince: number;
  /** The newest run ended with the newest post when it went stale: what changed since then continues it. */
  cut: boolean;
};

export type PostsState = {
  /** Replies are read in threads, and channels show roots only. */
  collapsed: boolean;
  /** Counts the events about replies. An answer that was asked for before one of them tells old news (`asked`). */
  tick: number;
  byChannel: Readonly<Record<string, ChannelPosts>>;
};

export type PostsAction =
  | { type: 'posts/mode'; collapsed: boolean }
  /**
   * A page of a channel. `joins` is the known post that it was asked to stand before or after; `asked` is the tick
   * at which it was asked for, here and below.
   */
  | { type: 'posts/page'; channelId: string; list: PostList; joins?: string; asked?: number }
  /** Posts found by search, permalink or id: shown somewhere, no part of a channel's order. */
  | { type: 'posts/found'; posts: Post[] }
  /** All that changed in a channel since it went stale. */
  | { type: 'posts/changed'; channelId: string; list: PostList; asked?: number }
  /** A root and a page of its replies. Without `page` it is the root alone that was asked for. */
  | { type: 'posts/thread'; rootId: string; list: PostList; page?: Omit<ReplyPage, 'ids'>; asked?: number }
  | { type: 'post/heard'; post: Post }
  | { type: 'post/edited'; post: Post }
  | { type: 'post/deleted'; post: Post }
  /** A deleted post is back, with its replies when it begins a thread. */
  | { type: 'posts/restored'; channelId: string; id: string; posts: Post[] }
  | { type: 'post/sending'; post: StoredPost }
  | { type: 'post/failed'; channelId: string; id: string; failure: string }
  | { type: 'post/forgotten'; channelId: string; id: string }
  | PostFact
  | { type: 'reaction/changed'; channelId: string; reaction: Reaction; on: boolean }
  | { type: 'thread/followed'; channelId: string; rootId: string; following: boolean }
  | { type: 'posts/stale'; since: number }
  /** Only these channels are kept as they are; of the others the newest posts, and those that stand elsewhere. */
  | { type: 'posts/kept'; channelIds: string[]; newest: number; shown?: readonly string[] };

type Of<T extends PostsAction['type']> = Extract<PostsAction, { type: T }>;

export const noPosts: PostsState = { collapsed: true, tick: 0, byChannel: {} };
const empty: ChannelPosts = {
  posts: {},
  reactions: {},
  blocks: [],
  threads: {},
  counted: {},
  pending: [],
  heard: [],
  staleSince: 0,
  cut: false,
};

const orderIn =
  (posts: ChannelPosts['posts']): Order =>
  (a, b) =>
    byTime(posts[a] ?? { create_at: 0, id: a }, posts[b] ?? { create_at: 0, id: b });

/** channelPosts is what is known of a channel; nothing is an empty bucket, never undefined. */
export const channelPosts = (state: PostsState, channelId: string): ChannelPosts => state.byChannel[channelId] ?? empty;

/** postOf finds a post of a channel. */
export const postOf = (state: PostsState, channelId: string, id: string): StoredPost | undefined =>
  state.byChannel[channelId]?.posts[id];

/** Source is what an answer knows: replies too when threads were collapsed, as of the tick it was asked for at. */
type Source = { replies: boolean; asked: number };
const event: Source = { replies: false, asked: 0 };
const answer = (replies: boolean, asked = Number.MAX_SAFE_INTEGER): Source => ({ replies, asked });

/** take adds posts to a channel's bucket, replacing pending ones that they confirm, without giving them a place. */
function take(bucket: ChannelPosts, came: readonly Post[], source: Source): ChannelPosts {
  const posts: Record<string, StoredPost> = { ...bucket.posts };
  let { reactions, pending } = bucket;
  const late: string[] = [];
  for (const post of came) {
    if (!posts[post.id] && (bucket.counted[post.id] ?? 0) > source.asked) late.push(post.id);
    const fresh = source.replies && (bucket.counted[post.id] ?? 0) <= source.asked;
    const next = merged(posts[post.id], stored(post), fresh);
    const rootGone = posts[post.root_id]?.delete_at ?? 0;
    posts[post.id] = rootGone > 0 && next.delete_at === 0 ? emptied(next, rootGone) : next;
    reactions = snapshot(reactions, post);
    if (post.pending_post_id && pending.includes(post.pending_post_id)) {
      pending = pending.filter((id) => id !== post.pending_post_id);
      delete posts[post.pending_post_id];
    }
  }
  // What was heard of the replies before their root was known is newer than what came with it.
  return late.reduce(answeredAlready, { ...bucket, posts, reactions, pending });
}

function page(bucket: ChannelPosts, action: Of<'posts/page'>, collapsed: boolean): ChannelPosts {
  const { list, joins } = action;
  const next = take(bucket, Object.values(list.posts), answer(collapsed, action.asked));
  const shown = list.order.filter((id) => !collapsed || next.posts[id]?.root_id === '');
  const order = orderIn(next.posts);
  const end = list.next_post_id === '';
  const added = { ids: joins ? [...shown, joins] : shown, start: list.prev_post_id === '', end };
  let blocks: readonly Block[] = addBlock(next.blocks, added, order);
  // Posts heard while the page was on its way belong behind it.
  if (end) for (const id of next.heard) blocks = appendLive(blocks, id, order);
  // An empty page that is old news makes no run live: what was heard goes on waiting.
  const live = end && blocks.some((block) => block.end);
  return bounded({ ...next, blocks, heard: live ? [] : next.heard }, shown[0], joins);
}

// However far one scrolls, a run holds at most this many posts; the far end is loaded again when it is wanted.
const runMost = 3000;

function bounded(bucket: ChannelPosts, shown: string | undefined, joins: string | undefined): ChannelPosts {
  const run = shown === undefined ? undefined : blockWith(bucket.blocks, shown);
  if (!run || run.ids.length <= runMost || joins === undefined || shown === undefined) return bucket;
  const older = orderIn(bucket.posts)(shown, joins) < 0;
  const ids = older ? run.ids.slice(0, runMost) : run.ids.slice(-runMost);
  const cut = older ? { ids, start: run.start, end: false } : { ids, start: false, end: run.end };
  const gone = new Set(older ? run.ids.slice(runMost) : run.ids.slice(0, -runMost));
  // A thread that is open beside the channel needs its root and its replies.
  for (const id of [...gone]) if (bucket.threads[id] || bucket.posts[id]?.root_id) gone.delete(id);
  const posts = Object.fromEntries(Object.entries(bucket.posts).filter(([id]) => !gone.has(id)));
  return { ...bucket, posts, blocks: bucket.blocks.map((block) => (block === run ? cut : block)) };
}

function heard(bucket: ChannelPosts, post: Post, collapsed: boolean, tick: number): ChannelPosts {
  let next = take(bucket, [post], event);
  if (post.root_id !== '') next = replied(next, post, tick);
  if (post.root_id !== '' && collapsed) return next;
  const blocks = appendLive(next.blocks, post.id, orderIn(next.posts));
  if (next.blocks.some((block) => block.end)) return { ...next, blocks };
  if (next.heard.includes(post.id)) return next;
  return { ...next, heard: [...next.heard, post.id].slice(-200) };
}

type Reply = Pick<StoredPost, 'id' | 'root_id' | 'user_id' | 'type' | 'create_at' | 'delete_at' | 'reply_count'>;

/** A reply takes its place in the thread and carries the new count; the root learns it from there. */
function replied(bucket: ChannelPosts, reply: Reply, tick: number): ChannelPosts {
  const { root_id: rootId } = reply;
  const replies = heardReply(bucket.threads[rootId], reply.id, orderIn(bucket.posts));
  const root = bucket.posts[rootId];
  const counted = root ? bucket.counted : { ...bucket.counted, [rootId]: tick };
  const next = { ...bucket, counted, threads: { ...bucket.threads, [rootId]: replies } };
  // What only one person was told is no reply; nor is one of which the end was heard before.
  const gone = (bucket.posts[reply.id]?.delete_at ?? reply.delete_at) > 0;
  if (!root || gone || reply.type === 'system_ephemeral') return next;
  // Replies that were sent at the same moment share their time: the later one has the higher count.
  const same = reply.create_at === root.last_reply_at && reply.reply_count > root.reply_count;
  if (reply.create_at <= root.last_reply_at && !same) return next;
  const participants = [reply.user_id, ...root.participants.filter((id) => id !== reply.user_id)];
  const count = reply.reply_count > 0 ? reply.reply_count : root.reply_count + 1;
  const grown = { ...root, reply_count: count, last_reply_at: reply.create_at, participants };
  return { ...next, posts: { ...next.posts, [rootId]: grown }, counted: { ...next.counted, [rootId]: tick } };
}

/** Replies may be heard of before their root: what the last one carries is told of it then. */
function answeredAlready(bucket: ChannelPosts, rootId: string): ChannelPosts {
  const { blocks = [], heard: ids = [] } = bucket.threads[rootId] ?? {};
  const known = [...blocks.flatMap((block) => block.ids), ...ids];
  const last = known
    .map((id) => bucket.posts[id])
    .sort((a, b) => (a?.reply_count ?? 0) - (b?.reply_count ?? 0))
    .at(-1);
  return last ? replied(bucket, last, bucket.counted[rootId] ?? 0) : bucket;
}

function deleted(bucket: ChannelPosts, gone: Post, tick: number): ChannelPosts {
  const at = gone.delete_at || gone.update_at;
  // A page that was on its way may still bring the post: what is known of its end has to be there first.
  const before = bucket.posts[gone.id];
  if (before && before.delete_at > 0) return bucket;
  const known = before ?? stored(gone);
  const posts: Record<string, StoredPost> = { ...bucket.posts, [gone.id]: emptied(known, at) };
  // Replies go with their root; nothing is told of them.
  for (const post of Object.values(posts)) {
    if (post.root_id === gone.id && post.delete_at === 0) posts[post.id] = emptied(post, at);
  }
  const root = posts[known.root_id];
  if (!root) return { ...bucket, posts };
  // Whether the known count includes the reply can't be told; the root is asked for again (`realtime/follow.ts`).
  posts[root.id] = { ...root, reply_count: Math.max(0, root.reply_count - 1) };
  return { ...bucket, posts, counted: { ...bucket.counted, [root.id]: tick } };
}

/** The one deletion that is not final: what is known of the end of posts that are back is forgotten first. */
function restored(bucket: ChannelPosts, action: Of<'posts/restored'>, collapsed: boolean): ChannelPosts {
  const dead = action.posts.filter(({ id }) => (bucket.posts[id]?.delete_at ?? 0) > 0).map(({ id }) => id);
  const known = Object.fromEntries(Object.entries(bucket.posts).filter(([id]) => !dead.includes(id)));
  let next = take({ ...bucket, posts: known }, action.posts, answer(true));
  const order = orderIn(next.posts);
  for (const { id, root_id } of action.posts) {
    if (id !== action.id && !dead.includes(id)) continue;
    if (!collapsed || root_id === '') next = { ...next, blocks: appendLive(next.blocks, id, order) };
    const replies = next.threads[root_id];
    if (replies) next = { ...next, threads: { ...next.threads, [root_id]: heardReply(replies, id, order) } };
  }
  return next;
}

function thread(bucket: ChannelPosts, action: Of<'posts/thread'>): ChannelPosts {
  const { rootId, list, page: part } = action;
  const next = take(bucket, Object.values(list.posts), answer(true, action.asked));
  if (!part) return next;
  const ids = Object.keys(list.posts).filter((id) => id !== rootId && id !== part.joins);
  const replies = pagedReplies(next.threads[rootId], { ...part, ids }, orderIn(next.posts));
  return { ...next, threads: { ...next.threads, [rootId]: replies } };
}

function changed(bucket: ChannelPosts, action: Of<'posts/changed'>, collapsed: boolean): ChannelPosts {
  const { list } = action;
  const next = take(bucket, Object.values(list.posts), answer(collapsed, action.asked));
  const order = orderIn(next.posts);
  const newest = blockWith(next.blocks);
  // Between a run that ended in the past and what changed since, posts are missing.
  if (!newest || !bucket.cut) return { ...next, staleSince: 0 };
  const last = newest.ids.at(-1);
  const fresh = Object.keys(list.posts).filter((id) => {
    const post = next.posts[id];
    return post && (!collapsed || post.root_id === '') && (last === undefined || order(last, id) < 0);
  });
  const live = { ids: last === undefined ? fresh : [last, ...fresh], start: newest.start, end: true };
  let blocks: readonly Block[] = addBlock(next.blocks, live, order);
  for (const id of next.heard) blocks = appendLive(blocks, id, order);
  return { ...next, blocks, heard: [], staleSince: 0, cut: false };
}

function forget(bucket: ChannelPosts, id: string): ChannelPosts {
  const post = bucket.posts[id];
  if (!post) return bucket;
  const { [id]: _, ...posts } = bucket.posts;
  const replies = bucket.threads[post.root_id];
  return {
    ...bucket,
    posts,
    blocks: dropId(bucket.blocks, id),
    pending: bucket.pending.filter((other) => other !== id),
    threads: replies ? { ...bucket.threads, [post.root_id]: forgottenReply(replies, id) } : bucket.threads,
  };
}

/** trim keeps the newest posts of a channel that one isn't looking at. */
function trim(bucket: ChannelPosts, newest: number, shown: readonly string[]): ChannelPosts {
  const live = bucket.blocks.find((block) => block.end);
  const kept = [...bucket.pending, ...shown];
  if (!live) {
    const { reactions, posts } = bucket;
    return { ...empty, pending: bucket.pending, posts: pick(posts, kept), reactions: pick(reactions, kept) };
  }
  if (live.ids.length <= newest && Object.keys(bucket.posts).length <= newest * 2) return bucket;
  const ids = live.ids.slice(-newest);
  const block = { ids, start: live.start && ids.length === live.ids.length, end: true };
  const posts = pick(bucket.posts, [...ids, ...kept]);
  return {
    ...bucket,
    posts,
    reactions: pick(bucket.reactions, [...ids, ...kept]),
    blocks: [block],
    threads: {},
    counted: {},
  };
}

function pick<T>(all: Readonly<Record<string, T>>, ids: readonly string[]): Record<string, T> {
  const some: Record<string, T> = {};
  for (const id of ids) if (all[id] !== undefined) some[id] = all[id];
  return some;
}

const mapValues = (all: PostsState['byChannel'], change: (bucket: ChannelPosts, id: string) => ChannelPosts) =>
  Object.fromEntries(Object.entries(all).map(([id, bucket]) => [id, change(bucket, id)]));

function stale(bucket: ChannelPosts, since: number): ChannelPosts {
  return {
    ...bucket,
    heard: [],
    staleSince: bucket.staleSince || since,
    cut: bucket.cut || bucket.blocks.some((block) => block.end),
    blocks: bucket.blocks.map((block) => (block.end ? { ...block, end: false } : block)),
    threads: Object.fromEntries(Object.entries(bucket.threads).map(([id, replies]) => [id, staleReplies(replies)])),
  };
}

function sending(bucket: ChannelPosts, post: StoredPost): ChannelPosts {
  const posts = { ...bucket.posts, [post.id]: post };
  const pending = bucket.pending.includes(post.id) ? bucket.pending : [...bucket.pending, post.id];
  return { ...bucket, posts, pending };
}

function found(state: PostsState, posts: readonly Post[]): PostsState {
  const byChannel = { ...state.byChannel };
  for (const post of posts) byChannel[post.channel_id] = take(byChannel[post.channel_id] ?? empty, [post], event);
  return { ...state, byChannel };
}

/** posts is the reducer of this domain. */
export function posts(state: PostsState, action: PostsAction): PostsState {
  const inChannel = (id: string, change: (bucket: ChannelPosts, tick: number) => ChannelPosts): PostsState => {
    const bucket = state.byChannel[id] ?? empty;
    const next = change(bucket, state.tick + 1);
    if (next === bucket) return state;
    const tick = next.counted === bucket.counted ? state.tick : state.tick + 1;
    return { ...state, tick, byChannel: { ...state.byChannel, [id]: next } };
  };
  switch (action.type) {
    case 'posts/mode':
      return action.collapsed === state.collapsed ? state : { ...state, collapsed: action.collapsed, byChannel: {} };
    case 'posts/page':
      return inChannel(action.channelId, (b) => page(b, action, state.collapsed));
    case 'posts/found':
      return found(state, action.posts);
    case 'posts/changed':
      return inChannel(action.channelId, (b) => changed(b, action, state.collapsed));
    case 'posts/thread': {
      const channelId = Object.values(action.list.posts)[0]?.channel_id;
      return channelId ? inChannel(channelId, (b) => thread(b, action)) : state;
    }
    case 'post/heard':
      return inChannel(action.post.channel_id, (b, tick) => heard(b, action.post, state.collapsed, tick));
    case 'post/edited':
      // Also of a post that isn't known: an older version may be on its way.
      return found(state, [action.post]);
    case 'post/deleted':
      return inChannel(action.post.channel_id, (b, tick) => deleted(b, action.post, tick));
    case 'posts/restored':
      return inChannel(action.channelId, (b) => restored(b, action, state.collapsed));
    case 'post/sending':
      return inChannel(action.post.channel_id, (b) => sending(b, action.post));
    case 'post/failed':
      return inChannel(action.channelId, (b) => {
        const post = b.posts[action.id];
        if (!post?.pending) return b;
        return { ...b, posts: { ...b.posts, [post.id]: { ...post, pending: 'failed', failure: action.failure } } };
      });
    case 'post/forgotten':
      return inChannel(action.channelId, (b) => forget(b, action.id));
    case 'post/patched':
    case 'post/acknowledged':
    case 'post/burnt':
    case 'post/burning':
      return inChannel(action.channelId, (b) => {
        const post = b.posts[action.id];
        const next = post && told(post, action);
        return next && next !== post ? { ...b, posts: { ...b.posts, [post.id]: next } } : b;
      });
    case 'reaction/changed':
      return inChannel(action.channelId, (b) => {
        const reactions = marked(b.reactions, action.reaction, action.on);
        return reactions === b.reactions ? b : { ...b, reactions };
      });
    case 'thread/followed':
      return inChannel(action.channelId, (b, tick) => {
        const counted = { ...b.counted, [action.rootId]: tick };
        const root = b.posts[action.rootId];
        if (!root) return { ...b, counted };
        return { ...b, counted, posts: { ...b.posts, [root.id]: { ...root, is_following: action.following } } };
      });
    case 'posts/stale':
      return { ...state, byChannel: mapValues(state.byChannel, (b) => stale(b, action.since)) };
    case 'posts/kept':
      return {
        ...state,
        byChannel: mapValues(state.byChannel, (b, id) =>
          action.channelIds.includes(id) ? b : trim(b, action.newest, action.shown ?? []),
        ),
      };
  }
}
