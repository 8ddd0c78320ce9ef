/** The people of a team, or of the server: found page by page and as one types. */

import { useStore } from 'zustand';
import { createStore } from 'zustand/vanilla';
import { needPresence } from '@/realtime/load';
import { findPeople, peoplePage } from './actions';

/** Directory is what has been found so far. `complete` when there is no more. */
export type Directory = {
  teamId: string;
  term: string;
  ids: readonly string[];
  complete: boolean;
  loading: boolean;
  error?: unknown;
};

const empty: Directory = { teamId: '', term: '', ids: [], complete: false, loading: true };
const store = createStore<Directory>(() => empty);
const typingPause = 180;

let call: AbortController | undefined;
let later: ReturnType<typeof setTimeout> | undefined;
let page = 0;

/** useDirectory is what has been found. */
export const useDirectory = (): Directory => useStore(store);

async function load(): Promise<void> {
  const { teamId, term } = store.getState();
  call?.abort();
  const own = new AbortController();
  call = own;
  try {
    const users = await findPeople(teamId, term.trim(), page, own.signal);
    if (own.signal.aborted) return;
    const found = users.filter((user) => user.delete_at === 0).map((user) => user.id);
    store.setState((state) => ({
      ids: page === 0 ? found : [...state.ids, ...found.filter((id) => !state.ids.includes(id))],
      // A search has one page.
      complete: users.length < peoplePage || term.trim() !== '',
      loading: false,
      error: undefined,
    }));
    void needPresence(found);
  } catch (error) {
    if (!own.signal.aborted) store.setState({ loading: false, error });
  }
}

/** openDirectory begins with everybody of a team; with an empty id, of the server. */
export function openDirectory(teamId: string): void {
  page = 0;
  clearTimeout(later);
  store.setState({ ...empty, teamId }, true);
  void load();
}

/** searchDirectory looks for a term; the last answer stands until the next one is there. */
export function searchDirectory(term: string): void {
  page = 0;
  clearTimeout(later);
  store.setState({ term, loading: true, error: undefined });
  later = setTimeout(() => void load(), typingPause);
}

/** changeDirectory looks for the same in another team. */
export function changeDirectory(teamId: string): void {
  page = 0;
  clearTimeout(later);
  store.setState({ teamId, ids: [], complete: false, loading: true, error: undefined });
  void load();
}

/** moreOfDirectory loads the next page, or the last one again when it failed. */
export function moreOfDirectory(): void {
  const { complete, loading, error } = store.getState();
  if (complete || loading) return;
  if (!error) page += 1;
  store.setState({ loading: true, error: undefined });
  void load();
}

/** closeDirectory forgets it all. */
export function closeDirectory(): void {
  call?.abort();
  clearTimeout(later);
  store.setState(empty, true);
}
