import { type RefObject, type TouchEvent, useRef } from 'react';

/** A swipe is at least this long, in pixels, and takes at most this time, in milliseconds. */
const longEnough = 48;
const shortEnough = 800;

/** swipedBy tells which way a movement leads: 1 to the next, -1 to the one before; undefined when it is none. */
export function swipedBy(across: number, down: number, time: number): 1 | -1 | undefined {
  if (time > shortEnough || Math.abs(across) < longEnough || Math.abs(down) > Math.abs(across) / 2) return undefined;
  return across < 0 ? 1 : -1;
}

/** useSwipe goes on by swipes of one finger. What scrolls sideways, and players, keep the finger to themselves. */
export function useSwipe(frame: RefObject<HTMLElement | null>, go: ((by: number) => void) | undefined) {
  const from = useRef<{ x: number; y: number; at: number }>(undefined);
  const keeps = (target: EventTarget) => {
    for (
      let element = target as HTMLElement | null;
      element && element !== frame.current;
      element = element.parentElement
    ) {
      if (/^(?:VIDEO|AUDIO|IFRAME)$/.test(element.tagName)) return true;
      const { overflowX } = getComputedStyle(element);
      if (element.scrollWidth > element.clientWidth + 1 && /auto|scroll/.test(overflowX)) return true;
    }
    return false;
  };
  return {
    onTouchStart(event: TouchEvent) {
      const touch = event.touches[0];
      const one = touch && event.touches.length === 1 && go && !keeps(event.target);
      from.current = one ? { x: touch.clientX, y: touch.clientY, at: event.timeStamp } : undefined;
    },
    onTouchEnd(event: TouchEvent) {
      const touch = event.changedTouches[0];
      const start = from.current;
      from.current = undefined;
      if (!start || !touch) return;
      const by = swipedBy(touch.clientX - start.x, touch.clientY - start.y, event.timeStamp - start.at);
      if (by) go?.(by);
    },
    onTouchCancel() {
      from.current = undefined;
    },
  };
}
