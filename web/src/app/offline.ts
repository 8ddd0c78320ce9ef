/** What the worker (`src/sw/`) tells a page. */
type News = { kind: 'newer' } | { kind: 'open'; path: string };

/** Milliseconds that a page has to itself before the worker is looked after. */
const settle = 2000;

/** How often an open page asks whether the server has a new version. */
const hourly = 60 * 60 * 1000;

/**
 * registerWorker has the service worker keep the client's shell, so that it opens without a network. Only a built page
 * has one; Vite's own pages are always new.
 *
 * `onUpdate` is called when the server has a newer client than this page, at most once; `reload` changes to it. Nothing
 * changes by itself under somebody's hands: the next time the page is loaded it is the new one anyway. `onOpen` is
 * called when somebody clicks a notification that names a place of the client.
 */
export function registerWorker(onUpdate: (reload: () => void) => void, onOpen: (path: string) => void): void {
  if (!import.meta.env.PROD || !('serviceWorker' in navigator)) return;
  const workers = navigator.serviceWorker;
  let told = false;
  const tell = (reload: () => void) => {
    if (told) return;
    told = true;
    onUpdate(reload);
  };
  workers.addEventListener('message', (event: MessageEvent<News>) => {
    if (event.data.kind === 'open') onOpen(event.data.path);
    else tell(() => void takeOver(workers));
  });
  // A part of this page that was never needed so far is gone from the server: only a reload gets it back.
  window.addEventListener('vite:preloadError', () => {
    if (navigator.onLine) tell(() => location.reload());
  });
  watchUsed(workers);
  const register = () => void workers.register('/sw.js', { updateViaCache: 'none' }).then(watch, () => undefined);
  // What somebody came for is shown first.
  setTimeout(
    () => ('requestIdleCallback' in window ? requestIdleCallback(register, { timeout: 5000 }) : register()),
    settle,
  );
}

/** watch introduces this page to each worker that waits, now and later. */
function watch(registration: ServiceWorkerRegistration | undefined): void {
  // Where workers are kept out, registering one may answer nothing.
  if (!registration) return;
  introduce(registration.waiting);
  registration.addEventListener('updatefound', () => {
    const next = registration.installing;
    next?.addEventListener('statechange', () => {
      if (next.state === 'installed' && navigator.serviceWorker.controller) introduce(next);
    });
  });
  setInterval(() => {
    if (document.visibilityState === 'visible') registration.update().catch(() => undefined);
  }, hourly);
}

/**
 * watchUsed names to the worker each file of the build that this page loads, so that the next start without a network
 * has what came before there was a worker to see it, or while it took over.
 */
function watchUsed(workers: ServiceWorkerContainer): void {
  const untold = new Set<string>();
  const tell = () => {
    if (untold.size === 0 || !workers.controller) return;
    workers.controller.postMessage({ kind: 'used', paths: [...untold] });
    untold.clear();
  };
  new PerformanceObserver((list) => {
    for (const { name } of list.getEntries()) {
      const url = new URL(name, location.href);
      if (url.origin === location.origin && url.pathname.startsWith('/assets/')) untold.add(url.pathname);
    }
    tell();
  }).observe({ type: 'resource', buffered: true });
  workers.addEventListener('controllerchange', tell);
}

/** introduce names the build of this page: a worker of the same build takes over at once, another one says 'newer'. */
function introduce(worker: ServiceWorker | null): void {
  const build = document.querySelector<HTMLMetaElement>('meta[name="parley-build"]')?.content ?? '';
  worker?.postMessage({ kind: 'page', build });
}

/** takeOver lets the waiting worker in and loads its page. */
async function takeOver(workers: ServiceWorkerContainer): Promise<void> {
  const waiting = (await workers.getRegistration())?.waiting;
  if (!waiting) {
    location.reload();
    return;
  }
  workers.addEventListener('controllerchange', () => location.reload(), { once: true });
  waiting.postMessage({ kind: 'take-over' });
}
