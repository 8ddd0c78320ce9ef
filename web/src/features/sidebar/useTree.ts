import { type KeyboardEvent, type MouseEvent, type RefObject, useEffect, useRef, useState } from 'react';
import { navigate } from 'wouter/use-browser-location';
import { attempt } from '@/ui/attempt';
import { followLink } from '@/ui/go';
import { categoryStep, channelStep, fold } from './actions';
import type { Placed, Row } from './rows';
import { headOf, typed, walked } from './walk';

/** Opened is the row whose menu is open, and where it was called for. */
export interface Opened {
  row: Row;
  anchor: HTMLElement;
  at?: { x: number; y: number };
}

export interface TreeOptions {
  places: readonly Placed[];
  scroller: RefObject<HTMLElement | null>;
  names: (row: Row) => string;
  onMenu: (opened: Opened) => void;
  onAdd: (kind: string) => void;
  /** Told, for those who don't see it, that something changed its place. */
  onMoved: (row: Row) => void;
}

/** How long typed letters belong together, in milliseconds. */
const typingPause = 700;

const elementOf = (event: KeyboardEvent | MouseEvent): HTMLElement | null =>
  event.target instanceof Element ? event.target.closest<HTMLElement>('[data-key]') : null;

function scrollTo(scroller: HTMLElement | null, { top, height }: Placed): void {
  if (!scroller) return;
  const pad = 28;
  if (top < scroller.scrollTop + pad) scroller.scrollTop = top - pad;
  else if (top + height > scroller.scrollTop + scroller.clientHeight - pad) {
    scroller.scrollTop = top + height - scroller.clientHeight + pad;
  }
}

/** move changes the place of a row by one; undefined when it can't. */
function move(row: Row, by: 1 | -1): Promise<void> | undefined {
  if (row.kind === 'section' && row.section.category) return categoryStep(row.section.id, by);
  return row.kind === 'channel' ? channelStep(row.channelId, by) : undefined;
}

/** Walk is the row that Tab goes to, and the ways to others. */
interface Walk {
  active: string;
  setActive: (key: string) => void;
  /** Goes to a row by its index. */
  goto: (index: number) => void;
  /** Keeps the focus on a row that is about to move. */
  stay: (key: string) => void;
}

function useWalk(places: readonly Placed[], scroller: RefObject<HTMLElement | null>): Walk {
  const [active, setActive] = useState('');
  const focusNext = useRef('');
  // The row may have to be drawn first.
  useEffect(() => {
    if (!focusNext.current) return;
    const row = scroller.current?.querySelector<HTMLElement>(`[data-key="${CSS.escape(focusNext.current)}"]`);
    focusNext.current = '';
    row?.focus({ preventScroll: true });
  });
  return {
    active: places.some((place) => place.row.key === active) ? active : (places[0]?.row.key ?? ''),
    setActive,
    stay(key) {
      focusNext.current = key;
    },
    goto(index) {
      const place = places[index];
      if (!place) return;
      scrollTo(scroller.current, place);
      focusNext.current = place.row.key;
      setActive(place.row.key);
    },
  };
}

/** useTyping goes to the next row whose name begins with what is typed. */
function useTyping(rows: readonly Row[], names: (row: Row) => string, goto: (index: number) => void) {
  const letters = useRef({ text: '', at: 0 });
  return (letter: string, from: number): boolean => {
    const now = Date.now();
    const known = letters.current;
    const text = now - known.at < typingPause ? known.text + letter : letter;
    letters.current = { text, at: now };
    const found = typed(rows.map(names), from, text);
    if (found !== undefined) goto(found);
    return true;
  };
}

/** toggle folds or unfolds a category; false for what can't be folded, or is so already. */
function toggle(row: Row, open?: boolean): boolean {
  const category = row.kind === 'section' ? row.section.category : undefined;
  if (!category || open === !category.collapsed) return false;
  void attempt(fold(category, open === undefined ? !category.collapsed : !open));
  return true;
}

function enter(row: Row, element: HTMLElement): boolean {
  const href = element.querySelector('a')?.getAttribute('href');
  if (href) navigate(href);
  else toggle(row);
  return true;
}

type OpenMenu = (row: Row, element: HTMLElement, at?: { x: number; y: number }) => boolean;

/** useKeys does what a key means on a row, and returns whether it meant something. */
function useKeys(options: TreeOptions, walk: Walk, openMenu: OpenMenu) {
  const rows = options.places.map((place) => place.row);
  const type = useTyping(rows, options.names, walk.goto);
  const shift = (row: Row, by: 1 | -1): boolean => {
    const done = move(row, by);
    if (done) void attempt(done).then((moved) => moved && options.onMoved(row));
    walk.stay(row.key);
    return true;
  };
  const back = (row: Row, index: number): boolean => {
    const head = headOf(rows, index);
    if (head !== undefined) walk.goto(head);
    else toggle(row, false);
    return true;
  };
  return (event: KeyboardEvent, index: number, element: HTMLElement): boolean => {
    const row = rows[index];
    const { key } = event;
    const mod = event.ctrlKey || event.metaKey;
    if (!row) return false;
    if (mod && event.shiftKey && key === 'ArrowUp') return shift(row, -1);
    if (mod && event.shiftKey && key === 'ArrowDown') return shift(row, 1);
    if (mod || event.altKey) return false;
    if (key === 'ContextMenu' || (key === 'F10' && event.shiftKey)) return openMenu(row, element);
    if (key === 'Enter' || key === ' ') return enter(row, element);
    if (key === 'ArrowRight') return row.kind === 'channel' ? openMenu(row, element) : toggle(row, true);
    if (key === 'ArrowLeft') return back(row, index);
    const to = walked(rows, index, key);
    if (to === undefined) return key.length === 1 && type(key, index);
    walk.goto(to);
    return true;
  };
}

/** useTree walks the sidebar by key and does what is pressed. */
export function useTree(options: TreeOptions) {
  const { places, scroller } = options;
  const walk = useWalk(places, scroller);
  const rowOf = (element: HTMLElement | null) => places.find(({ row }) => row.key === element?.dataset.key);
  const openMenu: OpenMenu = (row, element, at) => {
    if (row.kind !== 'channel' && !(row.kind === 'section' && row.section.category)) return false;
    const button = element.querySelector<HTMLElement>('[data-menu]');
    options.onMenu({ row, anchor: at || !button?.offsetParent ? element : button, ...(at && { at }) });
    return true;
  };
  const act = useKeys(options, walk, openMenu);
  return {
    /** The row that Tab goes to. */
    active: walk.active,
    openMenu,
    handlers: {
      onKeyDown(event: KeyboardEvent) {
        const element = elementOf(event);
        const place = rowOf(element);
        // Buttons inside a row act for themselves.
        if (!element || !place || event.target !== element || !act(event, place.index, element)) return;
        event.preventDefault();
        event.stopPropagation();
      },
      onClick(event: MouseEvent<HTMLElement>) {
        const element = elementOf(event);
        const row = rowOf(element)?.row;
        if (!element || !row) return;
        walk.setActive(row.key);
        const button = event.target instanceof Element ? event.target.closest<HTMLElement>('button') : null;
        if (button?.dataset.add) options.onAdd(button.dataset.add);
        else if (button) openMenu(row, element);
        else if (row.kind === 'section') toggle(row);
        else followLink(event);
      },
      onContextMenu(event: MouseEvent) {
        const element = elementOf(event);
        const row = rowOf(element)?.row;
        if (!element || !row || event.shiftKey) return;
        if (openMenu(row, element, { x: event.clientX, y: event.clientY })) event.preventDefault();
      },
    },
  };
}
