/** What opens above messages, one at a time for all of them: the emoji picker, the sheet of a phone, a hint. */
import { useStore } from 'zustand';
import { createStore } from 'zustand/vanilla';
import type { Where } from './acts';

/** Which message, and where it stands: the same one may be in the centre and beside it. */
export interface Spot {
  channelId: string;
  postId: string;
  where: Where;
}

export interface Layers {
  menu?: Spot & { anchor: HTMLElement };
  picker?: Spot & { anchor: HTMLElement };
  sheet?: Spot;
  tip?: { anchor: HTMLElement; text: string };
}

/** layers holds what is open. */
export const layers = createStore<Layers>(() => ({}));

/** openMenu opens the menu of a message beside an element, instead of the tip that is due there. */
export function openMenu(spot: Spot, anchor: HTMLElement): void {
  hideTip();
  layers.setState({ menu: { ...spot, anchor } });
}
export const closeMenu = (): void => layers.setState({ menu: undefined });

const at = (open: Spot | undefined, spot: Spot): boolean => open?.postId === spot.postId && open.where === spot.where;

/** useHeld tells whether something is open for a message, so that its bar stays. */
export const useHeld = (spot: Spot): boolean =>
  useStore(layers, (open) => at(open.menu, spot) || at(open.picker, spot) || at(open.sheet, spot));

/** pickReaction opens the emoji picker beside an element. */
export const pickReaction = (spot: Spot, anchor: HTMLElement): void =>
  layers.setState({ picker: { ...spot, anchor }, tip: undefined });
export const closePicker = (): void => layers.setState({ picker: undefined });

/** openSheet shows what can be done with a message from the bottom of a small screen. */
export const openSheet = (spot: Spot): void => layers.setState({ sheet: spot, tip: undefined });
export const closeSheet = (): void => layers.setState({ sheet: undefined });

const patience = 400;
let later: ReturnType<typeof setTimeout> | undefined;

/** showTip says more about an element that somebody stays at. */
export function showTip(anchor: HTMLElement, text: () => string): void {
  clearTimeout(later);
  later = setTimeout(() => anchor.isConnected && layers.setState({ tip: { anchor, text: text() } }), patience);
}

export function hideTip(): void {
  clearTimeout(later);
  if (layers.getState().tip) layers.setState({ tip: undefined });
}
