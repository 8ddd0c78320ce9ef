import { type PointerEvent, useRef } from 'react';
import type { Row } from './rows';

/** How long a finger rests until it means the menu, in milliseconds. */
const long = 480;
/** How far it may tremble meanwhile, in pixels. */
const still = 8;

type OpenMenu = (row: Row, element: HTMLElement, at?: { x: number; y: number }) => boolean;
type Handlers = Pick<
  React.DOMAttributes<HTMLElement>,
  'onPointerDown' | 'onPointerMove' | 'onPointerUp' | 'onPointerCancel' | 'onTouchEnd' | 'onClickCapture'
>;

/** useLongPress opens the menu of a row under a resting finger. The press that follows opens nothing. */
export function useLongPress(openMenu: OpenMenu, rows: readonly Row[]): Handlers {
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const from = useRef({ x: 0, y: 0 });
  const opened = useRef(false);
  const stop = () => clearTimeout(timer.current);
  return {
    onPointerDown(event: PointerEvent<HTMLElement>) {
      opened.current = false;
      if (event.pointerType === 'mouse') return;
      const element = event.target instanceof Element ? event.target.closest<HTMLElement>('[data-key]') : null;
      const row = rows.find((one) => one.key === element?.dataset.key);
      if (!element || !row) return;
      from.current = { x: event.clientX, y: event.clientY };
      timer.current = setTimeout(() => {
        opened.current = openMenu(row, element, from.current);
      }, long);
    },
    onPointerMove(event) {
      if (Math.hypot(event.clientX - from.current.x, event.clientY - from.current.y) > still) stop();
    },
    onPointerUp: stop,
    onPointerCancel: stop,
    // The mouse events that browsers make of a touch would close the menu again.
    onTouchEnd(event) {
      if (opened.current) event.preventDefault();
    },
    onClickCapture(event) {
      if (!opened.current) return;
      opened.current = false;
      event.preventDefault();
      event.stopPropagation();
    },
  };
}
