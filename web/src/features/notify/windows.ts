/** The windows of one browser: one of them notifies for all, and each tells the others what is looked at in it. */
import { getState, type State, store } from '@/store/store';
import { afterPaint } from '@/ui/quiet';
import type { Sight } from './decide';

type Letter = { from: string; sight: Sight | null } | { ask: true };

const lockName = 'parley.notify';
const channelName = 'parley.sights';

/** sightOf is what the state shows: the channel in the centre, and the thread in the pane or in the view of threads. */
export function sightOf({ place }: Pick<State, 'place'>): Sight {
  const inPane = place.pane?.kind === 'thread' ? place.pane.rootId : '';
  return {
    channelId: place.view === 'channel' ? place.channelId : '',
    threadId: place.view === 'threads' ? place.threadId : inPane,
  };
}

const looking = (): boolean => document.visibilityState === 'visible' && document.hasFocus();

/** Windows tells what is looked at anywhere in this browser, and whether this window is the one that notifies. */
export type Windows = { sights(): Sight[]; leads(): boolean; stop(): void };

/** joinWindows takes part from now on. */
export function joinWindows(): Windows {
  const own = crypto.getRandomValues(new Uint32Array(2)).join('-');
  const others = new Map<string, Sight>();
  const channel = typeof BroadcastChannel === 'undefined' ? undefined : new BroadcastChannel(channelName);
  const sight = (): Sight | null => (looking() ? sightOf(getState()) : null);
  let told = '';
  let stopped = false;
  const tell = (always = false) => {
    if (stopped) return;
    const now = sight();
    const text = JSON.stringify(now);
    if (text === told && !always) return;
    told = text;
    channel?.postMessage({ from: own, sight: now } satisfies Letter);
  };
  const hear = ({ data }: MessageEvent<Letter>) => {
    if ('ask' in data) tell(true);
    else if (data.sight) others.set(data.from, data.sight);
    else others.delete(data.from);
  };
  channel?.addEventListener('message', hear);
  channel?.postMessage({ ask: true } satisfies Letter);
  const quiet = () => channel?.postMessage({ from: own, sight: null } satisfies Letter);
  const changed = () => tell();
  const stopStore = store.subscribe((state, before) => {
    if (state.place !== before.place) afterPaint(changed);
  });
  const lead = takeLead();
  window.addEventListener('focus', changed);
  window.addEventListener('blur', changed);
  window.addEventListener('pagehide', quiet);
  document.addEventListener('visibilitychange', changed);
  tell();
  return {
    sights: () => [...others.values(), sight()].filter((one) => one !== null),
    leads: lead.leads,
    stop() {
      quiet();
      stopped = true;
      stopStore();
      lead.stop();
      channel?.close();
      window.removeEventListener('focus', changed);
      window.removeEventListener('blur', changed);
      window.removeEventListener('pagehide', quiet);
      document.removeEventListener('visibilitychange', changed);
    },
  };
}

/** takeLead waits for the lock that one window holds as long as it is open. Where there are no locks, each leads. */
function takeLead(): { leads(): boolean; stop(): void } {
  if (!navigator.locks) return { leads: () => true, stop: () => undefined };
  let leads = false;
  let stopped = false;
  let release: (() => void) | undefined;
  const end = new AbortController();
  const hold = () => {
    // It may be granted while one stops waiting for it.
    if (stopped) return undefined;
    leads = true;
    return new Promise<void>((done) => {
      release = done;
    });
  };
  // Who stops waiting rejects; there is nothing to do about it.
  navigator.locks.request(lockName, { signal: end.signal }, hold).catch(() => undefined);
  return {
    leads: () => leads,
    stop() {
      stopped = true;
      leads = false;
      end.abort();
      release?.();
    },
  };
}
