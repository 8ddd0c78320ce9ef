/** A channel on a server, as the tests of the client's state need it: what happens, the events of it, the answers. */
import type { ServerChannel } from '@mattermost/types/channels';
import type { Post, PostList } from '@mattermost/types/posts';
import type { Frame } from '@/realtime/socket';
import type { ChannelMembership } from '@/store/channels';

export const me = 'me';
export const channelId = 'room';

/** Act is something that happens on the server; numbers choose among what there is. */
export type Act =
  | { kind: 'post'; mine: boolean; mention: boolean; replyTo: number }
  | { kind: 'edit'; which: number }
  | { kind: 'delete'; which: number }
  | { kind: 'react'; which: number; who: number; emoji: number }
  | { kind: 'view' }
  | { kind: 'unread'; which: number };

type Known = Post & { mention: boolean; reactions: { user: string; emoji: string; at: number }[] };

const emojis = ['tada', 'heart'];
const people = ['me', 'ana', 'ben'];

/** ServerChannelModel plays one channel with collapsed threads. */
export class ServerChannelModel {
  readonly posts: Known[] = [];
  readonly frames: Frame[] = [];
  #clock = 1000;
  #read = { total: 0, root: 0, mentions: 0, rootMentions: 0, viewed: 0 };
  #total = { all: 0, root: 0, last: 0 };

  get standing(): Known[] {
    return this.posts.filter((post) => post.delete_at === 0);
  }

  get roots(): Known[] {
    return this.standing.filter((post) => post.root_id === '');
  }

  get unread(): { messages: number; mentions: number } {
    return { messages: this.#total.root - this.#read.root, mentions: this.#read.rootMentions };
  }

  act(act: Act): void {
    this.#clock += 10;
    if (act.kind === 'post') this.#post(act);
    else if (act.kind === 'view') this.#view();
    else {
      const post = this.standing[act.which % Math.max(1, this.standing.length)];
      if (!post) return;
      if (act.kind === 'edit') this.#edit(post);
      else if (act.kind === 'delete') this.#delete(post);
      else if (act.kind === 'unread') this.#markUnread(post);
      else this.#react(post, people[act.who % 3] ?? me, emojis[act.emoji % 2] ?? 'tada');
    }
  }

  #emit(event: string, data: Record<string, unknown>): void {
    const broadcast = { user_id: '', channel_id: channelId, team_id: '' };
    this.frames.push({ event, data, broadcast, seq: this.frames.length + 1 });
  }

  #post(act: Extract<Act, { kind: 'post' }>): void {
    const root = act.replyTo > 0 ? this.roots[act.replyTo % Math.max(1, this.roots.length)] : undefined;
    const id = `post${String(this.posts.length).padStart(4, '0')}`;
    const at = this.#clock;
    const user = act.mine ? me : 'ana';
    const post = {
      ...{ id, create_at: at, update_at: at, edit_at: 0, delete_at: 0, is_pinned: false, user_id: user },
      ...{ channel_id: channelId, root_id: root?.id ?? '', original_id: '', message: `${id} first`, type: '' },
      ...{ props: {}, hashtags: '', pending_post_id: '', reply_count: 0, last_reply_at: 0, participants: null },
      ...{ metadata: {}, mention: act.mention && !act.mine, reactions: [] },
    } as unknown as Known;
    this.posts.push(post);
    this.#total = { all: this.#total.all + 1, root: this.#total.root + (root ? 0 : 1), last: at };
    if (root) {
      root.reply_count++;
      root.last_reply_at = at;
      post.reply_count = root.reply_count;
    }
    // An answer in a thread does not read its channel.
    if (act.mine && !root) this.#readAll();
    else if (post.mention) {
      this.#read.mentions++;
      if (!root) this.#read.rootMentions++;
    }
    const mentions = post.mention ? { mentions: JSON.stringify([me]) } : {};
    this.#emit('posted', { post: JSON.stringify(this.wire(post)), ...mentions });
  }

  #readAll(): void {
    const { all, root, last } = this.#total;
    this.#read = { total: all, root, mentions: 0, rootMentions: 0, viewed: last };
  }

  #view(): void {
    this.#readAll();
    this.#emit('multiple_channels_viewed', { channel_times: { [channelId]: this.#total.last } });
  }

  #edit(post: Known): void {
    post.message = `${post.id} at ${this.#clock}`;
    post.update_at = this.#clock;
    post.edit_at = this.#clock;
    this.#emit('post_edited', { post: JSON.stringify(this.wire(post)) });
  }

  #delete(post: Known): void {
    for (const gone of this.standing.filter((one) => one === post || one.root_id === post.id)) {
      gone.delete_at = this.#clock;
      gone.update_at = this.#clock;
      this.#emit('post_deleted', { post: JSON.stringify(this.wire(gone)) });
    }
  }

  #react(post: Known, user: string, emoji: string): void {
    const standing = post.reactions.findIndex((one) => one.user === user && one.emoji === emoji);
    if (standing < 0) post.reactions.push({ user, emoji, at: this.#clock });
    else post.reactions.splice(standing, 1);
    post.update_at = this.#clock;
    const reaction = { user_id: user, post_id: post.id, emoji_name: emoji, create_at: 0, update_at: this.#clock };
    if (standing < 0) reaction.create_at = this.#clock;
    this.#emit(standing < 0 ? 'reaction_added' : 'reaction_removed', { reaction: JSON.stringify(reaction) });
  }

  #markUnread(post: Known): void {
    const later = this.posts.filter((one) => one.create_at >= post.create_at);
    const roots = later.filter((one) => one.root_id === '');
    this.#read = {
      total: this.#total.all - later.length,
      root: this.#total.root - roots.length,
      mentions: later.filter((one) => one.mention).length,
      rootMentions: roots.filter((one) => one.mention).length,
      viewed: post.create_at - 1,
    };
    const member = this.member();
    this.#emit('post_unread', { ...member, post_id: post.id });
  }

  wire(post: Known): Post {
    const { mention: _, reactions, ...rest } = post;
    const listed = reactions.map((one) => ({
      ...{ user_id: one.user, emoji_name: one.emoji, post_id: post.id, create_at: one.at, update_at: one.at },
    }));
    return { ...rest, metadata: { ...rest.metadata, ...(listed.length > 0 && { reactions: listed }) } } as Post;
  }

  /** The newest page, with all there is. */
  page(): PostList {
    const roots = this.roots.map((post) => this.wire(post));
    const order = roots.map((post) => post.id).reverse();
    const posts = Object.fromEntries(roots.map((post) => [post.id, post]));
    return { order, posts, prev_post_id: '', next_post_id: '', first_inaccessible_post_time: 0 };
  }

  channel(): ServerChannel {
    const { all, root, last } = this.#total;
    const counts = { total_msg_count: all, total_msg_count_root: root, last_post_at: last };
    return { id: channelId, type: 'O', team_id: 'team', update_at: 1, delete_at: 0, ...counts } as ServerChannel;
  }

  member(): ChannelMembership {
    return {
      ...{ channel_id: channelId, user_id: me, roles: '', msg_count: this.#read.total, notify_props: {} },
      ...{ msg_count_root: this.#read.root, mention_count: this.#read.mentions, urgent_mention_count: 0 },
      ...{ mention_count_root: this.#read.rootMentions, last_viewed_at: this.#read.viewed, last_update_at: 0 },
      ...{ scheme_user: true, scheme_admin: false },
    };
  }
}
