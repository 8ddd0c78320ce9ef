/** One stored post: the wire's fields that are shown, and how two versions of it become one. */
import type { Post, PostMetadata } from '@mattermost/types/posts';
import { burning } from './priorities';

/** StoredPost is a post in memory. Reactions are kept apart, since they change on their own. */
export type StoredPost = {
  id: string;
  create_at: number;
  update_at: number;
  edit_at: number;
  delete_at: number;
  is_pinned: boolean;
  user_id: string;
  channel_id: string;
  root_id: string;
  message: string;
  type: string;
  props: Readonly<Record<string, unknown>>;
  metadata: Readonly<Partial<PostMetadata>>;
  file_ids: readonly string[];
  reply_count: number;
  last_reply_at: number;
  participants: readonly string[];
  is_following: boolean;
  pending_post_id: string;
  /** Set while the server has not confirmed one's own post. */
  pending?: 'sending' | 'failed';
  /** Why sending failed, in words. */
  failure?: string;
};

const nothing = Object.freeze({});
const none: readonly string[] = Object.freeze([]);

// The same few authors and channels stand in thousands of posts: one copy of each id is enough.
const interned = new Map<string, string>();
function intern(text: string): string {
  const known = interned.get(text);
  if (known !== undefined) return known;
  if (interned.size > 50_000) interned.clear();
  interned.set(text, text);
  return text;
}

function participantIds(list: unknown): readonly string[] {
  if (!Array.isArray(list) || list.length === 0) return none;
  return list.map((one: { id: string }) => intern(one.id));
}

function lean(metadata: PostMetadata | undefined): Readonly<Partial<PostMetadata>> {
  if (!metadata) return nothing;
  const { reactions: _, ...rest } = metadata;
  for (const key of Object.keys(rest) as (keyof typeof rest)[]) {
    const value = rest[key];
    if (value === null || value === undefined || (Array.isArray(value) && value.length === 0)) delete rest[key];
  }
  return Object.keys(rest).length === 0 ? nothing : rest;
}

/** PostPatch is what one may change in a post ahead of the server. */
export type PostPatch = Partial<Pick<StoredPost, 'message' | 'edit_at' | 'is_pinned'>>;

/** PostFact is news of one known post, apart from a new version of it. */
export type PostFact = {
  channelId: string;
  id: string;
} /** A change shown before the server has answered; its answer or event replaces it, a failure changes it back. */ & (
  | { type: 'post/patched'; patch: PostPatch }
  /** Somebody has said that they have seen a post; `at` is 0 when they took that back. */
  | { type: 'post/acknowledged'; userId: string; at: number }
  /** A message has disappeared for oneself. */
  | { type: 'post/burnt'; at: number }
  /** One's own message that disappears: who has read it, or until when it is there at most. */
  | { type: 'post/burning'; readers?: string[]; till?: number }
);

/** told is a post after such news. */
export function told(post: StoredPost, fact: PostFact): StoredPost {
  const { metadata } = post;
  switch (fact.type) {
    case 'post/patched':
      return post.delete_at > 0 ? post : { ...post, ...fact.patch };
    case 'post/acknowledged': {
      const others = (metadata.acknowledgements ?? []).filter((one) => one.user_id !== fact.userId);
      const own = fact.at > 0 ? [{ post_id: post.id, user_id: fact.userId, acknowledged_at: fact.at }] : [];
      return { ...post, metadata: { ...metadata, acknowledgements: [...others, ...own] } };
    }
    case 'post/burnt':
      return { ...post, message: '', metadata: { expire_at: fact.at } };
    case 'post/burning': {
      const { readers, till } = fact;
      return {
        ...post,
        metadata: { ...metadata, ...(readers && { recipients: readers }), ...(till && { expire_at: till }) },
      };
    }
  }
}

/** stored makes a stored post of one from the wire. */
export function stored(post: Post): StoredPost {
  return {
    id: post.id,
    create_at: post.create_at,
    update_at: post.update_at,
    edit_at: post.edit_at,
    delete_at: post.delete_at,
    is_pinned: post.is_pinned,
    user_id: intern(post.user_id),
    channel_id: intern(post.channel_id),
    root_id: post.root_id,
    message: post.message,
    type: intern(post.type),
    props: post.props && Object.keys(post.props).length > 0 ? post.props : nothing,
    metadata: lean(post.metadata),
    file_ids: post.file_ids && post.file_ids.length > 0 ? post.file_ids : none,
    reply_count: post.reply_count,
    last_reply_at: post.last_reply_at ?? 0,
    participants: participantIds(post.participants),
    is_following: post.is_following ?? false,
    pending_post_id: post.pending_post_id,
  };
}

/**
 * merged is the newer of two versions of a post, in whatever order they came. A deletion is final. What is told of a
 * root's replies has no version of its own, since replying doesn't change the root's `update_at`: `replies` says that
 * the version that came tells of them and is not older than what is known.
 */
export function merged(known: StoredPost | undefined, came: StoredPost, replies: boolean): StoredPost {
  if (!known) return came;
  const newer = newerOf(known, came);
  const told = replies || came.root_id !== '' ? came : known;
  return {
    ...newer,
    reply_count: told.reply_count,
    last_reply_at: told.last_reply_at,
    participants: told.participants,
    is_following: told.is_following,
  };
}

function newerOf(known: StoredPost, came: StoredPost): StoredPost {
  if (known.delete_at > 0 !== came.delete_at > 0) return known.delete_at > 0 ? known : came;
  // Events, and pages for who hasn't read it yet, lack the words of a message that disappears.
  if (came.type === burning && came.message === '' && known.message !== '' && !came.metadata.expire_at) return known;
  return known.update_at > came.update_at ? known : came;
}

/** byTime compares two posts by time, then by id, as the server orders them. */
export function byTime(a: Pick<StoredPost, 'create_at' | 'id'>, b: Pick<StoredPost, 'create_at' | 'id'>): number {
  return a.create_at - b.create_at || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0);
}

/** emptied is what is left of a deleted post. */
export const emptied = (post: StoredPost, at: number): StoredPost => ({
  ...post,
  delete_at: at,
  message: '',
  props: {},
  metadata: {},
  file_ids: [],
});
