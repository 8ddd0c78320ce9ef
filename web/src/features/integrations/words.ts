/** Pure functions on what people type and read here. */

/** plain is a text as it is compared: small letters, without accents. */
const plain = (text: string): string => text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();

/** fits tells whether all words of a term stand in a text. */
export function fits(text: string, term: string): boolean {
  const words = plain(text);
  return plain(term)
    .split(/\s+/)
    .every((word) => words.includes(word));
}

/** linesOf splits what was typed one a line, without empty ones, each once. */
export const linesOf = (text: string): string[] => [
  ...new Set(
    text
      .split('\n')
      .map((line) => line.trim())
      .filter(Boolean),
  ),
];

/** isAddress tells whether a text is an address that a program can be called at. */
export function isAddress(text: string): boolean {
  if (!/^https?:\/\//i.test(text) || /\s/.test(text)) return false;
  return URL.canParse(text);
}

/** curlLine is the line for a terminal that posts a message to a webhook's address. */
export const curlLine = (address: string, text: string): string =>
  `curl -H 'Content-Type: application/json' -d '${JSON.stringify({ text }).replaceAll("'", "'\\''")}' ${address}`;

/** triggerOf is a command's word without what people type before it. */
export const triggerOf = (text: string): string => text.trim().replace(/^\/+/, '').toLowerCase();

/** durationText is a duration for people: `84 ms`, `1.2 s`. */
export function durationText(milliseconds: number, locale: string): string {
  const long = milliseconds >= 1000;
  return new Intl.NumberFormat(locale, {
    style: 'unit',
    unit: long ? 'second' : 'millisecond',
    maximumFractionDigits: long ? 1 : 0,
  }).format(long ? milliseconds / 1000 : milliseconds);
}

/** bodyText is a body as it is read: JSON with indents, anything else as it came. */
export function bodyText(body: string): string {
  try {
    const value: unknown = JSON.parse(body);
    return typeof value === 'object' ? JSON.stringify(value, null, 2) : body;
  } catch {
    return body;
  }
}
