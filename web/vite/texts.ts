/**
 * Reads the catalogues when the client is built instead of in every browser: a text becomes the list that the message
 * parser makes of it, and the parser itself stays out of the bundle. Each language is cut in parts: what the first screen
 * may show, the System Console, the pages of integrations, and the rest. Development and tests parse as they go, and have all texts at once.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from '@formatjs/icu-messageformat-parser';
import type { Plugin } from 'vite';
import { firstTexts } from './firstScreen.ts';

/** Features whose texts are loaded with them. */
const apart = new Set(['admin', 'integrations']);

const part = /\/src\/i18n\/([a-z]+)\/(first|late|admin|integrations)\.ts$/;

/** readCatalogue returns all texts of a language by id. */
export function readCatalogue(src: string, locale: string): Record<string, string> {
  const folder = join(src, 'i18n', locale);
  const files = readdirSync(folder).filter((name) => name.endsWith('.json'));
  return Object.assign({}, ...files.map((name) => JSON.parse(readFileSync(join(folder, name), 'utf8'))));
}

/** Words without a hole are written as they are; the browser puts them into the list that they would be. */
function compiled(text: string): unknown {
  const read = parse(text, { captureLocation: false });
  const [only] = read;
  return read.length === 1 && only?.type === 0 ? only.value : read;
}

function moduleOf(texts: Record<string, string>): string {
  const entries = Object.entries(texts).map(([id, text]) => [id, compiled(text)]);
  const data = JSON.stringify(JSON.stringify(Object.fromEntries(entries)));
  return [
    `const texts = JSON.parse(${data});`,
    "for (const id in texts) if (typeof texts[id] === 'string') texts[id] = [{ type: 0, value: texts[id] }];",
    'export default texts;',
  ].join('\n');
}

/** compiledTexts is the plugin for builds. It fails the build for a text that can't be read. */
export function compiledTexts(): Plugin {
  let src = '';
  return {
    name: 'parley:texts',
    apply: 'build',
    enforce: 'pre',
    config: () => ({
      resolve: {
        alias: [
          {
            find: /^@formatjs\/icu-messageformat-parser$/,
            replacement: '@formatjs/icu-messageformat-parser/no-parser.js',
          },
        ],
      },
    }),
    configResolved(config) {
      src = join(config.root, 'src');
    },
    load(id) {
      const [, locale, which] = part.exec(id) ?? [];
      if (!locale) return undefined;
      const texts = readCatalogue(src, locale);
      const first = firstTexts(src, Object.keys(texts));
      const partOf = (key: string) => {
        if (first.has(key)) return 'first';
        const [feature = ''] = key.split('.');
        return apart.has(feature) ? feature : 'late';
      };
      const wanted = Object.entries(texts).filter(([key]) => partOf(key) === which);
      return { code: moduleOf(Object.fromEntries(wanted)), moduleType: 'js' };
    },
  };
}
