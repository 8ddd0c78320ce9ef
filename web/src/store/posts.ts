/** Posts by channel: what they say, in which order they stand, which replies belong to which root. */
import type { Post, PostList } from '@mattermost/types/posts';
import { addBlock, appendLive, type Block, blockWith, dropId, type Order } from './blocks';
import { byTime, merged, type StoredPost, stored } from './post';
import { marked, type PostReactions, type Reaction, snapshot } from './reactions';

export type { Block, StoredPost };

/** Replies are the known answers to one root, oldest first; `complete` when none is missing. */
export type Replies = { ids: readonly string[]; complete: boolean };

/** ChannelPosts is everything known of one channel's posts. */
export type ChannelPosts = {
  posts: Readonly<Record<string, StoredPost>>;
  reactions: PostReactions;
  blocks: readonly Block[];
  threads: Readonly<Record<string, Replies>>;
  /** One's own posts that the server has not confirmed, in the order of sending. */
  pending: readonly string[];
  /** Posts heard of while no run was live; the next page that reaches the end takes them in. */
  heard: readonly string[];
  /** Since when events may have been missed, in milliseconds; 0 when none were. */
  staleSince: number;
};

export type PostsState = {
  /** Replies are read in threads, and channels show roots only. */
  collapsed: boolean;
  byChannel: Readonly<Record<string, ChannelPosts>>;
};

export type PostsAction =
  | { type: 'posts/mode'; collapsed: boolean }
  /** A page of a channel. `joins` is the known post that it was asked to stand before or after. */
  | { type: 'posts/page'; channelId: string; list: PostList; joins?: string }
  /** Posts found by search, permalink or id: shown somewhere, no part of a channel's order. */
  | { type: 'posts/found'; posts: Post[] }
  /** All that changed in a channel since it went stale. */
  | { type: 'posts/changed'; channelId: string; list: PostList }
  | { type: 'posts/thread'; rootId: string; list: PostList; complete: boolean }
  | { type: 'post/heard'; post: Post }
  | { type: 'post/edited'; post: Post }
  | { type: 'post/deleted'; post: Post }
  | { type: 'post/sending'; post: StoredPost }
  | { type: 'post/failed'; channelId: string; id: string; failure: string }
  | { type: 'post/forgotten'; channelId: string; id: string }
  | { type: 'reaction/changed'; channelId: string; reaction: Reaction; on: boolean }
  | { type: 'thread/followed'; channelId: string; rootId: string; following: boolean }
  | { type: 'posts/stale'; since: number }
  | { type: 'posts/kept'; channelIds: string[]; newest: number };

export const noPosts: PostsState = { collapsed: true, byChannel: {} };
const empty: ChannelPosts = {
  posts: {},
  reactions: {},
  blocks: [],
  threads: {},
  pending: [],
  heard: [],
  staleSince: 0,
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

function withReply(threads: ChannelPosts['threads'], post: StoredPost, order: Order): ChannelPosts['threads'] {
  if (post.root_id === '') return threads;
  const replies = threads[post.root_id] ?? { ids: [], complete: false };
  if (replies.ids.includes(post.id)) return threads;
  return { ...threads, [post.root_id]: { ...replies, ids: [...replies.ids, post.id].sort(order) } };
}

/** take adds posts to a channel's bucket, replacing pending ones that they confirm, without giving them a place. */
function take(bucket: ChannelPosts, came: readonly Post[]): ChannelPosts {
  const posts: Record<string, StoredPost> = { ...bucket.posts };
  const order = orderIn(posts);
  let { reactions, threads, pending } = bucket;
  for (const post of came) {
    posts[post.id] = merged(posts[post.id], stored(post));
    reactions = snapshot(reactions, post);
    if (post.pending_post_id && pending.includes(post.pending_post_id)) {
      pending = pending.filter((id) => id !== post.pending_post_id);
      const replies = threads[post.root_id];
      if (replies) threads = { ...threads, [post.root_id]: without(replies, post.pending_post_id) };
      delete posts[post.pending_post_id];
    }
    threads = withReply(threads, posts[post.id] as StoredPost, order);
  }
  return { ...bucket, posts, reactions, threads, pending };
}

const without = (replies: Replies, id: string): Replies => ({
  ...replies,
  ids: replies.ids.filter((other) => other !== id),
});

function page(bucket: ChannelPosts, list: PostList, collapsed: boolean, joins?: string): ChannelPosts {
  const next = take(bucket, Object.values(list.posts));
  const shown = list.order.filter((id) => !collapsed || next.posts[id]?.root_id === '');
  const order = orderIn(next.posts);
  const end = list.next_post_id === '';
  const added = { ids: joins ? [...shown, joins] : shown, start: list.prev_post_id === '', end };
  let blocks: readonly Block[] = addBlock(next.blocks, added, order);
  // Posts heard while the page was on its way belong behind it.
  if (end) for (const id of next.heard) blocks = appendLive(blocks, id, order);
  return bounded({ ...next, blocks, heard: end ? [] : next.heard }, shown[0], joins);
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
  const posts = Object.fromEntries(Object.entries(bucket.posts).filter(([id]) => !gone.has(id)));
  return { ...bucket, posts, blocks: bucket.blocks.map((block) => (block === run ? cut : block)) };
}

function heard(bucket: ChannelPosts, post: Post, collapsed: boolean): ChannelPosts {
  const isNew = !bucket.posts[post.id];
  let next = take(bucket, [post]);
  if (post.root_id !== '') next = replied(next, post, isNew);
  if (post.root_id !== '' && collapsed) return next;
  const blocks = appendLive(next.blocks, post.id, orderIn(next.posts));
  if (next.blocks.some((block) => block.end)) return { ...next, blocks };
  if (next.heard.includes(post.id)) return next;
  return { ...next, heard: [...next.heard, post.id].slice(-200) };
}

/** A reply carries the thread's new count; the root learns it from there. */
function replied(bucket: ChannelPosts, reply: Post, isNew: boolean): ChannelPosts {
  const root = bucket.posts[reply.root_id];
  if (!root || !isNew || reply.create_at <= root.last_reply_at || reply.delete_at > 0) return bucket;
  const participants = [reply.user_id, ...root.participants.filter((id) => id !== reply.user_id)];
  const count = reply.reply_count > 0 ? reply.reply_count : root.reply_count + 1;
  const grown = { ...root, reply_count: count, last_reply_at: reply.create_at, participants };
  return { ...bucket, posts: { ...bucket.posts, [root.id]: grown } };
}

function deleted(bucket: ChannelPosts, gone: Post): ChannelPosts {
  const at = gone.delete_at || gone.update_at;
  // A page that was on its way may still bring the post: what is known of its end has to be there first.
  const known = bucket.posts[gone.id] ?? stored(gone);
  if (known.delete_at > 0) return bucket;
  const posts: Record<string, StoredPost> = {
    ...bucket.posts,
    [gone.id]: { ...known, delete_at: at, message: '', props: {}, metadata: {}, file_ids: [] },
  };
  const root = posts[known.root_id];
  if (root && root.reply_count > 0) posts[root.id] = { ...root, reply_count: root.reply_count - 1 };
  return { ...bucket, posts };
}

function thread(bucket: ChannelPosts, action: Extract<PostsAction, { type: 'posts/thread' }>): ChannelPosts {
  const next = take(bucket, Object.values(action.list.posts));
  const known = next.threads[action.rootId] ?? { ids: [], complete: false };
  const replies = { ids: known.ids, complete: known.complete || action.complete };
  return { ...next, threads: { ...next.threads, [action.rootId]: replies } };
}

function changed(bucket: ChannelPosts, list: PostList, collapsed: boolean): ChannelPosts {
  const next = take(bucket, Object.values(list.posts));
  const order = orderIn(next.posts);
  const newest = blockWith(next.blocks);
  if (!newest) return { ...next, staleSince: 0 };
  const last = newest.ids.at(-1);
  const fresh = Object.keys(list.posts).filter((id) => {
    const post = next.posts[id];
    return post && (!collapsed || post.root_id === '') && (last === undefined || order(last, id) < 0);
  });
  const live = { ids: last === undefined ? fresh : [last, ...fresh], start: newest.start, end: true };
  return { ...next, blocks: addBlock(next.blocks, live, order), heard: [], staleSince: 0 };
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
    threads: replies ? { ...bucket.threads, [post.root_id]: without(replies, id) } : bucket.threads,
  };
}

/** trim keeps the newest posts of a channel that one isn't looking at. */
function trim(bucket: ChannelPosts, newest: number): ChannelPosts {
  const live = bucket.blocks.find((block) => block.end);
  if (!live) return { ...empty, pending: bucket.pending, posts: pick(bucket.posts, bucket.pending) };
  if (live.ids.length <= newest && Object.keys(bucket.posts).length <= newest * 2) return bucket;
  const ids = live.ids.slice(-newest);
  const block = { ids, start: live.start && ids.length === live.ids.length, end: true };
  const posts = pick(bucket.posts, [...ids, ...bucket.pending]);
  return { ...bucket, posts, reactions: pick(bucket.reactions, ids), blocks: [block], threads: {} };
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
    blocks: bucket.blocks.map((block) => (block.end ? { ...block, end: false } : block)),
    threads: Object.fromEntries(
      Object.entries(bucket.threads).map(([id, replies]) => [id, { ...replies, complete: false }]),
    ),
  };
}

function sending(bucket: ChannelPosts, post: StoredPost): ChannelPosts {
  const posts = { ...bucket.posts, [post.id]: post };
  const pending = bucket.pending.includes(post.id) ? bucket.pending : [...bucket.pending, post.id];
  return { ...bucket, posts, pending, threads: withReply(bucket.threads, post, orderIn(posts)) };
}

function found(state: PostsState, posts: readonly Post[]): PostsState {
  const byChannel = { ...state.byChannel };
  for (const post of posts) byChannel[post.channel_id] = take(byChannel[post.channel_id] ?? empty, [post]);
  return { ...state, byChannel };
}

/** posts is the reducer of this domain. */
export function posts(state: PostsState, action: PostsAction): PostsState {
  const inChannel = (id: string, change: (bucket: ChannelPosts) => ChannelPosts): PostsState => {
    const bucket = state.byChannel[id] ?? empty;
    const next = change(bucket);
    return next === bucket ? state : { ...state, byChannel: { ...state.byChannel, [id]: next } };
  };
  switch (action.type) {
    case 'posts/mode':
      return action.collapsed === state.collapsed ? state : { collapsed: action.collapsed, byChannel: {} };
    case 'posts/page':
      return inChannel(action.channelId, (b) => page(b, action.list, state.collapsed, action.joins));
    case 'posts/found':
      return found(state, action.posts);
    case 'posts/changed':
      return inChannel(action.channelId, (b) => changed(b, action.list, state.collapsed));
    case 'posts/thread': {
      const channelId = Object.values(action.list.posts)[0]?.channel_id;
      return channelId ? inChannel(channelId, (b) => thread(b, action)) : state;
    }
    case 'post/heard':
      return inChannel(action.post.channel_id, (b) => heard(b, action.post, state.collapsed));
    case 'post/edited':
      return state.byChannel[action.post.channel_id]?.posts[action.post.id] ? found(state, [action.post]) : state;
    case 'post/deleted':
      return inChannel(action.post.channel_id, (b) => deleted(b, action.post));
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
    case 'reaction/changed':
      return inChannel(action.channelId, (b) => {
        const reactions = marked(b.reactions, action.reaction, action.on);
        return reactions === b.reactions ? b : { ...b, reactions };
      });
    case 'thread/followed':
      return inChannel(action.channelId, (b) => {
        const root = b.posts[action.rootId];
        if (!root || root.is_following === action.following) return b;
        return { ...b, posts: { ...b.posts, [root.id]: { ...root, is_following: action.following } } };
      });
    case 'posts/stale':
      return { ...state, byChannel: mapValues(state.byChannel, (b) => stale(b, action.since)) };
    case 'posts/kept':
      return {
        ...state,
        byChannel: mapValues(state.byChannel, (b, id) => (action.channelIds.includes(id) ? b : trim(b, action.newest))),
      };
  }
}
