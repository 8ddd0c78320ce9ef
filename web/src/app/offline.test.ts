import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { registerWorker } from './offline';

class Worker extends EventTarget {
  state = 'installing';
  readonly heard: unknown[] = [];
  postMessage(letter: unknown) {
    this.heard.push(letter);
  }
}

class Registration extends EventTarget {
  waiting: Worker | null = null;
  installing: Worker | null = null;
  update = vi.fn(async () => undefined);
}

class Workers extends EventTarget {
  controller: Worker | null = null;
  readonly registration = new Registration();
  register = vi.fn(async () => this.registration);
  getRegistration = async () => this.registration;
}

/** settled is when the page has come to rest. */
const settled = () => vi.advanceTimersByTimeAsync(5000);

describe('registerWorker', () => {
  let workers: Workers;
  const onUpdate = vi.fn<(reload: () => void) => void>();
  const onOpen = vi.fn<(path: string) => void>();

  /** observed tells the page of files that were loaded. */
  let observed: (entries: { name: string }[]) => void;

  beforeEach(() => {
    vi.useFakeTimers();
    vi.stubGlobal('requestIdleCallback', (run: () => void) => run());
    class Observer {
      constructor(tell: (list: { getEntries: () => { name: string }[] }) => void) {
        observed = (entries) => tell({ getEntries: () => entries });
      }
      observe() {}
    }
    vi.stubGlobal('PerformanceObserver', Observer);
    workers = new Workers();
    vi.stubEnv('PROD', true);
    vi.stubGlobal('navigator', { onLine: true, serviceWorker: workers });
    vi.spyOn(document, 'querySelector').mockReturnValue({ content: '1a' } as never);
  });

  afterEach(() => {
    vi.useRealTimers();
    vi.unstubAllEnvs();
    vi.unstubAllGlobals();
    vi.restoreAllMocks();
    onUpdate.mockClear();
    onOpen.mockClear();
  });

  const start = async () => {
    registerWorker(onUpdate, onOpen);
    await settled();
  };
  const say = (data: unknown) => workers.dispatchEvent(new MessageEvent('message', { data }));

  it('registers nothing while developing, and nothing where there are no workers', async () => {
    vi.stubEnv('PROD', false);
    await start();
    expect(workers.register).not.toHaveBeenCalled();
    vi.stubEnv('PROD', true);
    vi.stubGlobal('navigator', { onLine: true });
    await start();
    expect(workers.register).not.toHaveBeenCalled();
  });

  it('introduces the page to a worker that waits, and tells once that there is a newer client', async () => {
    const waiting = new Worker();
    workers.registration.waiting = waiting;
    await start();
    expect(workers.register).toHaveBeenCalledWith('/sw.js', { updateViaCache: 'none' });
    expect(waiting.heard).toEqual([{ kind: 'page', build: '1a' }]);
    say({ kind: 'newer' });
    say({ kind: 'newer' });
    expect(onUpdate).toHaveBeenCalledTimes(1);
    onUpdate.mock.calls[0]?.[0]();
    await settled();
    expect(waiting.heard[1]).toEqual({ kind: 'take-over' });
  });

  it('says nothing of the first worker, and introduces itself to a later one', async () => {
    await start();
    const next = new Worker();
    workers.registration.installing = next;
    workers.registration.dispatchEvent(new Event('updatefound'));
    next.state = 'installed';
    next.dispatchEvent(new Event('statechange'));
    expect(next.heard).toEqual([]);
    workers.controller = new Worker();
    next.dispatchEvent(new Event('statechange'));
    expect(next.heard).toEqual([{ kind: 'page', build: '1a' }]);
  });

  it('names what it has loaded, once there is a worker to hear it', async () => {
    await start();
    const load = (...paths: string[]) => observed(paths.map((path) => ({ name: new URL(path, location.origin).href })));
    load('/assets/en-1.js', '/assets/en-1.js', '/api/v4/users/me');
    const controller = new Worker();
    workers.controller = controller;
    workers.dispatchEvent(new Event('controllerchange'));
    load('/assets/font-2.woff2');
    load('/api/v4/posts');
    const paths = controller.heard.map((letter) => (letter as { paths: string[] }).paths);
    expect(paths).toEqual([['/assets/en-1.js'], ['/assets/font-2.woff2']]);
  });

  it('offers the reload when a part of the page is gone, and passes on clicks on notifications', async () => {
    await start();
    window.dispatchEvent(new Event('vite:preloadError'));
    expect(onUpdate).toHaveBeenCalled();
    say({ kind: 'open', path: '/team/pl/abc' });
    expect(onOpen).toHaveBeenCalledWith('/team/pl/abc');
  });
});
