/** Commands of searching: begin to type a query, and look for one. */
import { createStore } from 'zustand/vanilla';
import { dispatch, getState } from '@/store/store';
import { channelValue } from './complete';
import { isEmptyQuery, withFilter } from './query';
import { rememberSearch } from './recent';
import { awaitResults } from './results';

/** Wish is a query that the search box is asked to show, with the focus in it. */
export type Wish = { text: string; pending: boolean };

/** wishes holds the one that no box has taken yet. */
export const wishes = createStore<Wish>(() => ({ text: '', pending: false }));

/** isPhone tells whether one pane stands in front of all others. */
export const isPhone = (): boolean => window.matchMedia('(max-width: 767px)').matches;

/** focusSearch puts the caret into the search box, behind a text. On a phone the box is in the pane. */
export function focusSearch(text = ''): void {
  const { place } = getState();
  if (isPhone() && place.pane?.kind !== 'search') {
    dispatch({ type: 'place/pane', pane: { kind: 'search', terms: '', teamId: place.teamId } });
  }
  wishes.setState({ text, pending: true });
}

/** searchInChannel begins a query that keeps to the open channel. */
export function searchInChannel(): void {
  const state = getState();
  const channel = state.place.view === 'channel' ? state.channels.channels[state.place.channelId] : undefined;
  focusSearch(channel ? withFilter('', 'in', channelValue(state, channel)) : '');
}

/** The team that is searched: this one, unless all were chosen for the search before. */
function searchedTeam(): string {
  const { pane, teamId } = getState().place;
  return pane?.kind === 'search' && pane.teamId === '' ? '' : teamId;
}

/** search shows what is found for a query; a query that asks for nothing shows nothing. */
export function search(text: string, teamId = searchedTeam()): void {
  const terms = text.trim();
  if (isEmptyQuery(terms)) return;
  rememberSearch(terms);
  awaitResults();
  dispatch({ type: 'place/pane', pane: { kind: 'search', terms, teamId } });
}
