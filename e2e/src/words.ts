import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './server.ts';

export type Locale = 'en' | 'fr';

const catalogues = new Map<Locale, Record<string, string>>();

function catalogue(locale: Locale): Record<string, string> {
  const known = catalogues.get(locale);
  if (known) return known;
  const folder = join(root, 'web/src/i18n', locale);
  const files = readdirSync(folder).filter((name) => name.endsWith('.json'));
  const all = Object.assign({}, ...files.map((name) => JSON.parse(readFileSync(join(folder, name), 'utf8'))));
  catalogues.set(locale, all);
  return all;
}

/**
 * words is a text of the client's own catalogue, so that a journey finds a button by what it is for and goes on finding
 * it when its words get better. Values replace the placeholders; marks of rich text are left out.
 */
export function words(id: string, values: Record<string, string | number> = {}, locale: Locale = 'en'): string {
  const text = catalogue(locale)[id];
  if (text === undefined) throw new Error(`no text ${id} in the ${locale} catalogue`);
  const plain = text.replace(/<\/?\w+>/g, '').replace(/\{(\w+)\}/g, (_, name: string) => String(values[name]));
  if (plain.includes('{')) throw new Error(`${id} counts or chooses: ${text}`);
  return plain.replace(/''/g, "'");
}

/** pattern matches a text of the catalogue whatever stands at its placeholders, plurals included. */
export function pattern(id: string, locale: Locale = 'en'): RegExp {
  const text = catalogue(locale)[id];
  if (text === undefined) throw new Error(`no text ${id} in the ${locale} catalogue`);
  return new RegExp(literals(text).map(escaped).join('.*'));
}

/** literals are the parts of a text outside of its placeholders. */
function literals(text: string): string[] {
  const parts = [''];
  let depth = 0;
  for (const letter of text.replace(/<\/?\w+>/g, '')) {
    if (letter === '{') {
      if (depth++ === 0) parts.push('');
    } else if (letter === '}') depth--;
    else if (depth === 0) parts[parts.length - 1] += letter;
  }
  return parts;
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
