/** A server as the tests of the store need it: channels with posts and reactions, one reader, its answers and events. */
import type { ChannelMembership, ServerChannel } from '@mattermost/types/channels';
import type { Post, PostList } from '@mattermost/types/posts';
import type { Frame } from '@/realtime/socket';

export const me = 'me';
export const team = 'team';
export const people = [me, 'ana', 'bob'] as const;
export const emojis = ['wave'] as const;

type Reaction = { user: string; emoji: string; at: number; updated: number; on: boolean };
type ModelPost = Pick<Post, 'id' | 'channel_id' | 'root_id' | 'user_id' | 'message' | 'type'> & {
  createAt: number;
  updateAt: number;
  editAt: number;
  deleteAt: number;
  mentions: boolean;
  reactions: Reaction[];
};
type Room = { id: string; total: number; root: number; lastPost: number; lastRoot: number };
type Member = { msgs: number; roots: number; mentions: number; rootMentions: number; viewed: number };

const channelsInAll = ['garden', 'kitchen'];

/** ModelServer is the truth; each act returns nothing and leaves its events in `frames`. */
export class ModelServer {
  readonly posts: ModelPost[] = [];
  readonly rooms: Room[] = channelsInAll.map((id) => ({ id, total: 0, root: 0, lastPost: 1, lastRoot: 0 }));
  readonly mine: Record<string, Member> = Object.fromEntries(
    channelsInAll.map((id) => [id, { msgs: 0, roots: 0, mentions: 0, rootMentions: 0, viewed: 1 }]),
  );
  readonly frames: Frame[] = [];
  readonly collapsed: boolean;
  clock = 100;
  #seq = 0;
  #ids = 0;

  constructor(collapsed: boolean) {
    this.collapsed = collapsed;
  }

  room(index: number): Room {
    return this.rooms[index % this.rooms.length] as Room;
  }

  member(channelId: string): Member {
    return this.mine[channelId] as Member;
  }

  standing(channelId: string): ModelPost[] {
    return this.posts
      .filter((post) => post.channel_id === channelId && post.deleteAt === 0)
      .sort((a, b) => a.createAt - b.createAt || (a.id < b.id ? -1 : 1));
  }

  replies(rootId: string): ModelPost[] {
    return this.posts.filter((post) => post.root_id === rootId && post.deleteAt === 0);
  }

  #emit(event: string, data: Record<string, unknown>, channelId: string): void {
    const broadcast = { user_id: '', channel_id: channelId, team_id: '' };
    this.frames.push({ event, data, broadcast, seq: this.#seq++ });
  }

  /** Posts of one moment are saved together and share their time. */
  write(
    room: Room,
    written: { user: string; root?: ModelPost | undefined; mentions: boolean; counts: boolean }[],
  ): void {
    const at = ++this.clock;
    const made = written.map(({ user, root, mentions, counts }): ModelPost => {
      const id = `p${String(++this.#ids).padStart(4, '0')}`;
      const post: ModelPost = {
        id,
        channel_id: room.id,
        root_id: root?.id ?? '',
        user_id: user,
        message: `words of ${id}`,
        type: counts ? '' : 'system_join_channel',
        createAt: at,
        updateAt: at,
        editAt: 0,
        deleteAt: 0,
        mentions: mentions && user !== me,
        reactions: [],
      };
      this.posts.push(post);
      this.#count(room, post);
      return post;
    });
    for (const post of made) {
      this.#emit('posted', { post: this.#event(post), ...(post.mentions && { mentions: `["${me}"]` }) }, room.id);
      if (post.user_id === me && this.#views(post)) this.#tellViewed({ [room.id]: post.createAt });
    }
  }

  #views = (post: ModelPost): boolean => post.type === '' && (post.root_id === '' || !this.collapsed);

  #count(room: Room, post: ModelPost): void {
    const root = post.root_id === '';
    const member = this.member(room.id);
    room.lastPost = Math.max(room.lastPost, post.createAt);
    if (post.type === '') {
      room.total++;
      if (root) {
        room.root++;
        room.lastRoot = post.createAt;
      }
    }
    if (post.user_id === me && this.#views(post)) {
      Object.assign(member, { msgs: room.total, roots: room.root, mentions: 0, rootMentions: 0 });
      member.viewed = Math.max(member.viewed, post.createAt);
    } else if (post.mentions) {
      member.mentions++;
      if (root) member.rootMentions++;
    }
  }

  #tellViewed(times: Record<string, number>): void {
    this.#emit('multiple_channels_viewed', { channel_times: times }, '');
  }

  edit(post: ModelPost): void {
    if (post.deleteAt > 0) return;
    post.updateAt = ++this.clock;
    post.editAt = post.updateAt;
    post.message = `${post.message}, edited ${post.updateAt}`;
    this.#emit('post_edited', { post: this.#event(post) }, post.channel_id);
  }

  remove(post: ModelPost): void {
    if (post.deleteAt > 0) return;
    const told = this.#event(post);
    const at = ++this.clock;
    for (const gone of [post, ...this.replies(post.id)]) Object.assign(gone, { deleteAt: at, updateAt: at });
    this.#emit('post_deleted', { post: told }, post.channel_id);
  }

  react(post: ModelPost, user: string, emoji: string): void {
    if (post.deleteAt > 0) return;
    const at = ++this.clock;
    const known = post.reactions.find((one) => one.user === user && one.emoji === emoji);
    const on = !known?.on;
    if (known) Object.assign(known, on ? { on, at, updated: at } : { on, updated: at });
    else post.reactions.push({ user, emoji, at, updated: at, on });
    post.updateAt = at;
    const reaction = { user_id: user, post_id: post.id, emoji_name: emoji, create_at: on ? at : 0, update_at: at };
    this.#emit(on ? 'reaction_added' : 'reaction_removed', { reaction: JSON.stringify(reaction) }, post.channel_id);
  }

  view(room: Room): void {
    const member = this.member(room.id);
    if (member.msgs >= room.total && member.roots >= room.root && member.mentions === 0) return;
    Object.assign(member, { msgs: room.total, roots: room.root, mentions: 0, rootMentions: 0 });
    member.viewed = Math.max(member.viewed, room.lastPost);
    this.#tellViewed({ [room.id]: room.lastPost });
  }

  markUnread(post: ModelPost): void {
    if (post.deleteAt > 0) return;
    const room = this.rooms.find((one) => one.id === post.channel_id) as Room;
    const member = this.member(room.id);
    const from = this.standing(room.id).filter((one) => one.createAt >= post.createAt);
    const counted = from.filter((one) => one.type === '');
    const mentioned = from.filter((one) => one.mentions);
    const isRoot = (one: ModelPost) => one.root_id === '';
    member.msgs = Math.max(0, room.total - counted.length);
    member.mentions = mentioned.length;
    if (isRoot(post) || !this.collapsed) {
      member.roots = Math.max(0, room.root - counted.filter(isRoot).length);
      member.rootMentions = mentioned.filter(isRoot).length;
    }
    member.viewed = post.createAt - 1;
    const { msgs, roots, mentions, rootMentions, viewed } = member;
    const counts = {
      msg_count: msgs,
      msg_count_root: roots,
      mention_count: mentions,
      mention_count_root: rootMentions,
    };
    this.#emit('post_unread', { ...counts, urgent_mention_count: 0, last_viewed_at: viewed }, room.id);
  }

  /** A post in an event: nothing is told of its replies, but a reply carries how many there are. */
  #event(post: ModelPost): string {
    return JSON.stringify({ ...this.wire(post), reply_count: post.root_id ? this.replies(post.root_id).length : 0 });
  }

  /** A post in an answer. With `replies` it tells of them, as answers with collapsed threads do. */
  wire(post: ModelPost, replies = false): Post {
    const known = this.replies(post.id);
    const reactions = post.reactions
      .filter((one) => one.on)
      .map(({ user, emoji, at, updated }) => ({
        user_id: user,
        post_id: post.id,
        emoji_name: emoji,
        create_at: at,
        update_at: updated,
      }));
    return {
      ...{ id: post.id, channel_id: post.channel_id, root_id: post.root_id, user_id: post.user_id, type: post.type },
      ...{ create_at: post.createAt, update_at: post.updateAt, edit_at: post.editAt, delete_at: post.deleteAt },
      message: post.deleteAt > 0 ? '' : post.message,
      props: {},
      metadata: { reactions },
      reply_count: replies ? known.length : 0,
      last_reply_at: replies ? Math.max(0, ...known.map((one) => one.createAt)) : 0,
      participants: replies && known.length > 0 ? known.map((one) => ({ id: one.user_id })) : null,
      pending_post_id: '',
    } as unknown as Post;
  }

  #list(posts: ModelPost[], prev: string, next: string): PostList {
    const wires = posts.map((post) => this.wire(post, this.collapsed));
    return {
      order: wires.map((post) => post.id).reverse(),
      posts: Object.fromEntries(wires.map((post) => [post.id, post])),
      prev_post_id: prev,
      next_post_id: next,
      first_inaccessible_post_time: 0,
    };
  }

  #shown(channelId: string): ModelPost[] {
    return this.standing(channelId).filter((post) => !this.collapsed || post.root_id === '');
  }

  /** The newest page, or the one before or after a post. */
  page(channelId: string, size: number, beside?: { id: string; side: 'before' | 'after' }): PostList {
    const shown = this.#shown(channelId);
    const pivot = beside && this.posts.find((post) => post.id === beside.id);
    const place = (post: ModelPost) =>
      pivot ? post.createAt - pivot.createAt || (post.id < pivot.id ? -1 : post.id > pivot.id ? 1 : 0) : 0;
    if (!pivot) return this.#list(shown.slice(-size), shown.at(-size - 1)?.id ?? '', '');
    const older = shown.filter((post) => place(post) < 0);
    const newer = shown.filter((post) => place(post) > 0);
    if (beside?.side === 'before') return this.#list(older.slice(-size), older.at(-size - 1)?.id ?? '', pivot.id);
    return this.#list(newer.slice(0, size), pivot.id, newer[size]?.id ?? '');
  }

  /** What changed since a time, deleted posts included. */
  since(channelId: string, at: number): PostList {
    const changed = this.posts.filter(
      (post) => post.channel_id === channelId && post.updateAt > at && (!this.collapsed || post.root_id === ''),
    );
    return this.#list(changed, '', '');
  }

  /** A root alone. */
  root(id: string): PostList {
    const root = this.posts.find((post) => post.id === id && post.deleteAt === 0);
    const wires = root ? [this.wire(root, true)] : [];
    return { ...this.#list([], '', ''), posts: Object.fromEntries(wires.map((post) => [post.id, post])) };
  }

  /** A root with all of its replies. */
  thread(id: string): PostList {
    const posts = this.root(id).posts;
    for (const reply of Object.keys(posts).length > 0 ? this.replies(id) : []) posts[reply.id] = this.wire(reply);
    return { ...this.#list([], '', ''), posts };
  }

  channel(room: Room): ServerChannel {
    return {
      ...{ id: room.id, team_id: team, type: 'O', name: room.id, display_name: room.id, update_at: 1, delete_at: 0 },
      ...{ last_post_at: room.lastPost, last_root_post_at: room.lastRoot },
      ...{ total_msg_count: room.total, total_msg_count_root: room.root },
    } as unknown as ServerChannel;
  }

  membership(room: Room): ChannelMembership {
    const { msgs, roots, mentions, rootMentions, viewed } = this.member(room.id);
    return {
      ...{ channel_id: room.id, user_id: me, roles: '', last_update_at: 1, notify_props: {} },
      ...{ msg_count: msgs, msg_count_root: roots, mention_count: mentions, mention_count_root: rootMentions },
      ...{ urgent_mention_count: 0, last_viewed_at: viewed },
    } as unknown as ChannelMembership;
  }
}
