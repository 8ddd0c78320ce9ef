/** Zooming into a picture: steps, and the way about in what is larger than the screen. */
import { type RefObject, useCallback, useLayoutEffect, useMemo, useRef, useState } from 'react';

/** Zoom is how large a picture is drawn: 1 fits the screen. */
export interface Zoom {
  scale: number;
  larger: () => void;
  smaller: () => void;
  reset: () => void;
  /** Between fitting and large. */
  toggle: () => void;
  /** Goes a step through what doesn't fit. */
  pan: (across: number, down: number) => void;
  /** What scrolls. */
  box: RefObject<HTMLDivElement | null>;
}

const steps = [1, 1.5, 2, 3, 4, 6, 8];
/** A step through a large picture, as a part of what can be seen. */
const panStep = 0.2;

/** stepped is the next larger (1) or smaller (-1) scale. */
export function stepped(scale: number, by: 1 | -1): number {
  const found = by > 0 ? steps.find((step) => step > scale + 0.01) : steps.findLast((step) => step < scale - 0.01);
  return found ?? scale;
}

/** useZoom is the zoom of one picture; another one begins anew. */
export function useZoom(fileId: string): Zoom {
  const [{ id, scale: wanted }, setZoom] = useState({ id: fileId, scale: 1 });
  const scale = id === fileId ? wanted : 1;
  const box = useRef<HTMLDivElement>(null);
  const seen = useCentre(box, scale);
  const set = useCallback(
    (next: number) => {
      seen();
      setZoom({ id: fileId, scale: next });
    },
    [fileId, seen],
  );
  return useMemo(
    () => ({
      scale,
      larger: () => set(stepped(scale, 1)),
      smaller: () => set(stepped(scale, -1)),
      reset: () => set(1),
      toggle: () => set(scale > 1 ? 1 : 2),
      pan: (across, down) => {
        const view = box.current;
        view?.scrollBy({ left: across * view.clientWidth * panStep, top: down * view.clientHeight * panStep });
      },
      box,
    }),
    [scale, set],
  );
}

/**
 * What was in the middle stays there. It returns how to note where that is, before the scale changes: a picture that
 * has become smaller is scrolled by the browser itself.
 */
function useCentre(box: RefObject<HTMLDivElement | null>, scale: number): () => void {
  const before = useRef({ scale, left: 0, top: 0 });
  const note = useCallback(() => {
    const view = box.current;
    if (view) before.current = { ...before.current, left: view.scrollLeft, top: view.scrollTop };
  }, [box]);
  useLayoutEffect(() => {
    const view = box.current;
    const { scale: old, left, top } = before.current;
    const grown = scale / old;
    before.current = { ...before.current, scale };
    if (!view || grown === 1) return;
    const middle = (from: number, size: number) => (from + size / 2) * grown - size / 2;
    view.scrollTo(middle(left, view.clientWidth), middle(top, view.clientHeight));
  }, [box, scale]);
  return note;
}
