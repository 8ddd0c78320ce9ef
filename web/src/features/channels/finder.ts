/** Finds people to be picked: some to begin with, and who fits as one types. */

import type { UserProfile } from '@mattermost/types/users';
import { useMemo } from 'react';
import { useStore } from 'zustand';
import { createStore, type StoreApi } from 'zustand/vanilla';
import * as usersApi from '@/api/users';
import { pictureUrl } from '@/api/users';
import { nameFormat, nameOf } from '@/store/selectors';
import { dispatch, useApp } from '@/store/store';
import type { Pickable } from '@/ui/ChipPicker';

/** Where to look: everywhere, in a team, and who is left out. */
export type Scope = { teamId?: string; notInChannel?: string; notInTeam?: string };

export type Found = { ids: readonly string[]; loading: boolean; query: string };

const pause = 140;
const shown = 40;

/** Finder asks the server for people. It begins with some of them. */
export class Finder {
  readonly store: StoreApi<Found> = createStore(() => ({ ids: [], loading: true, query: '' }));
  readonly #scope: Scope;
  #asked = new AbortController();
  #later: ReturnType<typeof setTimeout> | undefined;

  constructor(scope: Scope) {
    this.#scope = scope;
    void this.#ask('');
  }

  /** look finds who fits; the last answer stands until the next is there. */
  look(query: string): void {
    clearTimeout(this.#later);
    this.store.setState({ query, loading: true });
    this.#later = setTimeout(() => void this.#ask(query), pause);
  }

  async #ask(query: string): Promise<void> {
    this.#asked.abort();
    const mine = new AbortController();
    this.#asked = mine;
    const term = query.trim().replace(/^@/, '');
    const { teamId, notInChannel, notInTeam } = this.#scope;
    try {
      const users = term
        ? await usersApi.searchUsers(
            {
              term,
              limit: shown,
              ...(teamId && { team_id: teamId }),
              ...(notInChannel && { not_in_channel_id: notInChannel }),
              ...(notInTeam && { not_in_team_id: notInTeam }),
            },
            mine.signal,
          )
        : await usersApi.listUsers(
            {
              per_page: shown,
              active: true,
              ...(teamId && { in_team: teamId }),
              ...(notInChannel && { not_in_channel: notInChannel }),
              ...(notInTeam && { not_in_team: notInTeam }),
            },
            mine.signal,
          );
      if (mine.signal.aborted) return;
      dispatch({ type: 'users/received', users });
      this.store.setState({ ids: users.map((user) => user.id), loading: false });
    } catch {
      // Nobody is found then; what was typed stays and can be typed on.
      if (!mine.signal.aborted) this.store.setState({ ids: [], loading: false });
    }
  }
}

/** pickableOf is somebody as a picker shows them. */
export function pickableOf(user: UserProfile, format: string): Pickable {
  const label = nameOf(user, format);
  return {
    id: user.id,
    label,
    image: pictureUrl(user),
    ...(label !== user.username && { hint: `@${user.username}` }),
  };
}

/** useFound lists who was found, without some. */
export function useFound(finder: Finder, without: readonly string[]): { options: Pickable[]; loading: boolean } {
  const { ids, loading } = useStore(finder.store);
  const profiles = useApp((state) => state.users.profiles);
  const format = useApp(nameFormat);
  const options = useMemo(
    () =>
      ids
        .filter((id) => !without.includes(id))
        .map((id) => profiles[id])
        .filter((user): user is UserProfile => user !== undefined && user.delete_at === 0)
        .map((user) => pickableOf(user, format)),
    [ids, profiles, format, without],
  );
  return { options, loading };
}
