/** Walking the messages by key: one of them can be reached by Tab, the arrows or J and K go on from there. */
import { type FocusEvent, type KeyboardEvent, useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { focusIdOf, type Row } from './rows';
import type { Scroller } from './Scroller';
import { goToBox } from './slots';

const steps: Record<string, number> = { ArrowUp: -1, ArrowDown: 1, k: -1, j: 1, K: -1, J: 1 };

/** The row of the message that a key was pressed on; nothing when it was pressed on something inside. */
const rowOf = (target: EventTarget | null): HTMLElement | undefined =>
  target instanceof HTMLElement && target.dataset.message !== undefined ? target : undefined;

const keyOfRow = (element: HTMLElement): string | undefined => element.closest<HTMLElement>('[data-row]')?.dataset.row;

function lastKey(rows: readonly Row[]): string | undefined {
  for (let i = rows.length - 1; i >= 0; i--) if (focusIdOf(rows[i]) !== undefined) return rows[i]?.key;
  return undefined;
}

/** A row that has just come into the page can take the focus once it has been measured. */
function focusSoon(scroller: Scroller, key: string, tries = 12): void {
  const row = scroller.element?.querySelector<HTMLElement>(`[data-row="${CSS.escape(key)}"] [data-message]`);
  row?.focus({ preventScroll: true });
  if (document.activeElement === row && row) return;
  if (tries > 0) requestAnimationFrame(() => focusSoon(scroller, key, tries - 1));
}

export interface Roving {
  /** The key of the row that Tab reaches. */
  current: string | undefined;
  /** Its place, so that it stays in the page while it has the focus; -1 for none. */
  index: number;
  onKeyDown: (event: KeyboardEvent) => void;
  onFocus: (event: FocusEvent) => void;
  /** walkTo gives a message the focus. */
  walkTo: (postId: string) => void;
}

/** The message box below the list. */
type Box = Parameters<typeof goToBox>[0];

/** useRoving walks the rows of a list; below its end is the message box of a place. */
export function useRoving(scroller: Scroller, rows: readonly Row[], where: Box = 'centre'): Roving {
  const [walked, setWalked] = useState<string>();
  const latest = useRef(rows);
  latest.current = rows;
  const index = useMemo(() => (walked ? rows.findIndex((row) => row.key === walked) : -1), [rows, walked]);

  const go = useCallback(
    (at: number) => {
      const row = latest.current[at];
      if (!row) return;
      setWalked(row.key);
      scroller.goTo(at, 'nearest');
      requestAnimationFrame(() => focusSoon(scroller, row.key));
    },
    [scroller],
  );

  const onKeyDown = useCallback(
    (event: KeyboardEvent) => {
      if (event.defaultPrevented) return;
      const row = rowOf(event.target);
      if (event.key === 'Escape') leave(event, row !== undefined, where);
      if (!row || event.ctrlKey || event.metaKey || event.altKey) return;
      const all = latest.current;
      const from = all.findIndex((one) => one.key === keyOfRow(row));
      const at = target(event.key, from, all);
      if (at === undefined) return;
      event.preventDefault();
      if (at >= 0) go(at);
      // Below the newest message is the box in which one answers.
      else if (event.key === 'ArrowDown') goToBox(where);
    },
    [go, where],
  );

  // When the message that had the focus is taken away, the one in its place has it.
  const last = useRef(-1);
  useEffect(() => {
    if (index >= 0) last.current = index;
    else if (walked && last.current >= 0 && rows.length > 0) {
      const at = nearest(rows, last.current);
      last.current = -1;
      setWalked(at >= 0 ? rows[at]?.key : undefined);
      if (at >= 0) focusLost(scroller, rows[at]?.key ?? '');
    }
  }, [index, walked, rows, scroller]);

  const onFocus = useCallback((event: FocusEvent) => {
    const key = event.target instanceof HTMLElement ? keyOfRow(event.target) : undefined;
    if (key && event.target.closest('[data-message]')) setWalked(key);
  }, []);

  const walkTo = useCallback(
    (postId: string) => {
      const row = latest.current.find((one) =>
        one.kind === 'post' ? one.id === postId : one.kind === 'crowd' && one.ids.includes(postId),
      );
      if (!row) return;
      setWalked(row.key);
      requestAnimationFrame(() => focusSoon(scroller, row.key, 40));
    },
    [scroller],
  );

  const current = index >= 0 ? walked : lastKey(rows);
  return { current, index, onKeyDown, onFocus, walkTo };
}

/** The message at a place, or the nearest above or below it. */
function nearest(rows: readonly Row[], at: number): number {
  const start = Math.min(at, rows.length - 1);
  for (let i = start; i < rows.length; i++) if (focusIdOf(rows[i]) !== undefined) return i;
  for (let i = start; i >= 0; i--) if (focusIdOf(rows[i]) !== undefined) return i;
  return -1;
}

/** The focus is nowhere, once the dialog that took the message away has closed. */
function focusLost(scroller: Scroller, key: string, tries = 30): void {
  if (document.querySelector('[role="dialog"]')) {
    if (tries > 0) setTimeout(() => focusLost(scroller, key, tries - 1), 50);
    return;
  }
  if (!document.activeElement || document.activeElement === document.body) focusSoon(scroller, key);
}

/** From what is inside a message to the message, from there to the box in which one writes. */
function leave(event: KeyboardEvent, onRow: boolean, where: Box): void {
  const inside = event.target instanceof Element ? event.target.closest<HTMLElement>('[data-message]') : null;
  if (!inside) return;
  event.preventDefault();
  event.stopPropagation();
  if (onRow) goToBox(where);
  else inside.focus({ preventScroll: true });
}

/** Where a key leads: -1 when there is nothing further that way, undefined for other keys. */
function target(key: string, from: number, rows: readonly Row[]): number | undefined {
  if (key === 'Home') return rows.findIndex((row) => focusIdOf(row) !== undefined);
  if (key === 'End') return rows.findLastIndex((row) => focusIdOf(row) !== undefined);
  const step = steps[key];
  if (step === undefined) return undefined;
  for (let i = from + step; i >= 0 && i < rows.length; i += step) if (focusIdOf(rows[i]) !== undefined) return i;
  return -1;
}
