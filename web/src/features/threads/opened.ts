/** The threads that are open: whether they are loaded, where their new replies begin, which reply to go to. */
import { useStore } from 'zustand';
import { createStore } from 'zustand/vanilla';

/** Side is the loading of more replies at one end. */
export type Side = 'busy' | { error: unknown } | undefined;

/** Opened is one open thread. */
export type Opened = {
  status: 'loading' | 'ready' | 'failed';
  error?: unknown;
  /** Replies of others later than this stand below the line of new ones; `never` for none. */
  newSince: number;
  /** A reply to go to; `at` changes with each wish. */
  jump?: { postId: string; at: number } | undefined;
  older: Side;
  newer: Side;
};

/** never is a time that no reply is later than. */
export const never = Number.MAX_SAFE_INTEGER;

const waiting: Opened = { status: 'loading', newSince: never, older: undefined, newer: undefined };
const all = createStore<Readonly<Record<string, Opened>>>(() => ({}));

/** openedThread is what is known of an open thread. */
export const openedThread = (rootId: string): Opened => all.getState()[rootId] ?? waiting;

/** useOpened follows it. */
export const useOpened = (rootId: string): Opened => useStore(all, (threads) => threads[rootId] ?? waiting);

/** setOpened changes it. */
export function setOpened(rootId: string, change: Partial<Opened>): void {
  all.setState((threads) => ({ ...threads, [rootId]: { ...(threads[rootId] ?? waiting), ...change } }));
}

/** forgetOpened is for a thread that is no longer open. */
export function forgetOpened(rootId: string): void {
  const { [rootId]: _, ...rest } = all.getState();
  all.setState(rest, true);
}
