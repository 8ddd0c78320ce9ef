/** New messages, told to screen readers without a flood: one by its words, several as a number. */
import { createStore } from 'zustand/vanilla';

/** Told is what the live region says: a message, or how many there are. */
export type Told = { at: number; message?: { name: string; words: string }; count: number };

export const told = createStore<Told>(() => ({ at: 0, count: 0 }));

/** How long messages are gathered before they are told. */
const patience = 1200;

let gathered: { name: string; words: string }[] = [];
let waiting = false;

function tell(): void {
  waiting = false;
  const [only] = gathered;
  told.setState({ at: Date.now(), count: gathered.length, message: gathered.length === 1 ? only : undefined });
  gathered = [];
}

/** announce tells of a new message, a little later and together with those that follow it closely. */
export function announce(name: string, words: string): void {
  gathered.push({ name, words });
  if (waiting) return;
  waiting = true;
  setTimeout(tell, patience);
}
