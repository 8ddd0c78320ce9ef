/** How the worker answers a request: `page` is a navigation, `asset` a file of a build, `leave` is none of its business. */
export type Route = 'page' | 'asset' | 'leave';

/** Paths that the server itself answers, also when a browser navigates to them: calls, downloads, other programs. */
const servers = ['/api/', '/plugins/', '/oauth/', '/login/sso/', '/hooks/', '/static/', '/public/'];

/** routeOf decides by method, address and mode of a request. `origin` is the worker's own. */
export function routeOf(request: { method: string; url: string; mode: string }, origin: string): Route {
  const url = new URL(request.url);
  if (request.method !== 'GET' || url.origin !== origin) return 'leave';
  if (servers.some((prefix) => url.pathname.startsWith(prefix))) return 'leave';
  if (request.mode === 'navigate') return 'page';
  return url.pathname.startsWith('/assets/') ? 'asset' : 'leave';
}

/** isShell says that an answer to a navigation is the client's page, worth keeping for when there is no network. */
export function isShell(response: { status: number; redirected: boolean; headers: Headers }): boolean {
  const kind = response.headers.get('Content-Type') ?? '';
  return response.status === 200 && !response.redirected && kind.startsWith('text/html');
}

/** isOutage says that something stands before the server and can't reach it. */
export function isOutage(status: number): boolean {
  return status === 502 || status === 503 || status === 504;
}

/**
 * outdated names the caches to delete when a version takes over: all of earlier versions but the last, from which
 * windows that are still open load what they haven't needed so far. `names` are in the order in which they were made.
 */
export function outdated(names: readonly string[], current: string, prefix: string): string[] {
  return names.filter((name) => name.startsWith(prefix) && name !== current).slice(0, -1);
}
