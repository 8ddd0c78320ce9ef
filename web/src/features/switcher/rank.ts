/**
 * How well something fits what was typed, and in which order it stands. Pure. The quality of the match decides first,
 * then where one was lately, so that the same letters lead to the same place; then what waits, and what is alive.
 */
import { fold } from '@/markdown/marks';

/** Words are what something is found by, prepared once: in lower case, without accents. */
export type Words = {
  label: string;
  /** Names beside the one that is shown: usernames, addresses, nicknames. */
  others: readonly string[];
};

/** folded prepares a text. It has as many characters as before, as far as that can be. */
export const folded = (text: string): string => fold(text.toLowerCase());

/** wordsOf prepares what something is found by. */
export function wordsOf(label: string, others: readonly (string | undefined)[] = []): Words {
  const main = folded(label);
  const rest = new Set(others.filter((one): one is string => Boolean(one)).map(folded));
  rest.delete(main);
  return { label: main, others: [...rest] };
}

/** The qualities of a match, the best first. */
const exact = 0;
const start = 1;
const wordStart = 2;
const initials = 3;
const inside = 4;
const scattered = 5;
const none = 9;

const isLetter = (text: string, at: number): boolean => /[\p{L}\p{N}]/u.test(text.charAt(at));
const startsWord = (text: string, at: number): boolean => at === 0 || !isLetter(text, at - 1);

/** wordAt finds a query at the beginning of a word; -1 when it is nowhere. */
function wordAt(text: string, query: string): number {
  for (let at = text.indexOf(query); at >= 0; at = text.indexOf(query, at + 1)) if (startsWord(text, at)) return at;
  return -1;
}

/** initialsAt finds the letters of a query as the first letters of words, one after the other. */
function initialsAt(text: string, query: string): number[] | undefined {
  const places: number[] = [];
  for (let at = 0; at < text.length && places.length < query.length; at++) {
    if (startsWord(text, at) && text[at] === query[places.length]) places.push(at);
  }
  return places.length === query.length ? places : undefined;
}

/** scatteredAt finds the letters of a query in their order, with few gaps: beginning at a word. */
function scatteredAt(text: string, query: string): number[] | undefined {
  for (let first = text.indexOf(query.charAt(0)); first >= 0; first = text.indexOf(query.charAt(0), first + 1)) {
    if (!startsWord(text, first)) continue;
    const places = [first];
    for (let at = first + 1; at < text.length && places.length < query.length; at++) {
      if (text[at] === query[places.length]) places.push(at);
    }
    const last = places.at(-1) ?? first;
    if (places.length === query.length && last - first < query.length * 2) return places;
  }
  return undefined;
}

function quality(text: string, query: string): number {
  if (text === query) return exact;
  if (text.startsWith(query)) return start;
  const at = text.indexOf(query);
  if (at >= 0) return wordAt(text, query) >= 0 ? wordStart : inside;
  if (query.length >= 2 && initialsAt(text, query)) return initials;
  return query.length >= 3 && scatteredAt(text, query) ? scattered : none;
}

/** Other names count a little less than the one that is read. */
const otherName = 0.5;

/** matchOf is how well words fit a query that is folded; undefined for not at all. The lower the better. */
export function matchOf(words: Words, query: string): number | undefined {
  let worst = 0;
  for (const part of query.split(/\s+/)) {
    if (!part) continue;
    let best = quality(words.label, part);
    for (const other of words.others) {
      if (best === exact) break;
      best = Math.min(best, quality(other, part) + otherName);
    }
    if (best >= none) return undefined;
    worst = Math.max(worst, best);
  }
  // Several words that stand as they were typed are better than here and there.
  return query.includes(' ') ? Math.min(worst + otherName, quality(words.label, query)) : worst;
}

/** Ranked is what decides among those that fit. */
export type Ranked = {
  fit: number;
  /** How lately one was there: the last place has the highest number, 0 is not lately. */
  visited: number;
  /** Mentions wait more than other messages. */
  waiting: 0 | 1 | 2;
  /** When something was last said there; 0 for never. */
  at: number;
  /** One is in it, or has written to the person. */
  own: boolean;
  label: string;
};

/** compare orders what fits. */
export function compare(a: Ranked, b: Ranked): number {
  return (
    a.fit - b.fit ||
    Number(b.own) - Number(a.own) ||
    b.visited - a.visited ||
    b.waiting - a.waiting ||
    b.at - a.at ||
    a.label.length - b.label.length ||
    (a.label < b.label ? -1 : a.label > b.label ? 1 : 0)
  );
}

/** Part is a piece of a label; `hit` for what was typed. */
export type Part = { text: string; hit: boolean };

function hitsOf(text: string, query: string): Set<number> {
  const hits = new Set<number>();
  const mark = (from: number, length: number) => {
    for (let i = 0; i < length; i++) hits.add(from + i);
  };
  for (const part of query.split(/\s+/).filter(Boolean)) {
    const at = wordAt(text, part);
    if (at >= 0) mark(at, part.length);
    else if (text.includes(part)) mark(text.indexOf(part), part.length);
    else for (const place of initialsAt(text, part) ?? scatteredAt(text, part) ?? []) hits.add(place);
  }
  return hits;
}

/** partsOf cuts a label into what fits the query and what doesn't. */
export function partsOf(label: string, query: string): Part[] {
  const text = folded(label);
  // Where folding changed the length, places would be wrong: nothing is marked then.
  if (!query || text.length !== label.length) return [{ text: label, hit: false }];
  const hits = hitsOf(text, query);
  const parts: Part[] = [];
  for (let i = 0; i < label.length; i++) {
    const hit = hits.has(i);
    const last = parts.at(-1);
    if (last && last.hit === hit) last.text += label.charAt(i);
    else parts.push({ text: label.charAt(i), hit });
  }
  return parts;
}
