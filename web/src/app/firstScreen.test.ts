/** What is loaded before the first channel stands: what must stay out of it, and that late parts come in one way only. */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';
import { expect, test } from 'vitest';
import en from '@/i18n/en';
import { beginnings, firstScreenSources, firstTexts, usedTexts } from '../../vite/firstScreen';

const src = join(import.meta.dirname, '..');
const first = firstScreenSources(src);

function files(folder: string): string[] {
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name);
    return statSync(path).isDirectory() ? files(path) : [path];
  });
}

const sources = files(src).filter((path) => /\.tsx?$/.test(path) && !/\.test\.tsx?$/.test(path));

test('menus, dialogs and lists of Ariakit, colours of code and formulas come later', () => {
  expect(first.packages.filter((name) => /^(@ariakit|highlight\.js|katex|uqr|emojibase)/.test(name))).toEqual([]);
});

test('the first screen has its texts, and most others come later', () => {
  const ids = Object.keys(en);
  const texts = firstTexts(src, ids);
  for (const id of ['ui.late.failed', 'composer.send', 'sidebar.section.channels']) expect(texts.has(id)).toBe(true);
  expect(ids.filter((id) => id.startsWith('settings.') && texts.has(id))).toEqual([]);
  expect(texts.size).toBeLessThan(ids.length / 2);
});

test('only what the first screen begins with does without the late texts', () => {
  const early = sources.flatMap((path) =>
    [...readFileSync(path, 'utf8').matchAll(/\bearlyModule\(\(\) => import\('\.\/(\w+)'\)/g)].map(
      ([, name]) => `app/${name}.tsx`,
    ),
  );
  expect(early).toEqual(beginnings.filter((name) => name !== 'main.tsx'));
});

test('texts count as used by their id and by its beginning', () => {
  const ids = ['a.one', 'a.sort.up', 'a.sort.down', 'b.two'];
  // biome-ignore lint/suspicious/noTemplateCurlyInString: code that is read
  const code = "t('a.one'); t(`a.sort.${way}`)";
  expect([...usedTexts(code, ids)]).toEqual(['a.one', 'a.sort.up', 'a.sort.down']);
});

// Imports of what has no texts of its own, or is no late part: data, engines, languages, and the frame itself.
const plain = new Set([
  'features/emoji/data.ts',
  'i18n/locale.ts',
  'markdown/Formula.tsx',
  'markdown/code/highlight.ts',
  'markdown/code/languages.ts',
  'markdown/glyphs.ts',
]);

test('everything else that is imported when it is called for goes through late or lateModule, which wait for the texts', () => {
  const wrong = sources.filter((path) => {
    if (plain.has(relative(src, path))) return false;
    const code = readFileSync(path, 'utf8').replace(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, '');
    const all = code.match(/(?<!typeof )\bimport\(/g)?.length ?? 0;
    const late = code.match(/\b(?:late|lateModule|earlyModule)\(\s*\(\)\s*=>\s*import\(/g)?.length ?? 0;
    return all !== late || /\blazy\(/.test(code);
  });
  expect(wrong.map((path) => relative(src, path))).toEqual([]);
});
