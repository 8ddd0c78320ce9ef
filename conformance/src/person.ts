import { Client4 } from '@mattermost/client';
import type { ServerChannel } from '@mattermost/types/channels';
import type { Post } from '@mattermost/types/posts';
import type { UserProfile } from '@mattermost/types/users';
import { Ear, type EventName, type Match, postOf } from './ear.js';

export const url = process.env.PARLEY_URL ?? 'http://127.0.0.1:8065';
export const password = 'Conform-Passw0rd-1';

export function connect(): Client4 {
  const client = new Client4();
  client.setUrl(url);
  return client;
}

let counter = 0;

/** word makes a new lower-case word, so that a suite can run twice on one server. */
export function word(stem: string): string {
  counter++;
  return `${stem}-${Date.now().toString(36)}${counter.toString(36)}${Math.random().toString(36).slice(2, 6)}`;
}

/** What one person has not read in a channel, counted as the web client counts it. */
export type Unread = { messages: number; roots: number; mentions: number; rootMentions: number };

/** A Person is an account that is logged in, with a websocket when the test listens. */
export class Person {
  #ear: Ear | undefined;
  #self: ServerChannel | undefined;

  constructor(
    readonly client: Client4,
    readonly profile: UserProfile,
  ) {}

  static async signUp(username: string): Promise<Person> {
    const account = { username, email: `${username}@example.com`, password } as UserProfile;
    await connect().createUser(account, '', '');
    return Person.logIn(username);
  }

  static async logIn(username: string, code = ''): Promise<Person> {
    const client = connect();
    const profile = await client.login(username, password, code);
    return new Person(client, profile);
  }

  get id(): string {
    return this.profile.id;
  }

  get name(): string {
    return this.profile.username;
  }

  get ear(): Ear {
    if (!this.#ear) throw new Error(`${this.name} is not listening`);
    return this.#ear;
  }

  /** openEar connects one more websocket; the caller closes it. */
  openEar(): Promise<Ear> {
    return Ear.open(this.client.getWebSocketUrl(), this.client.getToken());
  }

  async listen(): Promise<void> {
    this.#ear ??= await this.openEar();
  }

  leave(): void {
    this.#ear?.close();
    this.#ear = undefined;
  }

  say(channelId: string, message: string, rootId = ''): Promise<Post> {
    return this.client.createPost({ channel_id: channelId, message, root_id: rootId });
  }

  /**
   * settle returns when this person has heard everything that was published before the call: their own
   * note to self comes over the same socket, after it.
   */
  async settle(ear = this.ear): Promise<void> {
    this.#self ??= await this.client.createDirectChannel([this.id, this.id]);
    const note = await this.say(this.#self.id, word('note'));
    await ear.next('posted', (m) => postOf(m).id === note.id);
  }

  /** hearsNo fails when such an event has reached this person. */
  async hearsNo<N extends EventName>(name: N, match: Match<N> = () => true): Promise<void> {
    await this.settle();
    const found = this.ear.all(name, match);
    if (found.length > 0) throw new Error(`${this.name} should not hear ${name}: ${JSON.stringify(found[0])}`);
  }

  async unread(channelId: string): Promise<Unread> {
    const [channel, member] = await Promise.all([
      this.client.getChannel(channelId),
      this.client.getMyChannelMember(channelId),
    ]);
    return {
      messages: channel.total_msg_count - member.msg_count,
      roots: channel.total_msg_count_root - member.msg_count_root,
      mentions: member.mention_count,
      rootMentions: member.mention_count_root,
    };
  }
}
