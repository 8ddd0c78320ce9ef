import { WebSocketClient, type WebSocketEvents, type WebSocketMessage } from '@mattermost/client';
import type { Post } from '@mattermost/types/posts';
import { WebSocket as Socket } from 'ws';

// Node 20 has no WebSocket of its own; the client looks for the browser's global.
Object.assign(globalThis, { WebSocket: Socket });

// The published client narrates each step of its connection on the console.
console.log = () => undefined;

export type EventName = `${WebSocketEvents}`;

/** MessageOf is the message of an event's name, as the client types it. */
export type MessageOf<N extends EventName> = WebSocketMessage extends infer M
  ? M extends { event: infer E extends string }
    ? N extends `${E}`
      ? M
      : never
    : never
  : never;

export type Match<N extends EventName> = (message: MessageOf<N>) => boolean;

/** How long anything may take that has to come. Nothing waits longer, and nothing waits a fixed time. */
const deadline = 10_000;

/** postOf decodes the post that an event carries as a string. */
export function postOf(message: { data: { post: string } }): Post {
  const post: Post = JSON.parse(message.data.post);
  return post;
}

/** until waits for something that changes by itself. It asks again and again, at most until the deadline. */
export async function until(what: string, holds: () => Promise<boolean> | boolean): Promise<void> {
  const end = Date.now() + deadline;
  while (!(await holds())) {
    if (Date.now() > end) throw new Error(`did not come about: ${what}`);
    await new Promise((again) => setTimeout(again, 25));
  }
}

/** An Ear is one websocket of one person, by the published client, and what came in over it. */
export class Ear {
  readonly #client = new WebSocketClient({
    newWebSocketFn: (url) => this.#connect(url),
    minWebSocketRetryTime: 50,
    maxWebSocketRetryTime: 500,
    reconnectJitterRange: 0,
  });
  readonly #heard: WebSocketMessage[] = [];
  readonly #listeners = new Set<() => void>();
  #socket: Socket | undefined;
  #reachable = true;

  /** Number of sockets opened, times that the client came back, and times that it found a gap. */
  readonly counts = { opened: 0, reconnected: 0, missed: 0, closed: 0 };

  /** open connects and waits for the server's greeting. */
  static async open(url: string, token: string): Promise<Ear> {
    const ear = new Ear();
    ear.#client.addMessageListener((message) => ear.#take(message));
    ear.#client.addReconnectListener(() => ear.#count('reconnected'));
    ear.#client.addMissedMessageListener(() => ear.#count('missed'));
    ear.#client.addCloseListener(() => ear.#count('closed'));
    ear.#client.initialize(url, token);
    await ear.next('hello');
    return ear;
  }

  #connect(url: string): WebSocket {
    // Port 1 refuses: to the client the server is out of reach, and it goes on trying.
    this.#socket = new Socket(this.#reachable ? url : 'ws://127.0.0.1:1');
    this.counts.opened++;
    return this.#socket as unknown as WebSocket;
  }

  #take(message: WebSocketMessage): void {
    this.#heard.push(message);
    this.#wake();
  }

  #count(what: keyof typeof this.counts): void {
    this.counts[what]++;
    this.#wake();
  }

  #wake(): void {
    for (const listener of this.#listeners) listener();
  }

  /** until waits for something that a message or a change of the connection brings about. */
  async until(what: string, holds: () => boolean): Promise<void> {
    if (holds()) return;
    await new Promise<void>((done, fail) => {
      const late = setTimeout(() => {
        this.#listeners.delete(check);
        fail(new Error(`${what} did not come; heard: ${this.#heard.map((m) => m.event).join(', ') || 'nothing'}`));
      }, deadline);
      const check = () => {
        if (!holds()) return;
        clearTimeout(late);
        this.#listeners.delete(check);
        done();
      };
      this.#listeners.add(check);
    });
  }

  /** next waits for an event and takes it out of what was heard. */
  async next<N extends EventName>(name: N, match: Match<N> = () => true): Promise<MessageOf<N>> {
    let found: MessageOf<N> | undefined;
    await this.until(name, () => {
      found = this.all(name, match)[0];
      return found !== undefined;
    });
    if (found === undefined) throw new Error(`${name} did not come`);
    this.#heard.splice(this.#heard.indexOf(found as WebSocketMessage), 1);
    return found;
  }

  /** all lists what was heard of an event and not taken yet. */
  all<N extends EventName>(name: N, match: Match<N> = () => true): MessageOf<N>[] {
    const sameName = this.#heard.filter((m) => m.event === name) as unknown as MessageOf<N>[];
    return sameName.filter(match);
  }

  forget(): void {
    this.#heard.length = 0;
  }

  typing(channelId: string, rootId = ''): void {
    this.#client.userTyping(channelId, rootId);
  }

  /** drop cuts the wire, as a dead network does. The client reconnects by itself. */
  drop(): void {
    this.#socket?.terminate();
  }

  /** away drops the connection and keeps the client from coming back until back is called. */
  away(): void {
    this.#reachable = false;
    this.drop();
  }

  async back(): Promise<void> {
    const before = this.counts.reconnected;
    this.#reachable = true;
    await this.until('the client is back', () => this.counts.reconnected > before);
  }

  close(): void {
    this.#client.close();
    this.#socket?.terminate();
  }
}
