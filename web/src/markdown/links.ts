/** Which addresses may become links, and which of them lead to places of this site. */

/** The schemes that are always allowed; a server may add its own. */
export const baseSchemes: readonly string[] = ['http', 'https', 'mailto', 'tel', 'ftp'];

/** Schemes that stay forbidden even when a server names them. */
const forbidden = new Set(['javascript', 'data', 'vbscript', 'blob', 'file', 'filesystem', 'about', 'view-source']);

// Browsers leave out control characters while they read an address, so that a scheme can be hidden behind them; marks
// of direction make an address look like another one.
const invisible = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu;

const scheme = /^([a-z][a-z0-9+.-]*):/i;

// `example.com:8065/path` begins like a scheme and is a host with its port.
const hostAndPort = /^[a-z0-9.-]+:\d{1,5}(?:[/?#]|$)/i;

/** allowedSchemes adds a server's own schemes to those that every message may link to. */
export function allowedSchemes(own: readonly string[] = []): ReadonlySet<string> {
  const all = new Set(baseSchemes);
  for (const name of own) {
    const clean = name
      .trim()
      .toLowerCase()
      .replace(/:(?:\/\/)?$/, '');
    if (/^[a-z][a-z0-9+.-]*$/.test(clean) && !forbidden.has(clean)) all.add(clean);
  }
  return all;
}

/**
 * safeHref returns the address that a link may have, or undefined when it must stay text. An address without a scheme
 * is a path of this site when it begins with a slash, and a host otherwise.
 */
export function safeHref(address: string, schemes: ReadonlySet<string>): string | undefined {
  const clean = address.replace(invisible, '').trim().replace(/\s/g, '%20');
  if (!clean || clean.startsWith('\\')) return undefined;
  const named = scheme.exec(clean)?.[1]?.toLowerCase();
  if (named && schemes.has(named) && !forbidden.has(named)) return whole(clean);
  if (named && !hostAndPort.test(clean)) return undefined;
  if (clean.startsWith('//')) return whole(`https:${clean}`);
  if (clean.startsWith('/')) return /^\/[\\/]/.test(clean) ? undefined : clean;
  return /^[\p{L}\p{N}]/u.test(clean) ? whole(`http://${clean}`) : undefined;
}

/** An address that browsers can't read leads nowhere and stays text. */
function whole(address: string): string | undefined {
  try {
    return /:$/.test(new URL(address).href) ? undefined : address;
  } catch {
    return undefined;
  }
}

/** safeImage returns the address of an image that may be loaded: http and https only. */
export function safeImage(address: string): string | undefined {
  const href = safeHref(address, new Set(['http', 'https']));
  return href?.startsWith('/') || /^https?:\/\//i.test(href ?? '') ? href : undefined;
}

// The client's own places, below a team or the site.
const places =
  /^\/(?:_redirect\/(?:pl\/[a-z0-9]{26}|messages\/.+)|(?!api\/|plugins\/|static\/|files\/|login\b|oauth\b|admin_console\b)[a-z0-9_-]{1,64}\/(?:channels\/[^/]+|messages\/[^/]+|pl\/[a-z0-9]{26}|threads|drafts)(?:\/[a-z0-9]*)?)\/?(?:[?#].*)?$/i;

/**
 * ownPath returns the path of a link that leads to a place of this site, which the client opens without leaving, or
 * undefined for any other address, such as a file's or another server's.
 */
export function ownPath(href: string, siteUrl: string | undefined): string | undefined {
  let path = href;
  if (!href.startsWith('/')) {
    const site = siteUrl?.replace(/\/+$/, '');
    if (!site || !href.toLowerCase().startsWith(`${site.toLowerCase()}/`)) return undefined;
    path = href.slice(site.length);
  }
  return places.test(path) ? path : undefined;
}

/** permalinkId returns the id of the post that an address of this site points to. */
export function permalinkId(href: string, siteUrl: string | undefined): string | undefined {
  return /^\/[a-z0-9_-]{1,64}\/pl\/([a-z0-9]{26})\/?$/.exec(ownPath(href, siteUrl) ?? '')?.[1];
}
