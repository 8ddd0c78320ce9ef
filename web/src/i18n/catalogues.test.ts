/** Both languages are complete, every text is used, and no words stand in the code itself. */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';
import { type MessageFormatElement, parse, TYPE } from '@formatjs/icu-messageformat-parser';
import ts from 'typescript';
import { expect, test } from 'vitest';
import en from './en';
import fr from './fr';

const src = join(import.meta.dirname, '..');

function files(folder: string): string[] {
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name);
    return statSync(path).isDirectory() ? files(path) : [path];
  });
}

const english: Record<string, string> = en;
const french: Record<string, string> = fr;

/** The names of placeholders and tags of a text, such as `{count, plural, …}` and `<b>`. */
function holes(elements: MessageFormatElement[]): string[] {
  const names = elements.flatMap((element) => {
    if (element.type === TYPE.literal || element.type === TYPE.pound) return [];
    if (element.type === TYPE.tag) return [`<${element.value}>`, ...holes(element.children)];
    if (element.type !== TYPE.plural && element.type !== TYPE.select) return [element.value];
    return [element.value, ...Object.values(element.options).flatMap((option) => holes(option.value))];
  });
  return [...new Set(names)].sort();
}

const holesOf = (text = ''): string => holes(parse(text)).join();

test('French has exactly the texts of English', () => {
  expect(Object.keys(french).sort()).toEqual(Object.keys(english).sort());
});

test('a text has the same placeholders in both languages', () => {
  const wrong = Object.keys(english).filter((id) => holesOf(english[id]) !== holesOf(french[id]));
  expect(wrong).toEqual([]);
});

test('a text stands in the file of its feature, and no text is empty', () => {
  const wrong: string[] = [];
  for (const locale of ['en', 'fr']) {
    for (const name of readdirSync(join(src, 'i18n', locale)).filter((file) => file.endsWith('.json'))) {
      const texts: Record<string, string> = JSON.parse(readFileSync(join(src, 'i18n', locale, name), 'utf8'));
      for (const [id, text] of Object.entries(texts)) {
        if (!id.startsWith(`${name.replace('.json', '')}.`) || text.trim() === '') wrong.push(`${locale} ${id}`);
      }
    }
  }
  expect(wrong).toEqual([]);
});

const sources = files(src).filter((path) => /\.tsx?$/.test(path) && !/\.test\.tsx?$/.test(path));

test('every text is used', () => {
  const code = sources.map((path) => readFileSync(path, 'utf8')).join('\n');
  // Some ids are put together, such as `people.presence.${presence}`: their beginning counts as used.
  const beginnings = [...code.matchAll(/[`']([a-z][\w]*\.[\w.]*?)\$\{/g)].map((match) => match[1] ?? '');
  const unused = Object.keys(english).filter(
    (id) => !code.includes(`'${id}'`) && !code.includes(`"${id}"`) && !beginnings.some((start) => id.startsWith(start)),
  );
  expect(unused).toEqual([]);
});

// Attributes whose value people read or hear.
const spoken = new Set([
  'aria-label',
  'title',
  'placeholder',
  'alt',
  'label',
  'hint',
  'description',
  'aria-description',
]);
const words = /\p{L}{2,}/u;

function hardCoded(path: string): string[] {
  const file = ts.createSourceFile(path, readFileSync(path, 'utf8'), ts.ScriptTarget.Latest, true, ts.ScriptKind.TSX);
  const found: string[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isJsxText(node) && words.test(node.text)) found.push(node.text.trim());
    if (ts.isJsxAttribute(node) && spoken.has(node.name.getText(file)) && node.initializer) {
      const value = ts.isJsxExpression(node.initializer) ? node.initializer.expression : node.initializer;
      if (value && ts.isStringLiteralLike(value) && words.test(value.text)) found.push(value.text);
    }
    ts.forEachChild(node, visit);
  };
  visit(file);
  return found.map((text) => `${relative(src, path)}: ${text}`);
}

// Names that are the same everywhere: the product's, languages in their own language, example domains.
const proper = new Set(['Parley', 'English', 'Français', 'example.com, example.org']);

test('no words stand in the code', () => {
  const found = sources.filter((path) => path.endsWith('.tsx')).flatMap(hardCoded);
  expect(found.filter((text) => !proper.has(text.split(': ')[1] ?? ''))).toEqual([]);
});
