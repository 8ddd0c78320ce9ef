/** The open switcher: what was typed, what fits, and what the server found beside it. */
import { createStore, type StoreApi } from 'zustand/vanilla';
import * as channelsApi from '@/api/channels';
import * as usersApi from '@/api/users';
import { needPresence } from '@/realtime/load';
import type { Channel } from '@/store/channels';
import { setting } from '@/store/selectors';
import { dispatch, getState } from '@/store/store';

export type SwitcherState = {
  query: string;
  /** Open channels of the team that one isn't in. */
  more: readonly Channel[];
  /** The server is being asked. */
  asking: boolean;
};

/** How long one waits for the next letter before the server is asked, in milliseconds. */
const pause = 120;
const peopleMost = 30;

/** Switcher asks the server for what isn't known here, as one types. */
export class Switcher {
  readonly store: StoreApi<SwitcherState> = createStore(() => ({ query: '', more: [], asking: false }));
  #asked = new AbortController();
  #later: ReturnType<typeof setTimeout> | undefined;

  /** look takes what was typed. What is known is found at once; what isn't comes after it. */
  look(query: string): void {
    clearTimeout(this.#later);
    this.#asked.abort();
    const term = query.trim().replace(/^[@~#]/, '');
    this.store.setState({ query, asking: term !== '', ...(term === '' && { more: [] }) });
    if (term) this.#later = setTimeout(() => void this.#ask(term), pause);
  }

  async #ask(term: string): Promise<void> {
    const mine = new AbortController();
    this.#asked = mine;
    const state = getState();
    const { teamId } = state.place;
    const within = setting(state, 'RestrictDirectMessage') === 'team';
    // What can't be asked is left out: the rest of the list is as good.
    const channels = channelsApi.autocompleteChannels(teamId, term, mine.signal).catch(() => []);
    const people = usersApi
      .searchUsers({ term, limit: peopleMost, ...(within && { team_id: teamId }) }, mine.signal)
      .catch(() => []);
    const [more, users] = await Promise.all([channels, people]);
    if (mine.signal.aborted) return;
    if (users.length > 0) dispatch({ type: 'users/received', users });
    void needPresence(users.map((user) => user.id));
    this.store.setState({ more, asking: false });
  }
}
