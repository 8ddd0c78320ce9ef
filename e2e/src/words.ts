import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './server.ts';

export type Locale = 'en' | 'fr';

type Values = Record<string, string | number>;

const catalogues = new Map<Locale, Record<string, string>>();

function text(id: string, locale: Locale): string {
  let catalogue = catalogues.get(locale);
  if (!catalogue) {
    const folder = join(root, 'web/src/i18n', locale);
    const files = readdirSync(folder).filter((name) => name.endsWith('.json'));
    catalogue = Object.assign({}, ...files.map((name) => JSON.parse(readFileSync(join(folder, name), 'utf8'))));
    catalogues.set(locale, catalogue as Record<string, string>);
  }
  const found = catalogue?.[id];
  if (found === undefined) throw new Error(`no text ${id} in the ${locale} catalogue`);
  return found.replace(/<\/?\w+>/g, '');
}

/**
 * words is a text of the client's own catalogue, so that a journey finds a button by what it is for and goes on finding
 * it when its words get better. Values fill the placeholders; marks of rich text are left out.
 */
export function words(id: string, values: Values = {}, locale: Locale = 'en'): string {
  const fill = (name: string, cases?: Map<string, string>) => {
    const value = values[name];
    if (value === undefined) throw new Error(`${id} needs ${name}`);
    if (!cases) return String(value);
    const one = locale === 'fr' ? Number(value) < 2 : value === 1;
    const chosen = cases.get(`=${value}`) ?? (one ? cases.get('one') : undefined) ?? cases.get('other') ?? '';
    return filled(chosen.replaceAll('#', String(value)), fill);
  };
  return filled(text(id, locale), fill).replaceAll("''", "'");
}

/** pattern matches a text of the catalogue whatever stands at its placeholders; what is counted, in the plural. */
export function pattern(id: string, locale: Locale = 'en'): RegExp {
  const hole = '\uE000';
  const fill = (_: string, cases?: Map<string, string>): string =>
    cases ? filled((cases.get('other') ?? '').replaceAll('#', hole), fill) : hole;
  const parts = filled(text(id, locale), fill).split(hole);
  return new RegExp(parts.map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('.*'));
}

type Fill = (name: string, cases?: Map<string, string>) => string;

/** filled replaces the placeholders of a text: `{name}`, and `{name, plural, one {…} other {…}}`. */
function filled(source: string, fill: Fill): string {
  let out = '';
  for (let at = 0; at < source.length; at++) {
    if (source[at] !== '{') {
      out += source[at];
      continue;
    }
    const end = closing(source, at);
    const inner = source.slice(at + 1, end);
    const [name = '', , ...rest] = inner.split(',');
    out += fill(name.trim(), rest.length > 0 ? casesOf(rest.join(',')) : undefined);
    at = end;
  }
  return out;
}

function closing(source: string, from: number): number {
  let depth = 0;
  for (let at = from; at < source.length; at++) {
    if (source[at] === '{') depth++;
    if (source[at] === '}' && --depth === 0) return at;
  }
  throw new Error(`no end of ${source.slice(from)}`);
}

function casesOf(source: string): Map<string, string> {
  const cases = new Map<string, string>();
  for (let at = source.indexOf('{'), from = 0; at >= 0; at = source.indexOf('{', from)) {
    const end = closing(source, at);
    cases.set(source.slice(from, at).trim(), source.slice(at + 1, end));
    from = end + 1;
  }
  return cases;
}
