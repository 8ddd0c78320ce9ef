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

/** useTree walks the sidebar by key and does what is pressed. */
export function useTree(options: TreeOptions) {
  const { places, scroller } = options;
  const [active, setActive] = useState('');
  const focusNext = useRef('');
  const letters = useRef({ text: '', at: 0 });
  const rows = places.map((place) => place.row);

  // The row may have to be drawn first.
  useEffect(() => {
    if (!focusNext.current) return;
    const row = scroller.current?.querySelector<HTMLElement>(`[data-key="${CSS.escape(focusNext.current)}"]`);
    focusNext.current = '';
    row?.focus({ preventScroll: true });
  });

  const goto = (index: number) => {
    const place = places[index];
    if (!place) return;
    scrollTo(scroller.current, place);
    focusNext.current = place.row.key;
    setActive(place.row.key);
  };

  const toggle = (row: Row, open?: boolean) => {
    const category = row.kind === 'section' ? row.section.category : undefined;
    if (!category || open === !category.collapsed) return false;
    void attempt(fold(category, open === undefined ? !category.collapsed : !open));
    return true;
  };

  const openMenu = (row: Row, element: HTMLElement, at?: { x: number; y: number }) => {
    if (row.kind !== 'channel' && !(row.kind === 'section' && row.section.category)) return false;
    const button = element.querySelector<HTMLElement>('[data-menu]');
    options.onMenu({ row, anchor: at || !button?.offsetParent ? element : button, ...(at && { at }) });
    return true;
  };

  const act = (event: KeyboardEvent, index: number, element: HTMLElement): boolean => {
    const row = rows[index];
    if (!row) return false;
    const { key } = event;
    if ((event.ctrlKey || event.metaKey) && event.shiftKey && (key === 'ArrowUp' || key === 'ArrowDown')) {
      const done = move(row, key === 'ArrowUp' ? -1 : 1);
      if (done) void attempt(done).then((moved) => moved && options.onMoved(row));
      focusNext.current = row.key;
      return true;
    }
    if (event.ctrlKey || event.metaKey || event.altKey) return false;
    if (key === 'ContextMenu' || (key === 'F10' && event.shiftKey)) return openMenu(row, element);
    if (key === 'Enter' || key === ' ') {
      const href = element.querySelector('a')?.getAttribute('href');
      if (href) navigate(href);
      else toggle(row);
      return true;
    }
    if (key === 'ArrowRight') return row.kind === 'channel' ? openMenu(row, element) : toggle(row, true);
    if (key === 'ArrowLeft') {
      const head = headOf(rows, index);
      if (head !== undefined) goto(head);
      else toggle(row, false);
      return true;
    }
    const to = walked(rows, index, key);
    if (to !== undefined) {
      goto(to);
      return true;
    }
    return key.length === 1 && type(key, index);
  };

  const type = (letter: string, from: number): boolean => {
    const now = Date.now();
    const known = letters.current;
    const text = now - known.at < typingPause ? known.text + letter : letter;
    letters.current = { text, at: now };
    const found = typed(rows.map(options.names), from, text);
    if (found !== undefined) goto(found);
    return true;
  };

  return {
    /** The row that Tab goes to. */
    active: places.some((place) => place.row.key === active) ? active : (places[0]?.row.key ?? ''),
    setActive,
    openMenu,
    goto,
    handlers: {
      onKeyDown(event: KeyboardEvent) {
        const element = elementOf(event);
        const index = rows.findIndex((row) => row.key === element?.dataset.key);
        // Buttons inside a row act for themselves.
        if (!element || index < 0 || event.target !== element) return;
        if (act(event, index, element)) {
          event.preventDefault();
          event.stopPropagation();
        }
      },
      onClick(event: MouseEvent<HTMLElement>) {
        const element = elementOf(event);
        const row = rows.find((one) => one.key === element?.dataset.key);
        if (!element || !row) return;
        setActive(row.key);
        const button = event.target instanceof Element ? event.target.closest<HTMLElement>('button') : null;
        if (button?.dataset.add) options.onAdd(button.dataset.add);
        else if (button) openMenu(row, element);
        else if (row.kind === 'section') toggle(row);
        else followLink(event);
      },
      onContextMenu(event: MouseEvent) {
        const element = elementOf(event);
        const row = rows.find((one) => one.key === element?.dataset.key);
        if (!element || !row || event.shiftKey) return;
        if (openMenu(row, element, { x: event.clientX, y: event.clientY })) event.preventDefault();
      },
    },
  };
}
