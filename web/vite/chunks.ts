import type { Rolldown } from 'vite';

type Context = Rolldown.ChunkingContext;

/** Everything that a module needs before it can run, itself included. */
function closure(from: string, context: Context): Set<string> {
  const found = new Set<string>();
  const open = [from];
  for (let id = open.pop(); id !== undefined; id = open.pop()) {
    if (found.has(id)) continue;
    found.add(id);
    // Its index names every icon; each belongs to who shows it.
    if (id.includes('/lucide-react/')) continue;
    open.push(...(context.getModuleInfo(id)?.importedIds ?? []));
  }
  return found;
}

/**
 * chunks gathers what is needed together into few files: what any page starts with, and what the frame adds to it. What
 * opens later comes in a file of its own, with what several such files share. Left alone, the bundler makes a file of
 * every set of modules that is used from the same places: ninety of them before the first channel.
 */
export function chunks(root: string): Rolldown.CodeSplittingOptions {
  const known = new Map<string, Set<string>>();
  const within = (entry: string, id: string, context: Context) => {
    const set = known.get(entry) ?? closure(`${root}/${entry}`, context);
    known.set(entry, set);
    return set.has(id);
  };
  return {
    groups: [
      {
        name: (id, context) => (within('src/main.tsx', id, context) ? 'start' : null),
        debugName: 'start',
        priority: 3,
      },
      {
        name: (id, context) => (within('src/app/Frame.tsx', id, context) ? 'frame' : null),
        debugName: 'frame',
        priority: 2,
      },
      { name: 'shared', minShareCount: 2, entriesAware: true, entriesAwareMergeThreshold: 24_000, priority: 1 },
    ],
  };
}
