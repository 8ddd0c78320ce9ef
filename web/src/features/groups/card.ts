/** The card of a group: one at a time in the whole page, beside the mention that was pressed. */
import { useStore } from 'zustand';
import { createStore } from 'zustand/vanilla';

/** OpenGroupCard is the card that is open. */
export type OpenGroupCard = { groupId: string; anchor: HTMLElement };

const card = createStore<{ open?: OpenGroupCard }>(() => ({}));

/** useGroupCard is the open card. */
export const useGroupCard = (): OpenGroupCard | undefined => useStore(card, (state) => state.open);

/** openGroupCard shows the card of a group beside an element. Pressed again, the card closes. */
export function openGroupCard(groupId: string, anchor: HTMLElement): void {
  if (card.getState().open?.anchor === anchor) closeGroupCard();
  else card.setState({ open: { groupId, anchor } });
}

/** closeGroupCard closes the card. */
export const closeGroupCard = (): void => card.setState({}, true);
