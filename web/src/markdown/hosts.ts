/** Addresses that people write without a scheme: `example.org/path`. Most words with a dot inside are something else. */

// Endings that stand for a site wherever they are met. Files, names of methods and words run together after a full stop
// end otherwise: no `md`, `py`, `rs`, `sh`, `in`, `it`, `is`, `no`, `me`, `so`.
const endings = [
  ...['com', 'org', 'net', 'edu', 'gov', 'info', 'dev', 'app', 'eu', 'fr', 'de', 'uk', 'ch', 'nl', 'jp', 'ca', 'au'],
  ...['es', 'pl', 'se', 'dk', 'fi', 'cz', 'pt', 'br', 'io', 'cloud', 'online', 'wiki', 'blog', 'chat', 'tech', 'site'],
];

// With a path behind them these are told from files and words, too.
const withPath = ['be', 'at', 'it', 'me', 'us', 'in', 'ru', 'cn', 'no', 'tv', 'co', 'ai', 'gg', 'ly', 'to', 'gl', 'la'];

const label = '[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?';
// What follows the host is a port, a path, a query, or no part of a longer word.
const hostOf = (names: readonly string[], then: string) => `(?:${label}\\.){1,8}(?:${names.join('|')})${then}`;
const after = '(?![\\p{L}\\p{N}@_-]|\\.[\\p{L}\\p{N}])';

/** bareSource is the source of a regular expression (flags iu) for such a host. */
export const bareSource = `${hostOf(endings, after)}|${hostOf(withPath, '(?=/[\\p{L}\\p{N}])')}`;

/** isBareAddress tells whether an address without a scheme is one; names with capitals inside are code. */
export function isBareAddress(address: string): boolean {
  const host = /^[^/?#:]+/.exec(address)?.[0] ?? '';
  if (/[A-Z]/.test(host.slice(1)) && host !== host.toUpperCase()) return false;
  return host.length <= 253 && !/^\d+(?:\.\d+)*$/.test(host);
}
