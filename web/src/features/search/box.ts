/** Commands of searching that keys and buttons anywhere give: put the focus into the search box. */
import { createStore } from 'zustand/vanilla';
import { dispatch, getState } from '@/store/store';

/** Wish is a query that the search box is asked to begin with, with the focus in it. */
export type Wish = { text: string; pending: boolean; channelId?: string };

/** wishes holds the one that no box has taken yet. */
export const wishes = createStore<Wish>(() => ({ text: '', pending: false }));

/** isPhone tells whether one pane stands in front of all others. */
export const isPhone = (): boolean => window.matchMedia('(max-width: 767px)').matches;

function wish(wished: Omit<Wish, 'pending'>): void {
  const { place } = getState();
  if (isPhone() && place.pane?.kind !== 'search') {
    dispatch({ type: 'place/pane', pane: { kind: 'search', terms: '', teamId: place.teamId } });
  }
  wishes.setState({ ...wished, pending: true }, true);
}

/** focusSearch puts the caret into the search box, behind a text. On a phone the box is in the pane. */
export const focusSearch = (text = ''): void => wish({ text });

/** searchInChannel begins a query that keeps to the open channel. */
export function searchInChannel(): void {
  const { view, channelId } = getState().place;
  wish(view === 'channel' ? { text: '', channelId } : { text: '' });
}
