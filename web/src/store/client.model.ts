/** A client as the tests of the store need it: hears events, asks, and gets answers late or twice. */
import { factsOf } from '@/realtime/events';
import type { Frame } from '@/realtime/socket';
import { channelPosts } from './posts';
import { type ModelServer, me, team } from './server.model';
import { type Action, initialState, reduce, type State } from './store';

const size = 4;

/** Answer is what was asked for: each of its parts is made at a moment of its own, in their order. */
type Answer = { made: Action[]; parts: (() => Action[])[] };
const answerOf = (...parts: Answer['parts']): Answer => ({ made: [], parts });
const whole = ({ made, parts }: Answer): Action[] => [...made, ...parts.splice(0).flatMap((part) => part())];

function began(collapsed: boolean, server: ModelServer): State {
  const facts = [
    { type: 'server/config', config: { CollapsedThreads: collapsed ? 'always_on' : 'disabled' } },
    { type: 'users/me', user: { id: me, username: 'me', update_at: 1 } },
    { type: 'posts/mode', collapsed },
    { type: 'channels/received', channels: server.rooms.map((room) => server.channel(room)) },
    { type: 'channels/mine', members: server.rooms.map((room) => server.membership(room)), asked: 0 },
    { type: 'place/channel', teamId: team, channelId: 'garden', newSince: 0 },
  ] as unknown as Action[];
  return facts.reduce(reduce, initialState);
}

const isAboutPosts = (action: Action): boolean => /^(post|posts|reaction|thread)\//.test(action.type);

/** Client is a store outside the page. It hears events in order for what is read; those about posts may come in any order. */
export class Client {
  state: State;
  readonly #server: ModelServer;
  #heard = 0;
  #loose: Action[] = [];
  #answers: Answer[] = [];
  #lost = false;

  constructor(server: ModelServer) {
    this.#server = server;
    this.state = began(server.collapsed, server);
  }

  take(actions: readonly Action[]): void {
    this.state = actions.reduce(reduce, this.state);
  }

  /** The next events arrive; while the connection is cut they are lost. */
  hear(count: number, shuffle: boolean): void {
    for (let i = 0; i < count; i++) {
      const frame = this.#server.frames[this.#heard];
      if (!frame) return;
      this.#heard++;
      if (this.#lost) continue;
      this.#hear(frame, shuffle);
    }
  }

  #hear(frame: Frame, shuffle: boolean): void {
    for (const fact of factsOf(frame, this.state)) {
      if (shuffle && isAboutPosts(fact)) this.#loose.push(fact);
      else this.take([fact]);
    }
    if (frame.event === 'post_deleted') this.#askRoot(frame);
  }

  /** What `followThreads.ts` does when a reply is gone. */
  #askRoot(frame: Frame): void {
    const post = JSON.parse(String(frame.data.post)) as { root_id: string };
    if (post.root_id === '') return;
    const asked = this.state.posts.tick;
    this.#answers.push(
      answerOf(() => [{ type: 'posts/thread', rootId: post.root_id, list: this.#server.root(post.root_id), asked }]),
    );
  }

  /** An event about a post that was overtaken by others arrives. */
  loose(index: number): void {
    const [fact] = this.#loose.splice(index % Math.max(1, this.#loose.length), 1);
    if (fact) this.take([fact]);
  }

  ask(kind: 'newest' | 'older' | 'newer' | 'members' | 'unsure' | 'thread' | 'found', index: number): void {
    const server = this.#server;
    const room = server.room(index);
    const asked = this.state.posts.tick;
    const tick = this.state.channels.tick;
    const bucket = channelPosts(this.state.posts, room.id);
    const block = bucket.blocks[index % Math.max(1, bucket.blocks.length)];
    const edge = kind === 'older' ? block?.ids[0] : block?.ids.at(-1);
    const some = server.posts[index % Math.max(1, server.posts.length)];
    const page = (beside?: { id: string; side: 'before' | 'after' }): Action => ({
      type: 'posts/page',
      channelId: room.id,
      list: server.page(room.id, size, beside),
      asked,
      ...(beside && { joins: beside.id }),
    });
    const unsure = server.rooms.filter((one) => this.state.channels.unsure.includes(one.id));
    const makers: Record<typeof kind, Answer['parts']> = {
      newest: [() => [page()]],
      older: edge ? [() => [page({ id: edge, side: 'before' })]] : [],
      newer: edge ? [() => [page({ id: edge, side: 'after' })]] : [],
      members: this.#members(server.rooms, tick),
      unsure: this.#members(unsure, tick),
      found: some ? [() => (some.deleteAt > 0 ? [] : [{ type: 'posts/found', posts: [server.wire(some)] }])] : [],
      thread: some && some.root_id === '' ? [() => [this.#thread(some.id, asked)]] : [],
    };
    if (makers[kind].length > 0) this.#answers.push(answerOf(...makers[kind]));
  }

  /** Memberships are never newer than the channels that come with them, see `load.ts`. */
  #members(rooms: ModelServer['rooms'], asked: number): Answer['parts'] {
    const server = this.#server;
    return [
      () => [{ type: 'channels/mine', members: rooms.map((one) => server.membership(one)), asked }],
      () => [{ type: 'channels/received', channels: rooms.map((one) => server.channel(one)) }],
    ];
  }

  /** The server makes the next part of an answer. */
  serve(index: number): void {
    const answer = this.#answers[index % Math.max(1, this.#answers.length)];
    answer?.made.push(...(answer.parts.shift()?.() ?? []));
  }

  deliver(index: number, twice: boolean): void {
    const at = index % Math.max(1, this.#answers.length);
    const answer = this.#answers[at];
    if (!answer || answer.parts.length > 0) return;
    if (!twice) this.#answers.splice(at, 1);
    this.take(answer.made);
  }

  /** The connection breaks, and comes back without what happened meanwhile. */
  cut(): void {
    this.#lost = true;
    this.#loose = [];
  }

  comeBack(since: number): void {
    if (!this.#lost) return;
    this.hear(Number.MAX_SAFE_INTEGER, false);
    this.#lost = false;
    // What was asked for over the broken connection never arrives.
    this.#answers = [];
    this.take([{ type: 'posts/stale', since }]);
    this.catchUp();
  }

  /** What `live.ts` does after a cut. */
  catchUp(): void {
    const server = this.#server;
    for (const room of server.rooms) {
      const asked = this.state.posts.tick;
      const since = channelPosts(this.state.posts, room.id).staleSince;
      if (since === 0) continue;
      this.take([
        { type: 'posts/changed', channelId: room.id, list: server.since(room.id, since), asked },
        { type: 'posts/page', channelId: room.id, list: server.page(room.id, size), asked },
      ]);
    }
    this.ask('members', 0);
    this.finish();
  }

  /** Everything that is on its way arrives. */
  finish(): void {
    for (const answer of this.#answers.splice(0)) this.take(whole(answer));
    this.hear(Number.MAX_SAFE_INTEGER, false);
    this.take(this.#loose.splice(0));
    for (const answer of this.#answers.splice(0)) this.take(whole(answer));
  }

  /** What `settleUnsure` does. */
  settle(): void {
    for (let round = 0; round < 5 && this.state.channels.unsure.length > 0; round++) {
      const asked = this.state.channels.tick;
      const members = this.#server.rooms
        .filter((room) => this.state.channels.unsure.includes(room.id))
        .map((room) => this.#server.membership(room));
      this.take([{ type: 'channels/mine', members, asked }]);
    }
  }

  /** Reads a channel to its beginning, and every hole within. */
  readAll(channelId: string): void {
    this.take([this.#page(channelId)]);
    for (let i = 0; i < 200; i++) {
      const bucket = channelPosts(this.state.posts, channelId);
      const last = bucket.blocks.at(-1);
      if (!last || (bucket.blocks.length === 1 && last.start)) return;
      const [first] = last.ids;
      if (first === undefined) return;
      this.take([this.#page(channelId, { id: first, side: 'before' })]);
    }
  }

  #thread(rootId: string, asked: number): Action {
    const list = this.#server.thread(rootId);
    return { type: 'posts/thread', rootId, list, page: { start: true, end: true, fresh: true }, asked };
  }

  /** Opens every thread of a channel. */
  readThreads(channelId: string): void {
    const roots = this.#server.standing(channelId).filter((post) => post.root_id === '' && post.type === '');
    this.take(roots.map((root) => this.#thread(root.id, this.state.posts.tick)));
  }

  #page(channelId: string, beside?: { id: string; side: 'before' | 'after' }): Action {
    const list = this.#server.page(channelId, size, beside);
    const asked = this.state.posts.tick;
    return { type: 'posts/page', channelId, list, asked, ...(beside && { joins: beside.id }) };
  }
}
