/** Finds emojis by name and by words of the reader's language. */
import { fold } from '@/markdown/marks';

/** Searchable is what is searched in, prepared: without accents, in lower case. */
export interface Searchable {
  names: readonly string[];
  /** What it is called in the language of the reader. */
  label: string;
  /** Words of the label, and keywords. */
  folded: { names: readonly string[]; label: string; keywords: readonly string[] };
}

/** searchable prepares an emoji. */
export function searchable(names: readonly string[], label: string, keywords: readonly string[]): Searchable {
  return {
    names,
    label,
    folded: { names: names.map((name) => name.toLowerCase()), label: fold(label), keywords: keywords.map(fold) },
  };
}

const startsWord = (text: string, query: string): boolean => {
  for (let at = text.indexOf(query); at >= 0; at = text.indexOf(query, at + 1)) {
    if (at === 0 || /[\s_'’-]/.test(text.charAt(at - 1))) return true;
  }
  return false;
};

/** How well one word of a query fits; 0 is best, undefined not at all. */
function rankOf({ folded }: Searchable, word: string): number | undefined {
  if (folded.names.includes(word)) return 0;
  if (folded.names.some((name) => name.startsWith(word))) return 1;
  if (folded.label === word) return 1;
  if (folded.names.some((name) => startsWord(name, word))) return 2;
  if (startsWord(folded.label, word)) return 3;
  if (folded.keywords.some((keyword) => startsWord(keyword, word))) return 4;
  if (word.length >= 3 && folded.names.some((name) => name.includes(word))) return 5;
  return undefined;
}

/** search returns those that fit every word of a query, the best first and otherwise in their own order. */
export function search<T extends Searchable>(all: readonly T[], query: string, limit = Number.POSITIVE_INFINITY): T[] {
  const words = fold(query.trim().replace(/^:+|:+$/g, ''))
    .split(/\s+/)
    .filter(Boolean);
  if (words.length === 0) return [];
  const found: { item: T; rank: number; place: number }[] = [];
  for (const [place, item] of all.entries()) {
    let rank: number | undefined = 0;
    for (const word of words) {
      const one = rankOf(item, word);
      if (one === undefined) {
        rank = undefined;
        break;
      }
      rank += one;
    }
    if (rank !== undefined) found.push({ item, rank, place });
  }
  found.sort((a, b) => a.rank - b.rank || a.place - b.place);
  return found.slice(0, limit).map(({ item }) => item);
}
