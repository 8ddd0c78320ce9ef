/** Reactions of the posts that are known. Added and removed may be heard in any order, and before or after an answer. */
import type { Post } from '@mattermost/types/posts';
import type { Reaction as WireReaction } from '@mattermost/types/reactions';

/** The wire carries `update_at` too: it is the only time that a removal has. */
export type Reaction = WireReaction & { update_at?: number };

/** Marks holds, for one post, when each person's emoji last changed and whether it stands. Keys are `emoji user`. */
export type Marks = Readonly<Record<string, { at: number; on: boolean }>>;

/** PostReactions are the reactions by post id. */
export type PostReactions = Readonly<Record<string, Marks>>;

const keyOf = (reaction: Pick<Reaction, 'emoji_name' | 'user_id'>) => `${reaction.emoji_name} ${reaction.user_id}`;

/** marked adds or removes one reaction, unless something later is known of it. */
export function marked(all: PostReactions, reaction: Reaction, on: boolean): PostReactions {
  const at = on ? Math.max(reaction.create_at, reaction.update_at ?? 0) : (reaction.update_at ?? 0);
  const marks = all[reaction.post_id] ?? {};
  const known = marks[keyOf(reaction)];
  if (known && known.at > at) return all;
  if (known && known.at === at && known.on === on) return all;
  return { ...all, [reaction.post_id]: { ...marks, [keyOf(reaction)]: { at, on } } };
}

/** snapshot takes over what an answer says of a post's reactions as of its `update_at`. */
export function snapshot(all: PostReactions, post: Post): PostReactions {
  const listed = post.metadata?.reactions;
  const known = all[post.id];
  if (!listed?.length && !known) return all;
  const marks: Record<string, { at: number; on: boolean }> = {};
  for (const [key, mark] of Object.entries(known ?? {})) {
    // What stood before the answer was made and isn't in it has been taken away since.
    marks[key] = mark.on && mark.at < post.update_at ? { at: mark.at, on: false } : mark;
  }
  for (const reaction of (listed ?? []) as Reaction[]) {
    const key = keyOf(reaction);
    const at = Math.max(reaction.create_at, reaction.update_at ?? 0);
    const mark = known?.[key];
    if (!mark || mark.at <= at) marks[key] = { at, on: true };
  }
  return { ...all, [post.id]: marks };
}

/** Tally is one emoji below a post: who used it, first to last. */
export type Tally = { emoji: string; userIds: string[] };

const tallies = new WeakMap<Marks, Tally[]>();

/** tally lists the emoji of a post in the order in which they were first used. */
export function tally(marks: Marks | undefined): readonly Tally[] {
  if (!marks) return [];
  let list = tallies.get(marks);
  if (!list) {
    const byEmoji = new Map<string, Tally>();
    const standing = Object.entries(marks).filter(([, mark]) => mark.on);
    for (const [key] of standing.sort(([, a], [, b]) => a.at - b.at)) {
      const [emoji = '', user = ''] = key.split(' ');
      const entry = byEmoji.get(emoji) ?? { emoji, userIds: [] };
      entry.userIds.push(user);
      byEmoji.set(emoji, entry);
    }
    list = [...byEmoji.values()];
    tallies.set(marks, list);
  }
  return list;
}
