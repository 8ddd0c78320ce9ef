/** Comings and goings that follow each other are told in a few sentences: who joined, who was added by whom, who left. */
import type { StoredPost } from '@/store/post';

export type Move = 'joined' | 'joinedTeam' | 'added' | 'addedTeam' | 'left' | 'leftTeam' | 'removed' | 'removedTeam';

/** Part is one sentence: the people by username, in the order of the events, and who did it to them. */
export interface Part {
  move: Move;
  names: string[];
  by?: string;
}

const moves: Record<string, { move: Move; name: string; by?: string }> = {
  system_join_channel: { move: 'joined', name: 'username' },
  system_guest_join_channel: { move: 'joined', name: 'username' },
  system_leave_channel: { move: 'left', name: 'username' },
  system_join_team: { move: 'joinedTeam', name: 'username' },
  system_leave_team: { move: 'leftTeam', name: 'username' },
  system_add_to_channel: { move: 'added', name: 'addedUsername', by: 'username' },
  system_add_guest_to_chan: { move: 'added', name: 'addedUsername', by: 'username' },
  system_add_to_team: { move: 'addedTeam', name: 'addedUsername', by: 'username' },
  system_remove_from_channel: { move: 'removed', name: 'removedUsername' },
  system_remove_from_team: { move: 'removedTeam', name: 'username' },
};

const text = (post: Pick<StoredPost, 'props'>, key: string | undefined): string => {
  const value = key ? post.props[key] : '';
  return typeof value === 'string' ? value : '';
};

/** partsOf gathers the events of a crowd: what is the same is told once, each person once in each sentence. */
export function partsOf(posts: readonly Pick<StoredPost, 'type' | 'props'>[]): Part[] {
  const parts = new Map<string, Part>();
  for (const post of posts) {
    const found = moves[post.type];
    const name = text(post, found?.name);
    if (!found || !name) continue;
    const by = text(post, found.by);
    const key = `${found.move} ${by}`;
    const part = parts.get(key) ?? { move: found.move, names: [], ...(by && { by }) };
    if (!part.names.includes(name)) part.names.push(name);
    parts.set(key, part);
  }
  return [...parts.values()];
}

/** How many are named before the rest is a number. */
const namedMost = 3;

/** named splits the people of a sentence into those that are named and the number of the others. */
export function named(names: readonly string[], all: boolean): { shown: readonly string[]; rest: number } {
  // "and 1 other" is no shorter than the name.
  if (all || names.length <= namedMost + 1) return { shown: names, rest: 0 };
  return { shown: names.slice(0, namedMost), rest: names.length - namedMost };
}
