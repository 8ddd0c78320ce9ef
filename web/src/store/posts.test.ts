/** Meetings of answers and events that are rare in random histories, one by one. */
import { describe, expect, it } from 'vitest';
import { channelPosts } from './posts';
import { ModelServer, me } from './server.model';
import { type Action, initialState, reduce, type State } from './store';

const garden = 'garden';
const begun = (): { server: ModelServer; state: State } => {
  const server = new ModelServer(true);
  const facts = [
    { type: 'users/me', user: { id: me, username: 'me', update_at: 1 } },
    { type: 'posts/mode', collapsed: true },
  ] as unknown as Action[];
  return { server, state: facts.reduce(reduce, initialState) };
};
const say = (server: ModelServer, users: string[], root?: ModelServer['posts'][number]) => {
  const from = server.posts.length;
  server.write(
    server.room(0),
    users.map((user) => ({ user, root, mentions: false, counts: true })),
  );
  return server.posts.slice(from);
};
const page = (server: ModelServer, asked: number): Action => {
  return { type: 'posts/page', channelId: garden, list: server.page(garden, 4), asked };
};
/** The posts of the last events of that kind, as facts. */
const heard = (server: ModelServer, count: number): Action[] =>
  server.frames
    .filter((frame) => frame.event === 'posted')
    .slice(-count)
    .map((frame) => ({ type: 'post/heard', post: JSON.parse(String(frame.data.post)) }));
const take = (state: State, ...facts: Action[]): State => facts.reduce(reduce, state);
const shown = (state: State) => channelPosts(state.posts, garden).blocks.map((block) => [...block.ids]);

describe('posts', () => {
  it('that are back after a deletion stand where they stood, be they forgotten or empty', () => {
    const { server, state } = begun();
    const [first, second, third] = say(server, ['ana', 'bob', 'ana']);
    const full = take(state, page(server, 0));
    const gone = server.page(garden, 4).posts[second?.id ?? ''];
    if (!gone) throw new Error('the page lacks the post');
    const back = { ...gone, update_at: gone.update_at + 5 };
    const end: Action[] = [
      { type: 'post/deleted', post: { ...gone, delete_at: gone.update_at + 1 } },
      { type: 'post/forgotten', channelId: garden, id: gone.id },
    ];
    for (const fact of end) {
      const without = take(full, fact);
      const again = take(without, { type: 'posts/restored', channelId: garden, id: gone.id, posts: [back] });
      expect(shown(again)).toEqual([[first?.id, gone.id, third?.id]]);
      expect(channelPosts(again.posts, garden).posts[gone.id]).toMatchObject({ delete_at: 0, message: gone.message });
    }
  });

  it('that were heard of while the first page was on its way stand behind it', () => {
    const { server, state } = begun();
    const [first] = say(server, ['ana']);
    const old = page(server, 0);
    const [second] = say(server, ['bob']);
    expect(shown(take(state, ...heard(server, 1), old))).toEqual([[first?.id, second?.id]]);
  });

  it('of a channel that was empty when the connection broke are live after it', () => {
    const { server, state } = begun();
    const empty = take(state, page(server, 0), { type: 'posts/stale', since: 1 });
    const back = take(
      empty,
      { type: 'posts/changed', channelId: garden, list: server.since(garden, 1), asked: 0 },
      page(server, 0),
    );
    const [first] = say(server, ['ana']);
    expect(shown(take(back, ...heard(server, 1)))).toEqual([[first?.id]]);
  });

  it('that come late leave no hole in a run', () => {
    const { server, state } = begun();
    const posts = Array.from({ length: 6 }, () => say(server, ['ana'])[0]?.id);
    const late = heard(server, 6)[0] as Action;
    expect(shown(take(state, page(server, 0), late))).toEqual([posts.slice(2)]);
  });

  it('of a deleted root go with it', () => {
    const { server, state } = begun();
    const [root] = say(server, ['ana']);
    if (!root) return;
    say(server, ['bob'], root);
    const known = take(state, page(server, 0), ...heard(server, 1));
    server.remove(root);
    const gone = JSON.parse(String(server.frames.at(-1)?.data.post));
    const { posts } = channelPosts(take(known, { type: 'post/deleted', post: gone }).posts, garden);
    expect(Object.values(posts).every((post) => post.delete_at > 0)).toBe(true);
  });
});

describe('the number of replies', () => {
  const count = (state: State, id: string) => channelPosts(state.posts, garden).posts[id]?.reply_count;

  it('has all of those that were sent at one moment', () => {
    const { server, state } = begun();
    const [root] = say(server, ['ana']);
    const known = take(state, page(server, 0));
    const answers = [1, 2].map((n) => {
      say(server, ['bob'], root);
      const fact = heard(server, 1)[0] as Extract<Action, { type: 'post/heard' }>;
      return { ...fact, post: { ...fact.post, create_at: 5000, reply_count: n } };
    });
    expect(count(take(known, ...answers), root?.id ?? '')).toBe(2);
    expect(count(take(known, ...answers, ...answers), root?.id ?? '')).toBe(2);
  });

  it('is not taken back by an answer that was asked for before the last one', () => {
    const { server, state } = begun();
    const [root] = say(server, ['ana']);
    const known = take(state, page(server, 0));
    const old = page(server, known.posts.tick);
    say(server, ['bob'], root);
    expect(count(take(known, ...heard(server, 1), old), root?.id ?? '')).toBe(1);
    // Also when the root comes only with that answer.
    expect(count(take(state, ...heard(server, 1), old), root?.id ?? '')).toBe(1);
  });

  it('is that of an answer that was asked for since', () => {
    const { server, state } = begun();
    const [root] = say(server, ['ana']);
    const [reply] = say(server, ['bob'], root);
    const known = take(state, page(server, 0), ...heard(server, 1));
    if (reply) server.remove(reply);
    expect(count(take(known, page(server, known.posts.tick)), root?.id ?? '')).toBe(0);
  });
});

describe('a message that disappears', () => {
  const secret = { id: 'p', channel_id: garden, user_id: 'ana', create_at: 5, update_at: 5, type: 'burn_on_read' };
  const fact = (message: string, expire_at?: number): Action =>
    ({ type: 'posts/found', posts: [{ ...secret, message, metadata: { ...(expire_at && { expire_at }) } }] }) as never;
  const words = (...facts: Action[]) => channelPosts(take(begun().state, ...facts).posts, garden).posts.p?.message;

  it('keeps its words when an event without them comes late, and loses them when its time is over', () => {
    expect(words(fact('key'), fact(''))).toBe('key');
    expect(words(fact(''), fact('key', 99))).toBe('key');
    expect(words(fact('key', 99), fact('', 99))).toBe('');
    expect(words(fact('key'), { type: 'post/burnt', channelId: garden, id: 'p', at: 7 })).toBe('');
  });

  it('tells its author who has read it', () => {
    const news: Action = { type: 'post/burning', channelId: garden, id: 'p', readers: ['bob'] };
    const till: Action = { type: 'post/burning', channelId: garden, id: 'p', till: 44 };
    const { metadata } = channelPosts(take(begun().state, fact('key'), news, till).posts, garden).posts.p ?? {};
    expect(metadata).toEqual({ recipients: ['bob'], expire_at: 44 });
  });
});
