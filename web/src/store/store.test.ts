/**
 * The whole store against a server: whatever the interleaving of answers, which are made at one moment and arrive at
 * another, maybe twice, and of events, it ends with what the server has.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Client } from './client.model';
import { channelPosts } from './posts';
import { tally } from './reactions';
import { unreadOf } from './selectors';
import { emojis, ModelServer, me, people } from './server.model';
import type { State } from './store';

// Few posts and people, so that much happens to the same ones.
const nat = fc.nat(8);
const kind = <K extends string>(name: K) => fc.constant(name);
const step = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      kind: kind('write'),
      room: nat,
      posts: fc.array(
        fc.record({
          user: fc.constantFrom(...people),
          root: fc.option(nat),
          mentions: fc.boolean(),
          counts: fc.oneof({ weight: 5, arbitrary: fc.constant(true) }, fc.constant(false)),
        }),
        { minLength: 1, maxLength: 3 },
      ),
    }),
  },
  { weight: 2, arbitrary: fc.record({ kind: kind('edit'), post: nat }) },
  { weight: 1, arbitrary: fc.record({ kind: kind('remove'), post: nat }) },
  {
    weight: 5,
    arbitrary: fc.record({
      kind: kind('react'),
      post: nat,
      user: fc.constantFrom(me, 'ana'),
      emoji: fc.constantFrom(...emojis),
    }),
  },
  { weight: 2, arbitrary: fc.record({ kind: kind('view'), room: nat }) },
  { weight: 1, arbitrary: fc.record({ kind: kind('markUnread'), post: nat }) },
  { weight: 5, arbitrary: fc.record({ kind: kind('hear'), count: fc.nat(4), shuffle: fc.boolean() }) },
  { weight: 3, arbitrary: fc.record({ kind: kind('loose'), index: nat }) },
  {
    weight: 4,
    arbitrary: fc.record({
      kind: kind('ask'),
      what: fc.constantFrom(
        'newest' as const,
        'older' as const,
        'newer' as const,
        'members' as const,
        'unsure' as const,
        'found' as const,
      ),
      index: nat,
    }),
  },
  { weight: 4, arbitrary: fc.record({ kind: kind('serve'), index: nat }) },
  { weight: 4, arbitrary: fc.record({ kind: kind('deliver'), index: nat, twice: fc.boolean() }) },
);
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

function act(server: ModelServer, client: Client, one: Step): unknown {
  const post = 'post' in one ? server.posts[one.post % Math.max(1, server.posts.length)] : undefined;
  switch (one.kind) {
    case 'write': {
      const room = server.room(one.room);
      const roots = server.standing(room.id).filter((each) => each.root_id === '' && each.type === '');
      return server.write(
        room,
        one.posts.map(({ root, ...rest }) => {
          const answered = root === null ? undefined : roots[root % Math.max(1, roots.length)];
          return { ...rest, root: rest.counts ? answered : undefined };
        }),
      );
    }
    case 'edit':
      return post && server.edit(post);
    case 'remove':
      return post && server.remove(post);
    case 'react':
      return post && server.react(post, one.user, one.emoji);
    case 'view':
      return server.view(server.room(one.room));
    case 'markUnread':
      return post && server.markUnread(post);
    case 'hear':
      return client.hear(one.count, one.shuffle);
    case 'loose':
      return client.loose(one.index);
    case 'ask':
      return client.ask(one.what, one.index);
    case 'serve':
      return client.serve(one.index);
    case 'deliver':
      return client.deliver(one.index, one.twice);
  }
}

const reactionsIn = (state: State, channelId: string, id: string) =>
  tally(channelPosts(state.posts, channelId).reactions[id])
    .flatMap(({ emoji, userIds }) => userIds.map((user) => `${emoji} ${user}`))
    .sort();

/** Every post that the store knows says what the server's says, and has its reactions. */
function expectContent(server: ModelServer, state: State): void {
  for (const room of server.rooms) {
    const { posts } = channelPosts(state.posts, room.id);
    for (const known of Object.values(posts)) {
      const truth = server.posts.find((post) => post.id === known.id);
      if (!truth) continue;
      expect([known.id, known.delete_at > 0]).toEqual([truth.id, truth.deleteAt > 0]);
      if (truth.deleteAt > 0) continue;
      expect([known.id, known.message, known.edit_at]).toEqual([truth.id, truth.message, truth.editAt]);
      const there = truth.reactions.filter((one) => one.on).map((one) => `${one.emoji} ${one.user}`);
      expect([known.id, ...reactionsIn(state, room.id, known.id)]).toEqual([truth.id, ...there.sort()]);
    }
  }
}

/** What stands in a channel or an opened thread says what the server's says. */
function expectShown(server: ModelServer, state: State): void {
  const byChannel = Object.fromEntries(
    Object.entries(state.posts.byChannel).map(([id, bucket]) => {
      const runs = [...bucket.blocks, ...Object.values(bucket.threads).flatMap((replies) => replies.blocks)];
      const shown = new Set(runs.flatMap((run) => run.ids));
      const posts = Object.fromEntries(Object.entries(bucket.posts).filter(([postId]) => shown.has(postId)));
      return [id, { ...bucket, posts }];
    }),
  );
  expectContent(server, { ...state, posts: { ...state.posts, byChannel } });
}

/** Runs have no holes and are in order; the live one ends with the newest post. */
function expectOrder(server: ModelServer, state: State): void {
  for (const room of server.rooms) {
    const { blocks, posts } = channelPosts(state.posts, room.id);
    const shown = server
      .standing(room.id)
      .filter((post) => !server.collapsed || post.root_id === '')
      .map((post) => post.id);
    for (const block of blocks) {
      const ids = block.ids.filter((id) => (posts[id]?.delete_at ?? 1) === 0 && shown.includes(id));
      if (ids.length === 0) continue;
      const from = shown.indexOf(ids[0] ?? '');
      expect(ids).toEqual(shown.slice(from, from + ids.length));
      if (block.end) expect(ids.at(-1)).toBe(shown.at(-1));
      if (block.start) expect(from).toBe(0);
    }
  }
}

function expectUnread(server: ModelServer, state: State): void {
  for (const room of server.rooms) {
    const { msgs, roots, mentions, rootMentions } = server.member(room.id);
    const told = unreadOf(state, room.id);
    const messages = server.collapsed ? room.root - roots : room.total - msgs;
    expect([room.id, told.messages, told.mentions]).toEqual([
      room.id,
      Math.max(0, messages),
      server.collapsed ? rootMentions : mentions,
    ]);
  }
}

/** What is told of the replies of each root, and the replies themselves as far as a thread was opened. */
function expectReplies(server: ModelServer, state: State): void {
  for (const room of server.rooms) {
    const { posts, threads } = channelPosts(state.posts, room.id);
    for (const root of server.standing(room.id).filter((post) => post.root_id === '')) {
      const replies = server.replies(root.id);
      if (server.collapsed) expect([root.id, posts[root.id]?.reply_count]).toEqual([root.id, replies.length]);
      for (const block of threads[root.id]?.blocks ?? []) {
        if (!block.end || !block.start) continue;
        const ids = block.ids.filter((id) => (posts[id]?.delete_at ?? 1) === 0);
        expect([root.id, ...ids]).toEqual([root.id, ...replies.map((reply) => reply.id).sort()]);
      }
    }
  }
}

/** How many replies the roots have that stand in a channel. */
function expectCounts(server: ModelServer, state: State): void {
  for (const room of server.rooms) {
    const { blocks, posts } = channelPosts(state.posts, room.id);
    for (const id of blocks.flatMap((block) => block.ids)) {
      const known = posts[id];
      if (!known || known.delete_at > 0) continue;
      expect([id, known.reply_count]).toEqual([id, server.replies(id).length]);
    }
  }
}

/** The whole channel as the store shows it. */
function expectAll(server: ModelServer, client: Client): void {
  for (const room of server.rooms) {
    client.readAll(room.id);
    const { blocks, posts } = channelPosts(client.state.posts, room.id);
    const shown = server.standing(room.id).filter((post) => !server.collapsed || post.root_id === '');
    const ids = blocks.flatMap((block) => block.ids).filter((id) => (posts[id]?.delete_at ?? 1) === 0);
    const gone = new Set(server.posts.filter((post) => post.deleteAt > 0).map((post) => post.id));
    expect(ids.filter((id) => !gone.has(id))).toEqual(shown.map((post) => post.id));
  }
}

// More of them by hand: RUNS=20000.
const numRuns = Number(process.env.RUNS ?? 300);
const mode = fc.boolean();

describe('the store', () => {
  it('knows what the server has once all events are heard, in whatever order they and the answers came', () => {
    fc.assert(
      fc.property(mode, fc.boolean(), fc.array(step, { maxLength: 50 }), (collapsed, early, steps) => {
        const server = new ModelServer(collapsed);
        const client = new Client(server);
        for (const room of [0, 1]) client.ask('newest', room);
        // The first pages are there before anything happens, or on their way all the while.
        if (early) client.finish();
        for (const one of steps) act(server, client, one);
        client.finish();
        client.settle();
        expectContent(server, client.state);
        expectOrder(server, client.state);
        expectUnread(server, client.state);
        if (collapsed) expectCounts(server, client.state);
        expectAll(server, client);
        expectReplies(server, client.state);
        expectContent(server, client.state);
      }),
      { numRuns },
    );
  });

  it('catches up with what it missed while there was no connection', () => {
    const part = fc.array(step, { maxLength: 20 });
    fc.assert(
      fc.property(mode, part, part, part, (collapsed, before, during, after) => {
        const server = new ModelServer(collapsed);
        const client = new Client(server);
        for (const room of [0, 1]) client.ask('newest', room);
        for (const one of before) act(server, client, one);
        client.finish();
        const since = server.clock;
        client.cut();
        for (const one of during) act(server, client, one);
        client.comeBack(since);
        for (const one of after) act(server, client, one);
        client.finish();
        client.settle();
        expectUnread(server, client.state);
        expectOrder(server, client.state);
        expectAll(server, client);
        for (const room of server.rooms) client.readThreads(room.id);
        expectReplies(server, client.state);
        expectShown(server, client.state);
      }),
      { numRuns },
    );
  });
});
