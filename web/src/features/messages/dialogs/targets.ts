/** Where a message can be forwarded to: one's channels, and people. */
import { useMemo, useState } from 'react';
import { Finder, useFound } from '@/features/channels/finder';
import { fold } from '@/markdown/marks';
import { recentChannels } from '@/store/recent';
import { channelLabel, partnerId } from '@/store/selectors';
import { getState, type State, useApp } from '@/store/store';
import type { Pickable } from '@/ui/ChipPicker';
import { mayWrite } from '../rights';

const personMark = 'user:';
const shown = 30;

/** isPerson returns the id of the person that a target is, nothing for a channel. */
export const isPerson = (id: string): string | undefined =>
  id.startsWith(personMark) ? id.slice(personMark.length) : undefined;

/** One's channels in which one may write, last visited first. Direct ones are found by the person. */
function channelsOf(state: State): Pickable[] {
  const recent = recentChannels();
  const place = (id: string) => (recent.includes(id) ? recent.indexOf(id) : recent.length);
  return Object.keys(state.channels.mine)
    .map((id) => state.channels.channels[id])
    .filter((channel) => channel !== undefined && channel.type !== 'D' && mayWrite(state, channel.id))
    .map((channel) => channel as NonNullable<typeof channel>)
    .sort((a, b) => place(a.id) - place(b.id) || channelLabel(state, a).localeCompare(channelLabel(state, b)))
    .map((channel) => {
      const team = state.teams.teams[channel.team_id]?.display_name;
      const several = Object.keys(state.teams.mine).length > 1;
      return { id: channel.id, label: channelLabel(state, channel), ...(several && team && { hint: team }) };
    });
}

/** People with whom one has written before, for when nothing is typed. */
function partnersOf(state: State): ReadonlySet<string> {
  const direct = Object.keys(state.channels.mine).map((id) => state.channels.channels[id]);
  return new Set(direct.flatMap((one) => (one?.type === 'D' ? [partnerId(one, state.users.me)] : [])));
}

const matches = (one: Pickable, words: string): boolean =>
  fold(`${one.label} ${one.hint ?? ''}`)
    .split(/[\s@#._-]+/)
    .some((word) => word.startsWith(words)) || fold(one.label).includes(words);

/** useTargets finds them as one types. */
export function useTargets(chosen: readonly Pickable[]): {
  options: Pickable[];
  loading: boolean;
  look: (query: string) => void;
} {
  const teamId = useApp((state) => state.place.teamId);
  const [finder] = useState(() => new Finder({ teamId }));
  const [query, setQuery] = useState('');
  const channels = useMemo(() => channelsOf(getState()), []);
  const partners = useMemo(() => partnersOf(getState()), []);
  const without = useMemo(() => chosen.map((one) => one.id), [chosen]);
  const people = useFound(
    finder,
    useMemo(() => without.flatMap((id) => isPerson(id) ?? []), [without]),
  );
  const options = useMemo(() => {
    const words = fold(query.trim().replace(/^[@~#]/, ''));
    const fitting = channels.filter((one) => !without.includes(one.id) && (!words || matches(one, words)));
    const persons = people.options
      .filter((one) => words || partners.has(one.id))
      .map((one) => ({ ...one, id: personMark + one.id }));
    // With an @ one looks for a person, else a channel is more likely.
    const both = query.startsWith('@') ? [...persons, ...fitting] : [...fitting, ...persons];
    return both.slice(0, shown);
  }, [query, channels, people.options, partners, without]);
  const look = (next: string) => {
    setQuery(next);
    finder.look(next);
  };
  return { options, loading: people.loading, look };
}
