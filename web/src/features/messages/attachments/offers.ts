/** What menus of integrations offer when that is people, channels, or what a program says. */
import { useEffect, useMemo, useRef, useState } from 'react';
import * as channelsApi from '@/api/channels';
import { Finder, useFound } from '@/features/channels/finder';
import { fold } from '@/markdown/marks';
import { channelLabel, displayName } from '@/store/selectors';
import { getState, type State, useApp } from '@/store/store';
import type { Pickable } from '@/ui/ChipPicker';

/** Offers are what fits, and how to look for something else. */
export interface Offers {
  options: readonly Pickable[];
  loading: boolean;
  look: (query: string) => void;
}

const shown = 40;
const nobody: readonly string[] = [];

/** useGivenOffers narrows a list that is all there. */
export function useGivenOffers(all: readonly Pickable[]): Offers {
  const [query, setQuery] = useState('');
  const options = useMemo(() => {
    const words = fold(query.trim());
    return words ? all.filter((one) => fold(`${one.label} ${one.hint ?? ''}`).includes(words)) : all;
  }, [all, query]);
  return { options, loading: false, look: setQuery };
}

/** usePeopleOffers finds people whom one may see. */
export function usePeopleOffers(): Offers {
  const [finder] = useState(() => new Finder({}));
  const { options, loading } = useFound(finder, nobody);
  return { options, loading, look: (query) => finder.look(query) };
}

/** useAskedOffers asks for what fits, a moment after the last key. When that fails nothing is offered. */
export function useAskedOffers(ask: (query: string, signal: AbortSignal) => Promise<Pickable[]>): Offers {
  const [query, setQuery] = useState('');
  const [found, setFound] = useState<{ options: readonly Pickable[]; loading: boolean }>({
    options: [],
    loading: true,
  });
  const latest = useRef(ask);
  latest.current = ask;
  const first = useRef(true);
  useEffect(() => {
    const mine = new AbortController();
    const put = (options: readonly Pickable[]) => !mine.signal.aborted && setFound({ options, loading: false });
    const go = () => void latest.current(query, mine.signal).then(put, () => put([]));
    setFound((before) => ({ ...before, loading: true }));
    const timer = setTimeout(go, first.current ? 0 : 180);
    first.current = false;
    return () => {
      clearTimeout(timer);
      mine.abort();
    };
  }, [query]);
  return { ...found, look: setQuery };
}

function ownChannels(state: State, teamId: string): Pickable[] {
  return Object.keys(state.channels.mine)
    .map((id) => state.channels.channels[id])
    .filter((one) => one !== undefined && one.team_id === teamId && one.delete_at === 0)
    .map((one) => ({ id: one?.id ?? '', label: one ? channelLabel(state, one) : '' }))
    .sort((a, b) => a.label.localeCompare(b.label));
}

/** useChannelOffers finds channels of a team: one's own, and public ones as one types. */
export function useChannelOffers(teamId: string): Offers {
  return useAskedOffers(async (query, signal) => {
    const words = fold(query.trim().replace(/^[~#]/, ''));
    const own = ownChannels(getState(), teamId).filter((one) => !words || fold(one.label).includes(words));
    if (!words || !teamId) return own.slice(0, shown);
    const others = await channelsApi.autocompleteChannels(teamId, words, signal);
    const known = new Set(own.map((one) => one.id));
    const more = others.filter((one) => !known.has(one.id)).map((one) => ({ id: one.id, label: one.display_name }));
    return [...own, ...more].slice(0, shown);
  });
}

/** useNameOf is what somebody or a channel is called, by id; empty when that isn't known here. */
export function useNameOf(source: string, id: string): string {
  return useApp((state) => {
    if (source === 'users') return state.users.profiles[id] ? displayName(state, id) : '';
    const channel = source === 'channels' ? state.channels.channels[id] : undefined;
    return channel ? channelLabel(state, channel) : '';
  });
}
