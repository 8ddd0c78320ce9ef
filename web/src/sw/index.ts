/**
 * The service worker: it lets the client open without a network. It keeps the page and the files that the page starts
 * with, and every other file of a build once it was used. Answers of the API never pass through it.
 *
 * A new version waits. It takes over when a page that was made by the same build says so, or when somebody asks for the
 * reload that the page offers (`app/offline.ts`).
 */
import { noticeOf } from './push';
import { isOutage, isShell, outdated, routeOf } from './route';

/** What the build puts in place of this name: its version, and the files that the page starts with. */
declare const __SHELL__: { version: string; files: string[] };

declare const self: ServiceWorkerGlobalScope;

const shell = __SHELL__;
const prefix = 'parley-shell-';
const cacheName = prefix + shell.version;
const page = '/';

/** How long a navigation waits for the network while there is a page to show instead. */
const patience = 4000;

self.addEventListener('install', (event) => {
  event.waitUntil(install());
});

async function install(): Promise<void> {
  const cache = await caches.open(cacheName);
  await cache.addAll([new Request(page, { cache: 'reload' }), ...shell.files]);
}

self.addEventListener('activate', (event) => {
  event.waitUntil(activate());
});

async function activate(): Promise<void> {
  const old = outdated(await caches.keys(), cacheName, prefix);
  await Promise.all(old.map((name) => caches.delete(name)));
  await self.registration.navigationPreload?.enable();
  await self.clients.claim();
}

self.addEventListener('fetch', (event) => {
  const route = routeOf(event.request, self.location.origin);
  if (route === 'page') event.respondWith(answerPage(event));
  if (route === 'asset') event.respondWith(answerAsset(event));
});

/** answerPage asks the network first and has the kept page stand in when there is none. */
async function answerPage(event: FetchEvent): Promise<Response> {
  const kept = await (await caches.open(cacheName)).match(page);
  const network = fromNetwork(event);
  event.waitUntil(network.catch(() => undefined)); // also when the kept page was faster
  if (!kept) return network;
  const late = new Promise<undefined>((resolve) => {
    setTimeout(() => resolve(undefined), patience);
  });
  try {
    const fresh = await Promise.race([network, late]);
    return fresh && !isOutage(fresh.status) ? fresh : kept;
  } catch {
    return kept;
  }
}

async function fromNetwork(event: FetchEvent): Promise<Response> {
  const preloaded: Response | undefined = await event.preloadResponse;
  const response = preloaded ?? (await fetch(event.request));
  if (isShell(response)) keep(event, page, response.clone());
  return response;
}

/** answerAsset trusts what is kept: a file of a build never changes under its name. */
async function answerAsset(event: FetchEvent): Promise<Response> {
  const kept = await caches.match(event.request);
  if (kept) return kept;
  const response = await fetch(event.request);
  if (response.status === 200) keep(event, event.request, response.clone());
  return response;
}

/** keep writes to the cache beside the answer. A full disk must not cost the answer. */
function keep(event: FetchEvent, key: RequestInfo, response: Response): void {
  const write = caches.open(cacheName).then((cache) => cache.put(key, response));
  event.waitUntil(write.catch(() => undefined));
}

type Letter = { kind: 'page'; build: string } | { kind: 'take-over' } | { kind: 'used'; paths: string[] };

self.addEventListener('message', (event) => {
  const letter = event.data as Letter;
  if (letter.kind === 'used') event.waitUntil(add(letter.paths));
  if (letter.kind === 'take-over') event.waitUntil(self.skipWaiting());
  if (letter.kind !== 'page') return;
  // A page of the same build gets its worker at once; one of another build may tell its reader.
  if (letter.build === shell.version) event.waitUntil(self.skipWaiting());
  else event.source?.postMessage({ kind: 'newer' });
});

/** add keeps what a page has loaded before there was a worker to see it. The browser still has it, mostly. */
async function add(paths: string[]): Promise<void> {
  const cache = await caches.open(cacheName);
  const missing = paths.filter((path) => path.startsWith('/assets/') && !shell.files.includes(path));
  const one = async (path: string) => {
    if (!(await caches.match(path))) await cache.add(path);
  };
  await Promise.allSettled(missing.map(one));
}

self.addEventListener('push', (event) => {
  event.waitUntil(tell(event.data?.text() ?? ''));
});

/** Where pages note what only this device has chosen (`features/notify/device.ts`). */
const deviceCache = 'parley-device';

/** tell shows a push message, unless somebody looks at the client, which notifies by itself. */
async function tell(data: string): Promise<void> {
  const hides = await caches.open(deviceCache).then(
    (cache) => cache.match('/hides-text'),
    () => undefined,
  );
  const { title, body, tag, path, test } = noticeOf(data, hides !== undefined, 'Parley');
  const windows = await self.clients.matchAll({ type: 'window' });
  if (!test && windows.some((one) => one.visibilityState === 'visible')) return;
  await self.registration.showNotification(title, { body, tag, icon: '/icons/icon-192.png', data: { path } });
}

self.addEventListener('notificationclick', (event) => {
  event.notification.close();
  const path: unknown = event.notification.data?.path;
  event.waitUntil(show(typeof path === 'string' ? path : page));
});

/** show brings a window of the client to the front, at a place, or opens one. */
async function show(path: string): Promise<void> {
  const windows = await self.clients.matchAll({ type: 'window' });
  const open = windows.find((w) => w.visibilityState === 'visible') ?? windows[0];
  if (!open) {
    await self.clients.openWindow(path);
    return;
  }
  await open.focus();
  open.postMessage({ kind: 'open', path });
}
