/** Words of a text that stand out: one's own keywords and what was searched for. */

/** MentionKey is a word that one is called by or wants to see highlighted. */
export interface MentionKey {
  key: string;
  caseSensitive?: boolean;
}

/** Part is a piece of a text; `mark` says why it stands out. */
export interface Part {
  text: string;
  mark?: 'key' | 'term';
}

/** fold takes the accents off a text and makes it lower case, without moving any character. */
export function fold(text: string): string {
  const bare = text.replace(/[\u00c0-\u024f\u1e00-\u1eff]/g, (c) => c.normalize('NFD').charAt(0));
  const lower = bare.toLowerCase();
  return lower.length === text.length ? lower : bare;
}

// A hyphen has no meaning outside of brackets, and an escaped one is none in this kind of pattern.
const asPattern = (words: string) => words.replace(/[$()*+./?[\\\]^{|}]/g, '\\$&');

// Words of Latin letters count as a whole; scripts without blanks between words are searched inside.
const hasWordEdges = (words: string) =>
  /^[\p{Script=Latin}\p{Script=Greek}\p{Script=Cyrillic}\p{N}\p{P}\p{S}\s]+$/u.test(words);
const edge = '[\\p{L}\\p{N}_@]';

// Endings that words take in English and French: the server finds all forms of a word.
const endings = 'ations?|ements?|ments?|ings?|ies|ied|ed|ers?|ées?|ees?|és|es|ly|aux|al|s|e|é|y';
const ending = new RegExp(`(?:${endings})$`);
const stemLeast = 3;

/** Other forms of a word: its beginning, with another ending. Undefined for words that are short or no words. */
function formsOf(word: string): string | undefined {
  if (!/^\p{L}+$/u.test(word)) return undefined;
  const stem = word.replace(ending, '');
  if (stem.length < stemLeast) return undefined;
  // planning: the last letter may be doubled.
  return `(?<!${edge})${stem}${stem.at(-1)}?(?:${endings})?(?!${edge})`;
}

function patternOf(words: readonly string[], wholeWords: boolean, flags: string, forms = false): RegExp | undefined {
  const sources = [...words]
    .sort((a, b) => b.length - a.length)
    .flatMap((word) => {
      if (!hasWordEdges(word)) return asPattern(word);
      const other = forms ? formsOf(word) : undefined;
      const same = `(?<!${edge})${asPattern(word)}${wholeWords ? `(?!${edge})` : ''}`;
      return other ? [other, same] : same;
    });
  return sources.length > 0 ? new RegExp(sources.join('|'), flags) : undefined;
}

type Find = (text: string) => [start: number, end: number][];

function finder(pattern: RegExp | undefined, prepare: (text: string) => string = (text) => text): Find {
  if (!pattern) return () => [];
  return (text) => [...prepare(text).matchAll(pattern)].map((m) => [m.index, m.index + m[0].length]);
}

// A list is compiled once; callers keep its identity while its words stay.
const keyFinders = new WeakMap<readonly MentionKey[], Find>();
const termFinders = new WeakMap<readonly string[], Find>();

function keyFinder(keys: readonly MentionKey[]): Find {
  let find = keyFinders.get(keys);
  if (!find) {
    const words = (sensitive: boolean) =>
      keys.filter((k) => Boolean(k.caseSensitive) === sensitive && k.key.trim()).map((k) => k.key.trim());
    const exact = finder(patternOf(words(true), true, 'gu'));
    const loose = finder(patternOf(words(false), true, 'giu'));
    find = (text) => [...exact(text), ...loose(text)];
    keyFinders.set(keys, find);
  }
  return find;
}

function termFinder(terms: readonly string[]): Find {
  let find = termFinders.get(terms);
  if (!find) {
    const words = terms.map((term) => fold(term.replace(/^"|["*]+$/g, '').trim())).filter(Boolean);
    find = finder(patternOf(words, false, 'gu', true), fold);
    termFinders.set(terms, find);
  }
  return find;
}

/** markText cuts a text at the words that stand out. Where both kinds meet, what was searched for wins. */
export function markText(text: string, keys?: readonly MentionKey[], terms?: readonly string[]): Part[] {
  const found: [number, number, Part['mark']][] = [];
  if (terms?.length) for (const [start, end] of termFinder(terms)(text)) found.push([start, end, 'term']);
  if (keys?.length) for (const [start, end] of keyFinder(keys)(text)) found.push([start, end, 'key']);
  if (found.length === 0) return [{ text }];
  found.sort((a, b) => a[0] - b[0]);
  const parts: Part[] = [];
  let from = 0;
  for (const [start, end, mark] of found) {
    if (start < from || end === start) continue;
    if (start > from) parts.push({ text: text.slice(from, start) });
    parts.push({ text: text.slice(start, end), mark });
    from = end;
  }
  if (from < text.length) parts.push({ text: text.slice(from) });
  return parts;
}
