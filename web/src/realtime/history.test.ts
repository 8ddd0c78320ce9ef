/** Whatever the order in which answers and events come: the client ends with what the server has. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { channelPosts } from '@/store/posts';
import { tally } from '@/store/reactions';
import { unreadOf } from '@/store/selectors';
import { type Action, initialState, reduce, type State } from '@/store/store';
import { type Act, channelId, me, ServerChannelModel } from '@/testkit/history';
import { factsOf } from './events';

const act: fc.Arbitrary<Act> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant('post' as const),
      mine: fc.boolean(),
      mention: fc.boolean(),
      replyTo: fc.nat(4),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constantFrom('edit' as const, 'delete' as const),
      which: fc.nat(20),
    }) as fc.Arbitrary<Act>,
  },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constant('react' as const), which: fc.nat(20), who: fc.nat(2), emoji: fc.nat(1) }),
  },
  { weight: 1, arbitrary: fc.constant({ kind: 'view' as const }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('unread' as const), which: fc.nat(20) }) },
);

/** What happens next: on the server, on the wire to the client, or with a question that the client asked. */
const step = fc.oneof(
  { weight: 4, arbitrary: act.map((what) => ({ at: 'server' as const, what })) },
  { weight: 4, arbitrary: fc.constant({ at: 'wire' as const }) },
  { weight: 1, arbitrary: fc.constant({ at: 'ask' as const }) },
  { weight: 1, arbitrary: fc.constant({ at: 'compute' as const }) },
  { weight: 1, arbitrary: fc.constant({ at: 'answer' as const }) },
);

const signedIn: State = {
  ...initialState,
  users: { ...initialState.users, me },
  server: { ...initialState.server, config: { CollapsedThreads: 'always_on' } },
};

/** Client is a store outside the page, fed by hand. */
class Client {
  state = signedIn;
  heard = 0;
  readonly #server: ServerChannelModel;
  #questions: { asked: number; facts?: Action[] }[] = [];

  constructor(server: ServerChannelModel) {
    this.#server = server;
  }

  take(...facts: Action[]): void {
    this.state = facts.reduce(reduce, this.state);
  }

  hear(): void {
    const frame = this.#server.frames[this.heard];
    if (!frame) return;
    this.heard++;
    this.take(...factsOf(frame, this.state));
  }

  ask(): void {
    this.#questions.push({ asked: this.state.channels.tick });
  }

  compute(): void {
    const question = this.#questions.find((one) => !one.facts);
    if (!question) return;
    question.facts = [
      { type: 'posts/page', channelId, list: this.#server.page() },
      { type: 'channels/received', channels: [this.#server.channel()] },
      { type: 'channels/mine', members: [this.#server.member()], asked: question.asked },
    ];
  }

  answer(): void {
    const at = this.#questions.findIndex((one) => one.facts);
    if (at < 0) return;
    const [question] = this.#questions.splice(at, 1);
    this.take(...(question?.facts ?? []));
  }

  /** Everything that is still on its way comes, and what could not be told for sure is asked again. */
  settle(): void {
    while (this.heard < this.#server.frames.length) this.hear();
    while (this.#questions.length > 0) {
      this.compute();
      this.answer();
    }
    if (this.state.channels.unsure.length === 0) return;
    this.ask();
    this.settle();
  }
}

type Shown = { id: string; message: string; reactions: string[] };

function shown(state: State): Shown[] {
  const bucket = channelPosts(state.posts, channelId);
  const live = bucket.blocks.find((block) => block.end);
  return (live?.ids ?? []).flatMap((id) => {
    const post = bucket.posts[id];
    if (!post || post.delete_at > 0) return [];
    const reactions = tally(bucket.reactions[id]).flatMap((one) => one.userIds.map((user) => `${one.emoji} ${user}`));
    return [{ id, message: post.message, reactions: reactions.sort() }];
  });
}

const expected = (server: ServerChannelModel): Shown[] =>
  server.roots.map((post) => ({
    id: post.id,
    message: post.message,
    reactions: post.reactions.map((one) => `${one.emoji} ${one.user}`).sort(),
  }));

test('posts, reactions and counts agree with the server after any interleaving', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 80 }), (steps) => {
      const server = new ServerChannelModel();
      const client = new Client(server);
      client.ask();
      for (const one of steps) {
        if (one.at === 'server') server.act(one.what);
        else if (one.at === 'wire') client.hear();
        else if (one.at === 'ask') client.ask();
        else if (one.at === 'compute') client.compute();
        else client.answer();
      }
      client.settle();
      expect(shown(client.state)).toEqual(expected(server));
      const { messages, mentions } = unreadOf(client.state, channelId);
      expect({ messages, mentions }).toEqual(server.unread);
    }),
    { numRuns: 400 },
  );
});

test('facts about posts and reactions end in the same state in any order, and twice without harm', () => {
  const histories = fc.array(act, { minLength: 1, maxLength: 25 });
  fc.assert(
    fc.property(histories, fc.infiniteStream(fc.nat()), (acts, choices) => {
      const server = new ServerChannelModel();
      const facts: Action[] = [];
      for (const one of acts) {
        server.act(one);
        facts.push({ type: 'posts/page', channelId, list: server.page() });
      }
      for (const frame of server.frames) {
        facts.push(...factsOf(frame, signedIn).filter((fact) => /^(post|posts|reaction)\//.test(fact.type)));
      }
      const twice = [...facts, ...facts];
      const shuffled: Action[] = [];
      while (twice.length > 0) {
        const [fact] = twice.splice((choices.next().value as number) % twice.length, 1);
        if (fact) shuffled.push(fact);
      }
      expect(shown(shuffled.reduce(reduce, signedIn))).toEqual(expected(server));
    }),
    { numRuns: 300 },
  );
});
