/** What people type to search: words, "phrases", -excluded ones, beginnings*, #tags and filters. As the server reads it. */

/** The filters that a query may hold, each with a value behind its colon. */
export const filterNames = ['from', 'in', 'on', 'before', 'after'] as const;
export type FilterName = (typeof filterNames)[number];

const known = new Set<string>(['from', 'in', 'channel', 'before', 'after', 'on', 'ext']);

/** Token is one piece of a query, with where it stands in the text. */
export type Token = {
  kind: 'word' | 'phrase' | 'filter';
  /** The filter's name, in small letters; `channel` is `in`. */
  name?: string;
  /** The word, the words between quotes, or the filter's value; it may be empty while it is typed. */
  value: string;
  /** Excluded by a - before it. */
  not: boolean;
  start: number;
  end: number;
  /** Where the value begins. */
  valueStart: number;
};

const isBlank = (char: string): boolean => /\s/u.test(char);
const isQuote = (char: string): boolean => /["“”„«»]/u.test(char);

/** One piece between blanks or quotes; `next` is where the reading goes on. */
type Piece = { text: string; quoted: boolean; not: boolean; start: number; textStart: number; end: number };

function pieceAt(text: string, from: number): Piece | undefined {
  let start = from;
  while (start < text.length && isBlank(text.charAt(start))) start++;
  if (start >= text.length) return undefined;
  const not = text.charAt(start) === '-' && start + 1 < text.length && !isBlank(text.charAt(start + 1));
  let at = not ? start + 1 : start;
  if (isQuote(text.charAt(at))) {
    const textStart = ++at;
    while (at < text.length && !isQuote(text.charAt(at))) at++;
    return { text: text.slice(textStart, at), quoted: true, not, start, textStart, end: Math.min(text.length, at + 1) };
  }
  const textStart = at;
  while (at < text.length && !isBlank(text.charAt(at)) && !isQuote(text.charAt(at))) at++;
  return { text: text.slice(textStart, at), quoted: false, not, start, textStart, end: at };
}

/** tokens cuts a query into its pieces. Any text is a query. */
export function tokens(text: string): Token[] {
  const found: Token[] = [];
  let from = 0;
  for (let piece = pieceAt(text, from); piece; piece = pieceAt(text, from)) {
    from = piece.end;
    const token = tokenOf(text, piece);
    found.push(token);
    from = Math.max(from, token.end);
  }
  return found;
}

function tokenOf(text: string, piece: Piece): Token {
  const { not, start, end, textStart } = piece;
  const colon = piece.quoted ? -1 : piece.text.indexOf(':');
  const name = colon < 0 ? '' : piece.text.slice(0, colon).toLowerCase();
  if (!known.has(name)) {
    return { kind: piece.quoted ? 'phrase' : 'word', value: piece.text, not, start, end, valueStart: textStart };
  }
  const filter = { kind: 'filter' as const, name: name === 'channel' ? 'in' : name, not, start };
  const valueStart = textStart + colon + 1;
  const value = piece.text.slice(colon + 1);
  // The value may stand apart: `from: ana`.
  const next = value === '' ? pieceAt(text, end) : undefined;
  if (next) return { ...filter, value: next.text, end: next.end, valueStart: next.textStart };
  return { ...filter, value, end, valueStart };
}

const bare = (word: string): string => word.replace(/^[^\p{L}\p{N}#]+|[^\p{L}\p{N}_]+$/gu, '');

/** termsOf lists what a query looks for in the words of messages, for standing out in what was found. */
export function termsOf(text: string): string[] {
  const terms = tokens(text).flatMap((token) => {
    if (token.kind === 'filter' || token.not) return [];
    const term = token.kind === 'phrase' ? token.value.trim().replace(/\s+/g, ' ') : bare(token.value);
    return term ? [term] : [];
  });
  return [...new Set(terms)];
}

/** isEmptyQuery tells whether a query asks for nothing that the server could look for. */
export function isEmptyQuery(text: string): boolean {
  return tokens(text).every((token) =>
    token.kind === 'filter' ? token.value.trim() === '' : !/[\p{L}\p{N}]/u.test(token.value),
  );
}

/** tokenAt is the piece of a query that somebody types at: the one that ends at, or goes around, the caret. */
export const tokenAt = (text: string, caret: number): Token | undefined =>
  tokens(text).find((token) => token.start < caret && caret <= token.end);

/** Edited is a query after something was put into it, and where the caret stands then. */
export type Edited = { text: string; caret: number };

/** replaced puts other words in the place of a piece, with a blank behind what is complete. */
export function replaced(text: string, start: number, end: number, words: string, complete: boolean): Edited {
  const before = text.slice(0, start);
  const after = text.slice(end).replace(/^\s+/u, '');
  const gap = complete ? ' ' : '';
  return { text: before + words + gap + after, caret: before.length + words.length + gap.length };
}

/** quotedValue is a filter's value as it has to be written. */
export const quotedValue = (value: string): string => (/\s/u.test(value) ? `"${value}"` : value);

/** withFilter is a query that also keeps to a filter; one of the same name gives way. */
export function withFilter(text: string, name: FilterName, value: string): string {
  const old = tokens(text).filter((token) => token.kind === 'filter' && token.name === name && !token.not);
  let rest = text;
  for (const token of old.reverse()) rest = rest.slice(0, token.start) + rest.slice(token.end);
  rest = rest.trim().replace(/\s+/g, ' ');
  return `${name}:${quotedValue(value)} ${rest}`;
}
