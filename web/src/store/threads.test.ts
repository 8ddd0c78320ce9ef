import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { factsOf } from '@/realtime/events';
import { type Action, initialState, reduce, type State } from './store';
import { followedThread, isUnread } from './thread';
import { channelId, me, ServerThreads, teamId } from './threads.model';

const start: State = [
  { type: 'users/me', user: { id: me, username: 'me', update_at: 1 } },
  {
    type: 'channels/received',
    channels: [{ id: channelId, team_id: teamId, type: 'O', update_at: 1, last_post_at: 1 }],
  },
].reduce((state, action) => reduce(state, action as unknown as Action), initialState);

type Answer = { make: () => Action; asked: number; made?: Action };

/** Client is a reader's store: events come in order and late, answers at any time after they were asked for. */
class Client {
  state = start;
  #heard = 0;
  readonly #answers: Answer[] = [];
  readonly #server: ServerThreads;

  constructor(server: ServerThreads) {
    this.#server = server;
  }

  take(...actions: Action[]): void {
    this.state = actions.reduce(reduce, this.state);
  }

  hear(count: number): void {
    for (let i = 0; i < count; i++) {
      const frame = this.#server.frames[this.#heard];
      if (!frame) return;
      this.#heard++;
      this.take(...factsOf(frame, this.state));
    }
  }

  get caughtUp(): boolean {
    return this.#heard === this.#server.frames.length;
  }

  ask(kind: 'all' | 'unread' | 'totals' | 'one', index: number): void {
    const asked = this.state.threads.tick;
    const server = this.#server;
    this.#answers.push({
      asked,
      make: () => {
        if (kind === 'totals') return { type: 'threads/totals', teamId, totals: server.totals(), asked };
        if (kind === 'one') return this.#one(index, asked);
        const threads = server.list(kind === 'unread').map((one) => followedThread(one, teamId));
        return { type: 'threads/list', teamId, threads, unread: kind === 'unread', complete: true, fresh: true, asked };
      },
    });
  }

  #one(index: number, asked: number): Action {
    const thread = this.#server.threads[index % this.#server.threads.length];
    const wire = thread && this.#server.wire(thread);
    if (wire) return { type: 'threads/received', thread: followedThread(wire, teamId), asked };
    return this.state.threads.tick === asked && thread
      ? { type: 'threads/gone', id: thread.id }
      : { type: 'place/none' };
  }

  /** The server works an answer out. */
  serve(index: number): void {
    const answer = this.#answers[index % Math.max(1, this.#answers.length)];
    if (answer) answer.made = answer.make();
  }

  /** It arrives; the same one may arrive twice. */
  deliver(index: number, twice: boolean): void {
    const at = index % Math.max(1, this.#answers.length);
    const answer = this.#answers[at];
    if (!answer?.made) return;
    if (!twice) this.#answers.splice(at, 1);
    // Whoever asks for one thread only gives it up when nothing was heard meanwhile.
    if (answer.made.type === 'threads/gone' && this.state.threads.tick !== answer.asked) return;
    this.take(answer.made);
  }

  deliverAll(): void {
    for (const answer of this.#answers.splice(0)) {
      const made = answer.made ?? answer.make();
      if (made.type !== 'threads/gone' || this.state.threads.tick === answer.asked) this.take(made);
    }
  }

  /** What `settleThreads` does. */
  settle(): void {
    for (let round = 0; round < 5 && this.state.threads.unsure.length > 0; round++) {
      for (const id of this.state.threads.unsure) {
        const asked = this.state.threads.tick;
        this.take(
          this.#one(
            this.#server.threads.findIndex((thread) => thread.id === id),
            asked,
          ),
        );
      }
    }
  }
}

// More of them by hand: RUNS=50000.
const numRuns = Number(process.env.RUNS ?? 600);

const index = fc.nat(30);
const step = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant('reply' as const),
      thread: index,
      mentions: fc.boolean(),
      slow: fc.boolean(),
    }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('own' as const), thread: index, slow: fc.boolean() }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('read' as const), thread: index, slow: fc.boolean() }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('readSome' as const), thread: index, reply: index }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('markUnread' as const), thread: index, reply: index }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('follow' as const), thread: index, on: fc.boolean() }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('readAll' as const), slow: fc.boolean() }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('remove' as const), thread: index, reply: index }) },
  { weight: 5, arbitrary: fc.record({ kind: fc.constant('hear' as const), count: fc.nat(4) }) },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('ask' as const),
      what: fc.constantFrom('all' as const, 'unread' as const, 'totals' as const, 'one' as const),
      thread: index,
    }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('serve' as const), answer: index }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('deliver' as const), answer: index, twice: fc.boolean() }) },
);
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

function act(server: ServerThreads, client: Client, one: Step): unknown {
  const threadAt = (at: number) => server.threads[at % server.threads.length] as ServerThreads['threads'][number];
  switch (one.kind) {
    case 'reply':
      return server.reply(threadAt(one.thread), 'other', one.mentions, one.slow);
    case 'own':
      return server.reply(threadAt(one.thread), me, false, one.slow);
    case 'read': {
      const thread = threadAt(one.thread);
      return server.read(thread, server.last(thread), one.slow);
    }
    case 'readSome': {
      const thread = threadAt(one.thread);
      const reply = server.standing(thread)[one.reply % Math.max(1, server.standing(thread).length)];
      return reply && server.read(thread, reply.at, false);
    }
    case 'markUnread':
      return server.markUnread(threadAt(one.thread), one.reply % 4);
    case 'follow':
      return server.follow(threadAt(one.thread), one.on);
    case 'readAll':
      return server.readAll(one.slow);
    case 'remove':
      return server.remove(threadAt(one.thread), one.reply % 5);
    case 'hear':
      return client.hear(one.count);
    case 'ask':
      return client.ask(one.what, one.thread);
    case 'serve':
      return client.serve(one.answer);
    case 'deliver':
      return client.deliver(one.answer, one.twice);
  }
}

function play(steps: Step[]): { server: ServerThreads; client: Client } {
  const server = new ServerThreads(3);
  const client = new Client(server);
  let held = false;
  for (const one of steps) {
    act(server, client, one);
    // What is slow to be told comes after what happened next.
    if (held) server.flush();
    held = 'slow' in one && one.slow;
  }
  server.flush();
  client.deliverAll();
  client.hear(Number.MAX_SAFE_INTEGER);
  return { server, client };
}

/** What is unread in each followed thread, as the store and the server have it. */
const unreadIn = (client: Client) =>
  Object.fromEntries(
    Object.values(client.state.threads.threads)
      .filter((thread) => thread.following && isUnread(thread))
      .map((thread) => [thread.id, [thread.unreadReplies, thread.unreadMentions]]),
  );
const unreadOnServer = (server: ServerThreads) =>
  Object.fromEntries(
    server
      .followed()
      .filter((thread) => server.unread(thread) > 0 || thread.mentions > 0)
      .map((thread) => [thread.id, [server.unread(thread), thread.mentions]]),
  );

describe('threads', () => {
  it('says of a thread what the server says, once all events are heard and nothing is unsure', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
        const { server, client } = play(steps);
        expect(client.caughtUp).toBe(true);
        client.settle();
        const known = new Set(Object.keys(client.state.threads.threads));
        const there = Object.fromEntries(Object.entries(unreadOnServer(server)).filter(([id]) => known.has(id)));
        expect(unreadIn(client)).toEqual(there);
      }),
      { numRuns },
    );
  });

  it('has the lists and the totals of the server after they were asked for once more', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
        const { server, client } = play(steps);
        for (const kind of ['all', 'unread', 'totals'] as const) client.ask(kind, 0);
        client.deliverAll();
        client.settle();
        const { threads } = client.state;
        expect(threads.unsure).toEqual([]);
        expect(threads.totals[teamId]).toEqual(server.totals());
        expect(threads.all[teamId]?.ids).toEqual(server.list(false).map((one) => one.id));
        expect(threads.unread[teamId]?.ids).toEqual(server.list(true).map((one) => one.id));
        expect(unreadIn(client)).toEqual(unreadOnServer(server));
        for (const wire of server.list(false)) {
          const known = threads.threads[wire.id];
          expect([known?.replyCount, known?.lastReplyAt]).toEqual([wire.reply_count, wire.last_reply_at]);
        }
      }),
      { numRuns },
    );
  });
});
