/**
 * What a page loads before the first channel is on the screen: the sources that the entry and the frame import, but for
 * those behind an `import()`. The build splits its texts by it, and tests ask it what has to stay out.
 */
import { readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** Where the first screen begins. The frame is imported by name, in parallel to what the entry asks of the server. */
export const beginnings = ['main.tsx', 'app/Frame.tsx'];

const statement = /^(?:import|export)\s+(?!type\b)(?:([^'";]*?)\s+from\s+)?'([^']+)';/gm;

/** An import of types alone is gone once compiled. */
const typesOnly = (names: string): boolean =>
  /^\{[\s\S]*\}$/.test(names) &&
  names
    .slice(1, -1)
    .split(',')
    .map((name) => name.trim())
    .filter(Boolean)
    .every((name) => name.startsWith('type '));

function isFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() ?? false;
}

/** pathOf finds the source that an import of a file names; undefined for a package. */
function pathOf(src: string, from: string, name: string): string | undefined {
  if (!name.startsWith('@/') && !name.startsWith('.')) return undefined;
  const path = name.startsWith('@/') ? join(src, name.slice(2)) : join(dirname(from), name);
  const found = ['', '.ts', '.tsx', '/index.ts'].map((end) => path + end).find(isFile);
  if (!found) throw new Error(`${from} imports ${name}, which isn't there`);
  return found;
}

/** firstScreenSources lists the paths of the sources of the first screen, and the packages that they import. */
export function firstScreenSources(src: string): { sources: string[]; packages: string[] } {
  const sources = new Set<string>();
  const packages = new Set<string>();
  const visit = (path: string): void => {
    if (sources.has(path)) return;
    sources.add(path);
    if (!/\.tsx?$/.test(path)) return;
    for (const [, names = '', name = ''] of readFileSync(path, 'utf8').matchAll(statement)) {
      if (typesOnly(names.trim())) continue;
      const next = pathOf(src, path, name);
      if (next) visit(next);
      else packages.add(name);
    }
  };
  for (const name of beginnings) visit(join(src, name));
  return { sources: [...sources], packages: [...packages] };
}

/** usedTexts tells which texts some code asks for: by their whole id, or by a beginning such as `sidebar.sort.${way}`. */
export function usedTexts(code: string, ids: readonly string[]): Set<string> {
  const starts = [...code.matchAll(/[`']([a-z]\w*\.[\w.]*?)\$\{/g)].map((match) => match[1] ?? '');
  return new Set(
    ids.filter(
      (id) => code.includes(`'${id}'`) || code.includes(`"${id}"`) || starts.some((one) => id.startsWith(one)),
    ),
  );
}

/** firstTexts tells which texts the first screen may show. */
export function firstTexts(src: string, ids: readonly string[]): Set<string> {
  const { sources } = firstScreenSources(src);
  const code = sources.filter((path) => /\.tsx?$/.test(path)).map((path) => readFileSync(path, 'utf8'));
  return usedTexts(code.join('\n'), ids);
}
