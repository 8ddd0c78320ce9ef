/** Swipes between the panes of a phone: to the right goes back, to the left into the channel again. */
import { bringForward, closePane } from '@/store/commands';
import type { PlaceState } from '@/store/place';
import { getState } from '@/store/store';

/** A swipe is at least this long, in pixels, and takes at most this time, in milliseconds. */
const longEnough = 64;
const shortEnough = 800;

type Front = PlaceState['front'];

/** swipeEnds tells where a movement leads; undefined when it is none. */
export function swipeEnds(front: Front, across: number, down: number, time: number): Front | undefined {
  if (time > shortEnough || Math.abs(across) < longEnough || Math.abs(down) > Math.abs(across) / 2) return undefined;
  if (across > 0) return front === 'pane' ? 'centre' : front === 'centre' ? 'sidebar' : undefined;
  return front === 'sidebar' ? 'centre' : undefined;
}

/** What scrolls sideways, and what is written or dragged in, keeps the finger to itself. */
function keepsFinger(target: EventTarget | null): boolean {
  let element = target instanceof Element ? target : null;
  if (element?.closest('input, textarea, select, [contenteditable], [role="slider"], [role="dialog"], [role="menu"]')) {
    return true;
  }
  for (; element; element = element.parentElement) {
    const overflow = getComputedStyle(element).overflowX;
    if (element.scrollWidth > element.clientWidth + 1 && (overflow === 'auto' || overflow === 'scroll')) return true;
  }
  return false;
}

/**
 * watchSwipes follows swipes from now on, where one pane is shown at a time. It returns how to stop. Touches, not
 * pointers: a pointer is taken away as soon as the browser thinks of scrolling.
 */
export function watchSwipes(): () => void {
  const narrow = window.matchMedia('(max-width: 767px)');
  let from: { x: number; y: number; at: number } | undefined;
  const start = (event: TouchEvent) => {
    const [touch] = event.touches;
    const one = touch && event.touches.length === 1 && narrow.matches && !keepsFinger(event.target);
    from = one ? { x: touch.clientX, y: touch.clientY, at: event.timeStamp } : undefined;
  };
  const end = (event: TouchEvent) => {
    const [touch] = event.changedTouches;
    if (!from || !touch) return;
    const { x, y, at } = from;
    from = undefined;
    const { place } = getState();
    const to = swipeEnds(place.front, touch.clientX - x, touch.clientY - y, event.timeStamp - at);
    if (!to || (place.front === 'sidebar' && place.view === 'none')) return;
    if (place.front === 'pane') closePane();
    else bringForward(to);
  };
  const lost = () => {
    from = undefined;
  };
  const passive = { passive: true };
  window.addEventListener('touchstart', start, passive);
  window.addEventListener('touchend', end, passive);
  window.addEventListener('touchcancel', lost, passive);
  return () => {
    window.removeEventListener('touchstart', start);
    window.removeEventListener('touchend', end);
    window.removeEventListener('touchcancel', lost);
  };
}
