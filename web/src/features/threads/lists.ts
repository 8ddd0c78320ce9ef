/** Loading the lists of threads, and what is under way or went wrong, so that the view can say so. */
import { useStore } from 'zustand';
import { createStore } from 'zustand/vanilla';
import * as load from '@/realtime/threads';
import { getState } from '@/store/store';

/** Which threads are listed: all that one follows, or those with something unread. */
export type Filter = 'all' | 'unread';

type Busy = 'busy' | { error: unknown } | undefined;
/** `first` is the loading of the list itself, `more` that of its next page. */
export type ListState = { first: Busy; more: Busy };

const idle: ListState = { first: undefined, more: undefined };
const lists = createStore<Readonly<Record<string, ListState>>>(() => ({}));

const keyOf = (teamId: string, filter: Filter): string => `${filter} ${teamId}`;

/** useListState tells what is being loaded of a list. */
export const useListState = (teamId: string, filter: Filter): ListState =>
  useStore(lists, (all) => all[keyOf(teamId, filter)] ?? idle);

const note = (key: string, part: keyof ListState, what: Busy): void =>
  lists.setState((all) => ({ ...all, [key]: { ...(all[key] ?? idle), [part]: what } }));

async function run(teamId: string, filter: Filter, part: keyof ListState): Promise<void> {
  const key = keyOf(teamId, filter);
  if (lists.getState()[key]?.[part] === 'busy') return;
  note(key, part, 'busy');
  try {
    await load.loadThreads(teamId, filter === 'unread', part === 'more');
    note(key, part, undefined);
  } catch (error) {
    note(key, part, { error });
  }
}

/**
 * openList loads a list unless it is there already. That of unread threads is loaded whenever one comes to it: what
 * has been read meanwhile is then gone from it. It never rejects.
 */
export async function openList(teamId: string, filter: Filter): Promise<void> {
  const known = getState().threads[filter][teamId];
  if (teamId && (!known || known.stale || filter === 'unread')) await run(teamId, filter, 'first');
}

/** growList loads the next page of a list. It never rejects. */
export async function growList(teamId: string, filter: Filter): Promise<void> {
  const known = getState().threads[filter][teamId];
  if (known && !known.complete && !known.stale) await run(teamId, filter, 'more');
}
