/** A server's threads as the tests of the store need them: who reads what, the events it sends, the answers it gives. */
import type { UserThreadWithPost } from '@mattermost/types/threads';
import type { Frame } from '@/realtime/socket';

export const me = 'me';
export const teamId = 'team';
export const channelId = 'channel';

type Reply = { id: string; at: number; author: string; mentions: boolean; gone: boolean };
type Thread = {
  id: string;
  replies: Reply[];
  following: boolean;
  member: boolean;
  viewed: number;
  mentions: number;
};

/** ServerThreads is the model: one reader's threads in one team. */
export class ServerThreads {
  readonly threads: Thread[];
  readonly frames: Frame[] = [];
  #held: Frame[] = [];
  #clock = 1000;
  #seq = 0;

  constructor(count: number) {
    this.threads = Array.from({ length: count }, (_, i) => ({
      id: `root${i}`,
      replies: [],
      following: false,
      member: false,
      viewed: 0,
      mentions: 0,
    }));
  }

  standing(thread: Thread): Reply[] {
    return thread.replies.filter((reply) => !reply.gone);
  }

  last(thread: Thread): number {
    return Math.max(0, ...this.standing(thread).map((reply) => reply.at));
  }

  unread(thread: Thread, viewed = thread.viewed): number {
    return this.standing(thread).filter((reply) => reply.at > viewed).length;
  }

  /** A thread as the server answers it; nothing for one that isn't followed. */
  wire(thread: Thread): UserThreadWithPost | undefined {
    if (!thread.following || thread.replies.length === 0) return undefined;
    return this.#wire(thread, thread.viewed, this.unread(thread), thread.mentions);
  }

  #wire(thread: Thread, viewed: number, unread: number, mentions: number): UserThreadWithPost {
    const people = [...new Set(this.standing(thread).map((reply) => reply.author))];
    const post = { id: thread.id, channel_id: channelId, user_id: 'other', root_id: '', message: 'root' };
    return {
      id: thread.id,
      reply_count: this.standing(thread).length,
      last_reply_at: this.last(thread),
      last_viewed_at: viewed,
      participants: people.map((id) => ({ id })),
      unread_replies: unread,
      unread_mentions: mentions,
      post: { ...post, create_at: 1, update_at: 1 },
    } as unknown as UserThreadWithPost;
  }

  followed(): Thread[] {
    return this.threads.filter((thread) => thread.following && thread.replies.length > 0);
  }

  list(unread: boolean): UserThreadWithPost[] {
    return this.followed()
      .filter((thread) => !unread || this.last(thread) > thread.viewed)
      .sort((a, b) => this.last(b) - this.last(a))
      .map((thread) => this.wire(thread) as UserThreadWithPost);
  }

  totals(): { total: number; unread: number; mentions: number } {
    const all = this.followed();
    return {
      total: all.length,
      unread: all.filter((thread) => this.last(thread) > thread.viewed).length,
      mentions: all.reduce((sum, thread) => sum + thread.mentions, 0),
    };
  }

  #emit(event: string, data: Record<string, unknown>, slow: boolean, team = teamId): void {
    const broadcast = { user_id: me, channel_id: '', team_id: team };
    const frame: Frame = { event, data, broadcast, seq: this.#seq++ };
    if (slow) this.#held.push(frame);
    else this.frames.push(frame);
  }

  /** What was committed but not told of yet is told now. */
  flush(): void {
    this.frames.push(...this.#held);
    this.#held = [];
  }

  reply(thread: Thread, author: string, mentions: boolean, slow: boolean): void {
    const at = ++this.#clock;
    const mentioned = mentions && author !== me;
    thread.replies.push({ id: `${thread.id}-${at}`, at, author, mentions: mentioned, gone: false });
    const was = { following: thread.following, viewed: thread.viewed, mentions: thread.mentions };
    if (author === me || mentioned) {
      thread.following = true;
      thread.member = true;
    }
    if (!thread.following) return;
    if (mentioned) thread.mentions++;
    const unread = this.unread(thread, was.viewed);
    const counted = thread.mentions;
    const fresh = !was.following;
    if (author === me) {
      thread.viewed = at;
      thread.mentions = 0;
    }
    const own = author === me;
    const data = {
      thread: JSON.stringify(this.#wire(thread, was.viewed, own ? 0 : unread, own ? 0 : counted)),
      previous_unread_replies: fresh ? 0 : Math.max(unread - 1, 0),
      previous_unread_mentions: fresh ? 0 : Math.max(counted - (mentioned ? 1 : 0), 0),
    };
    this.#emit('thread_updated', data, slow);
  }

  read(thread: Thread, at: number, slow: boolean): void {
    if (thread.replies.length === 0) return;
    // A hand that moves the mark back is slower than the server's telling.
    if (at < thread.viewed) this.flush();
    const before = { replies: this.unread(thread), mentions: thread.mentions };
    const known = thread.following;
    thread.viewed = at;
    thread.following = true;
    thread.member = true;
    thread.mentions = this.standing(thread).filter((reply) => reply.at > at && reply.mentions).length;
    const data = {
      thread_id: thread.id,
      timestamp: at,
      channel_id: channelId,
      unread_replies: this.unread(thread),
      unread_mentions: thread.mentions,
      previous_unread_replies: known ? before.replies : 0,
      previous_unread_mentions: known ? before.mentions : 0,
    };
    this.#emit('thread_read_changed', data, slow);
  }

  markUnread(thread: Thread, index: number): void {
    const reply = this.standing(thread)[index];
    if (!reply) return;
    this.follow(thread, true);
    this.read(thread, reply.at - 1, false);
  }

  follow(thread: Thread, on: boolean): void {
    if (on) {
      thread.viewed = Math.max(thread.viewed, this.last(thread));
      thread.mentions = 0;
    }
    thread.following = on;
    thread.member = true;
    const data = { thread_id: thread.id, state: on, reply_count: this.standing(thread).length };
    this.#emit('thread_follow_changed', data, false);
  }

  readAll(slow: boolean): void {
    const at = this.#clock;
    for (const thread of this.followed()) {
      thread.viewed = Math.max(thread.viewed, this.last(thread));
      thread.mentions = 0;
    }
    this.#emit('thread_read_changed', { timestamp: at }, slow);
  }

  remove(thread: Thread, index: number): void {
    const reply = this.standing(thread)[index];
    if (!reply) return;
    reply.gone = true;
    if (thread.mentions > 0 && reply.mentions && reply.at > thread.viewed) thread.mentions--;
    const post = { id: reply.id, channel_id: channelId, root_id: thread.id, user_id: reply.author, message: '' };
    this.#emit(
      'post_deleted',
      { post: JSON.stringify({ ...post, create_at: reply.at, update_at: reply.at }) },
      false,
      '',
    );
  }
}
