/** Lists that the server gives page by page, and finds in: members, channels to browse, people to add. */
import { useState } from 'react';
import { useStore } from 'zustand';
import { createStore, type StoreApi } from 'zustand/vanilla';

export type Paged<T> = {
  items: readonly T[];
  loading: boolean;
  /** There are no further pages. */
  complete: boolean;
  error?: unknown;
  /** What is searched for; empty for the list itself. */
  term: string;
};

export type PagedSource<T> = {
  size: number;
  /** A page of the list, the first is 0. */
  page: (page: number) => Promise<T[]>;
  /** What fits a term, all at once. */
  find: (term: string, signal: AbortSignal) => Promise<T[]>;
};

/** How long one waits for the next letter, in milliseconds. */
const pause = 160;

/** PagedList loads its first page when it is made, and further ones when it is asked for more. */
export class PagedList<T> {
  readonly store: StoreApi<Paged<T>> = createStore(() => ({ items: [], loading: true, complete: false, term: '' }));
  readonly #source: PagedSource<T>;
  #pages = 0;
  #listed: readonly T[] = [];
  #allListed = false;
  #asked: AbortController | undefined;
  #later: ReturnType<typeof setTimeout> | undefined;

  constructor(source: PagedSource<T>) {
    this.#source = source;
    void this.#load();
  }

  /** more loads the next page, unless one is on its way or there is none. */
  more(): void {
    const { loading, complete, error, term } = this.store.getState();
    if (!loading && !complete && !error && !term) void this.#load();
  }

  /** again tries what failed once more. */
  again(): void {
    const { term } = this.store.getState();
    if (term) void this.#find(term);
    else void this.#load();
  }

  /** search narrows the list to what fits a term; the list itself stands again without one. */
  search(term: string): void {
    clearTimeout(this.#later);
    this.#asked?.abort();
    const wanted = term.trim();
    if (!wanted) {
      this.store.setState({
        term: '',
        items: this.#listed,
        loading: false,
        complete: this.#allListed,
        error: undefined,
      });
      if (this.#pages === 0) void this.#load();
      return;
    }
    this.store.setState({ term, loading: true, error: undefined });
    this.#later = setTimeout(() => void this.#find(wanted), pause);
  }

  /** change replaces what is listed, such as after one was removed. */
  change(update: (items: readonly T[]) => readonly T[]): void {
    this.#listed = update(this.#listed);
    this.store.setState((state) => ({ items: update(state.items) }));
  }

  async #load(): Promise<void> {
    const mine = new AbortController();
    this.#asked = mine;
    this.store.setState({ loading: true, error: undefined });
    try {
      const found = await this.#source.page(this.#pages);
      this.#pages += 1;
      this.#listed = [...this.#listed, ...found];
      this.#allListed = found.length < this.#source.size;
      if (mine.signal.aborted) return;
      this.store.setState({ items: this.#listed, loading: false, complete: this.#allListed });
    } catch (error) {
      if (!mine.signal.aborted) this.store.setState({ loading: false, error });
    }
  }

  async #find(term: string): Promise<void> {
    const mine = new AbortController();
    this.#asked = mine;
    this.store.setState({ loading: true, error: undefined });
    try {
      const items = await this.#source.find(term, mine.signal);
      if (!mine.signal.aborted) this.store.setState({ items, loading: false, complete: true });
    } catch (error) {
      if (!mine.signal.aborted) this.store.setState({ items: [], loading: false, error });
    }
  }
}

/** useModel makes something once for a component's life: a list, a form's state. */
export function useModel<T>(make: () => T): T {
  const [model] = useState(make);
  return model;
}

/** usePaged reads a list. */
export const usePaged = <T>(list: PagedList<T>): Paged<T> => useStore(list.store);
