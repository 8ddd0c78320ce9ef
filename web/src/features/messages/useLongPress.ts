/** A long press on a touch screen opens what can be done with a message. */
import { type PointerEvent, useMemo } from 'react';
import { openSheet, type Spot } from './layers';

const patience = 450;
/** A finger is never quite still. */
const slack = 10;

/** useLongPress returns the handlers of a row. */
export function useLongPress({ channelId, postId, where }: Spot) {
  return useMemo(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    let from = { x: 0, y: 0 };
    let opened = false;
    const stop = () => clearTimeout(timer);
    return {
      onPointerDown(event: PointerEvent<HTMLElement>) {
        opened = false;
        if (event.pointerType !== 'touch') return;
        from = { x: event.clientX, y: event.clientY };
        const row = event.currentTarget;
        stop();
        timer = setTimeout(() => {
          if (!row.isConnected || row.dataset.pending || row.dataset.editing) return;
          opened = true;
          window.getSelection()?.removeAllRanges();
          navigator.vibrate?.(10);
          openSheet({ channelId, postId, where });
        }, patience);
      },
      onPointerMove(event: PointerEvent<HTMLElement>) {
        if (Math.hypot(event.clientX - from.x, event.clientY - from.y) > slack) stop();
      },
      onPointerUp: stop,
      onPointerCancel: stop,
      // The press that opened the sheet is no click, and no call for the browser's own menu.
      onClickCapture(event: { preventDefault(): void; stopPropagation(): void }) {
        if (!opened) return;
        opened = false;
        event.preventDefault();
        event.stopPropagation();
      },
      onContextMenu(event: { preventDefault(): void }) {
        if (opened) event.preventDefault();
      },
    };
  }, [channelId, postId, where]);
}
