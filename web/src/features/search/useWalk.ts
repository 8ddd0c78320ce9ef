/** Walking a virtual list of messages by the arrow keys. */
import { type FocusEvent, type KeyboardEvent, type RefObject, useState } from 'react';
import type { VListHandle } from 'virtua';

const steps: Record<string, number> = { ArrowDown: 1, ArrowUp: -1, j: 1, k: -1, J: 1, K: -1 };

/**
 * useWalk says which row can be reached by Tab, and moves the focus to others by the arrow keys, J and K, Home and
 * End. `ids` are the rows in order; each is an element with `data-message` of its id, or holds one.
 */
export function useWalk(ids: readonly string[], list: RefObject<VListHandle | null>, attribute = 'data-message') {
  const [wanted, setWanted] = useState<string>();
  const current = wanted !== undefined && ids.includes(wanted) ? wanted : ids[0];
  const focus = (box: Element, index: number) => {
    const id = ids[index];
    if (id === undefined) return;
    list.current?.scrollToIndex(index, { align: 'nearest' });
    setWanted(id);
    // The row may come into the page only after the list has been scrolled.
    const look = (tries: number) => {
      const row = box.querySelector<HTMLElement>(`[${attribute}="${CSS.escape(id)}"]`);
      if (row) row.focus({ preventScroll: true });
      else if (tries > 0) requestAnimationFrame(() => look(tries - 1));
    };
    look(10);
  };
  const onKeyDown = (event: KeyboardEvent<HTMLElement>) => {
    const { target, currentTarget, key } = event;
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
    const id = target instanceof HTMLElement ? target.getAttribute(attribute) : undefined;
    const at = id ? ids.indexOf(id) : -1;
    if (at < 0) return;
    const to = key === 'Home' ? 0 : key === 'End' ? ids.length - 1 : at + (steps[key] ?? 0);
    if (to === at || ids[to] === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    focus(currentTarget, to);
  };
  const onFocus = (event: FocusEvent<HTMLElement>) => {
    const id = event.target.getAttribute(attribute);
    if (id && id !== wanted) setWanted(id);
  };
  return { current, onKeyDown, onFocus };
}
