/** The message boxes on the screen, for what brings one to them: shortcuts, a quote, typing without a place. */
import type { Change, Selected } from './editing';

/** MessageBoxHandle moves in a message box. */
export interface MessageBoxHandle {
  focus(): void;
  /** edit changes the text as if it were typed. */
  edit(make: (selected: Selected) => Change): void;
  field(): HTMLTextAreaElement | null;
}

export type Where = 'centre' | 'pane';

const boxes = new Map<Where, MessageBoxHandle>();

/** The place whose box was asked for before it was there, and until when that counts. */
let awaited: { where: Where; until: number } | undefined;
const patience = 3_000;

/** registerBox makes a box the one of its place. It returns how to undo that. */
export function registerBox(where: Where, box: MessageBoxHandle): () => void {
  boxes.set(where, box);
  if (awaited?.where === where && Date.now() < awaited.until) {
    awaited = undefined;
    box.focus();
  }
  return () => {
    if (boxes.get(where) === box) boxes.delete(where);
  };
}

/** focusComposer goes to the message box of a place; false when there is none. */
export function focusComposer(where: Where = 'centre'): boolean {
  const box = boxes.get(where);
  box?.focus();
  return box !== undefined;
}

/** awaitComposer goes to the message box of a place that is about to open, or to the one that is there already. */
export function awaitComposer(where: Where): void {
  awaited = { where, until: Date.now() + patience };
  requestAnimationFrame(() => {
    if (awaited?.where === where && focusComposer(where)) awaited = undefined;
  });
}

/** writeInComposer adds words at the caret of a message box; false when there is none. */
export function writeInComposer(where: Where, words: string): boolean {
  const box = boxes.get(where);
  box?.edit(({ start, end }) => {
    const caret = start + words.length;
    return { start, end, insert: words, selectStart: caret, selectEnd: caret };
  });
  return box !== undefined;
}

const writable = 'input, textarea, select, [contenteditable=""], [contenteditable="true"]';

/** mayTakeFocus tells whether a box that appears may go in front of what somebody is doing. */
export function mayTakeFocus(): boolean {
  if (window.matchMedia?.('(pointer: coarse)').matches) return false;
  const active = document.activeElement;
  return !active?.closest(`${writable}, [role="dialog"], [role="alertdialog"], [role="menu"]`);
}

/** watchStrayKeys brings what is typed with the focus nowhere to the box of the centre. It returns how to stop. */
export function watchStrayKeys(): () => void {
  const typed = (event: KeyboardEvent) => {
    if (event.defaultPrevented || event.key.length !== 1 || event.key === ' ') return;
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (document.activeElement && document.activeElement !== document.body) return;
    if (document.querySelector('[role="dialog"], [role="alertdialog"]')) return;
    // The key itself is typed into what has the focus when it comes up.
    focusComposer('centre');
  };
  document.addEventListener('keydown', typed);
  return () => document.removeEventListener('keydown', typed);
}
