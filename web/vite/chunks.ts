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

/** What is fetched as soon as the first screen stands: menus, what stands in them, and what floats. */
const soon = [
  'src/ui/MenuParts.tsx',
  'src/ui/PopoverSheet.tsx',
  'src/ui/TooltipBubble.tsx',
  'src/features/channels/HeaderMenu.tsx',
  'src/features/messages/ActionBar.tsx',
  'src/features/messages/MessageMenu.tsx',
  'src/features/people/MyItems.tsx',
  'src/features/sidebar/NewItems.tsx',
  'src/features/sidebar/RowMenus.tsx',
  'src/features/teams/TeamItems.tsx',
];

/**
 * chunks gathers what is needed together into few files: what any page starts with, what the frame adds to it, and what
 * is fetched ahead. What opens later comes in a file of its own, with what several such files share. Left alone, the bundler makes a file of
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
      {
        // Not what the pages before sign-in need, too: they would load all of it.
        name: (id, context) =>
          !within('src/features/signin/SigninPages.tsx', id, context) &&
          soon.some((entry) => within(entry, id, context))
            ? 'soon'
            : null,
        debugName: 'soon',
        priority: 1.5,
      },
      { name: 'shared', minShareCount: 2, entriesAware: true, entriesAwareMergeThreshold: 24_000, priority: 1 },
    ],
  };
}
