/** A list that doesn't move under the pointer: what changed its place is put there once nobody points at it. */
import { useRef, useState } from 'react';

/** calm keeps the order of what is shown; what is new stands first, what is gone is gone. */
export function calm(shown: readonly string[], wanted: readonly string[]): readonly string[] {
  const now = new Set(wanted);
  const before = new Set(shown);
  const kept = shown.filter((id) => now.has(id));
  const last = kept.at(-1);
  const from = last === undefined ? 0 : wanted.indexOf(last);
  // What stands behind the last one is a further page; what stands before is news.
  const news = wanted.filter((id, index) => !before.has(id) && index < from);
  const further = wanted.filter((id, index) => !before.has(id) && index >= from);
  return [...news, ...kept, ...further];
}

/** useCalm holds the order of ids while the pointer is where `hold` is spread. */
export function useCalm(wanted: readonly string[]) {
  const [held, setHeld] = useState(false);
  const shown = useRef(wanted);
  const ids = held ? calm(shown.current, wanted) : wanted;
  const same = ids.length === shown.current.length && ids.every((id, index) => id === shown.current[index]);
  if (!same) shown.current = ids;
  const hold = {
    onPointerEnter: (event: { pointerType: string }) => event.pointerType !== 'touch' && setHeld(true),
    onPointerLeave: () => setHeld(false),
  };
  return { ids: shown.current, hold };
}
