/** The floors of `src/` (README.md): a folder imports only what stands above it there. */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';
import { expect, test } from 'vitest';

const src = import.meta.dirname;

const floors = [['i18n'], ['api'], ['store'], ['realtime'], ['ui'], ['markdown'], ['features'], ['admin'], ['app']];

// Features that others build on, in order; a feature uses those of earlier rows and of its own.
const features = [
  ['emoji'],
  ['people'],
  ['files'],
  ['teams', 'channels'],
  ['groups', 'statistics'],
  ['messages'],
  ['moderation', 'topics'],
  ['composer'],
  ['threads', 'search', 'drafts'],
  ['sidebar', 'switcher', 'settings', 'notify'],
  ['signin', 'welcome', 'integrations'],
  ['oauth'],
];

// Exceptions, each with its reason. `importer → imported`, as folders.
const allowed = new Map<string, string>([
  ['settings → signin', 'a new password and a code are typed into the same fields, under the same rules'],
]);

function files(folder: string): string[] {
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name);
    return statSync(path).isDirectory() ? files(path) : [path];
  });
}

const sources = files(src).filter((path) => /\.tsx?$/.test(path));

function imports(path: string): string[] {
  const text = readFileSync(path, 'utf8');
  const found = [...text.matchAll(/(?:from|import)\s*\(?\s*'([^']+)'/g)].map((match) => match[1] ?? '');
  return found
    .filter((name) => name.startsWith('@/') || name.startsWith('.'))
    .map((name) => (name.startsWith('@/') ? name.slice(2) : relative(src, join(path, '..', name))));
}

const rank = (table: string[][], name: string) => table.findIndex((row) => row.includes(name));

/** folderOf names the floor of a path below src, and the feature within it. */
function folderOf(path: string): { floor: string; feature: string } {
  const [floor = '', feature = ''] = path.split('/');
  return { floor, feature: floor === 'features' ? feature : '' };
}

test('a folder imports only the floors below it', () => {
  const wrong: string[] = [];
  for (const path of sources) {
    const own = folderOf(relative(src, path));
    if (own.floor === 'testkit' || /\.(test|model)\.tsx?$/.test(path) || rank(floors, own.floor) < 0) continue;
    for (const name of imports(path)) {
      const other = folderOf(name);
      if (rank(floors, other.floor) < 0 || allowed.has(`${own.floor} → ${other.floor}`)) continue;
      const up = rank(floors, other.floor) > rank(floors, own.floor);
      const across = own.feature && other.feature && rank(features, other.feature) > rank(features, own.feature);
      const named = `${own.feature} → ${other.feature}`;
      if (up || (across && !allowed.has(named))) wrong.push(`${relative(src, path)} imports ${name}`);
    }
  }
  expect(wrong).toEqual([]);
});

test('every feature has a place in the order', () => {
  const known = new Set(features.flat());
  const unknown = readdirSync(join(src, 'features')).filter((name) => !known.has(name));
  expect(unknown).toEqual([]);
});

test('a file has at most 400 lines', () => {
  const long = sources
    .map((path) => ({ path: relative(src, path), lines: readFileSync(path, 'utf8').split('\n').length }))
    .filter(({ lines }) => lines > 400);
  expect(long).toEqual([]);
});

test('nothing unfinished, unsafe or raw stays behind', () => {
  const wrong: string[] = [];
  const marks = /\bTODO\b|\bFIXME\b|\bXXX\b|dangerouslySetInnerHTML\s*=|\.innerHTML\s*=|@ts-ignore|@ts-nocheck/;
  for (const path of sources) {
    if (path.endsWith('arch.test.ts')) continue;
    if (marks.test(readFileSync(path, 'utf8'))) wrong.push(relative(src, path));
  }
  expect(wrong).toEqual([]);
});

test('raw colours stand in the tokens only', () => {
  const wrong: string[] = [];
  for (const path of files(src).filter((name) => name.endsWith('.css') && !name.endsWith('tokens.css'))) {
    const text = readFileSync(path, 'utf8').replace(/\/\*[\s\S]*?\*\//g, '');
    if (/#[0-9a-f]{3,8}\b|rgba?\(\s*\d|hsl\(\s*\d/i.test(text)) wrong.push(relative(src, path));
  }
  expect(wrong).toEqual([]);
});
