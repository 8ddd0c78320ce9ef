import { type KeyboardEvent, type PointerEvent, useRef } from 'react';
import { cx } from './cx';
import styles from './Resizer.module.css';

export interface ResizerProps {
  label: string;
  /** Pixels: the width of what is resized. */
  value: number;
  min: number;
  max: number;
  onChange: (value: number) => void;
  /** The edge of the pane that the line stands at: a sidebar at the left has it at its `right`. */
  side: 'left' | 'right' | 'start' | 'end';
  /** What a double click and Enter go back to. */
  normal?: number;
}

const step = 16;

/** Resizer is the line at the edge of a pane: dragged, or moved by arrow keys, Home and End. */
export function Resizer({ label, value, min, max, onChange, side, normal }: ResizerProps) {
  const from = useRef<{ x: number; value: number } | null>(null);
  const set = (next: number) => {
    const fit = Math.round(Math.min(max, Math.max(min, next)));
    if (fit !== value) onChange(fit);
  };
  const atRight = side === 'right' || side === 'end';
  const grow = atRight ? 1 : -1;

  const down = (event: PointerEvent<HTMLDivElement>) => {
    if (event.button !== 0) return;
    event.preventDefault();
    event.currentTarget.setPointerCapture(event.pointerId);
    event.currentTarget.focus();
    from.current = { x: event.clientX, value };
  };
  const move = (event: PointerEvent<HTMLDivElement>) => {
    if (from.current) set(from.current.value + (event.clientX - from.current.x) * grow);
  };
  const up = () => {
    from.current = null;
  };
  const key = (event: KeyboardEvent) => {
    const size = event.shiftKey ? step * 4 : step;
    const moves: Record<string, number> = {
      ArrowRight: value + size * grow,
      ArrowLeft: value - size * grow,
      Home: min,
      End: max,
      ...(normal === undefined ? {} : { Enter: normal }),
    };
    const next = moves[event.key];
    if (next === undefined) return;
    event.preventDefault();
    set(next);
  };

  return (
    // biome-ignore lint/a11y/useSemanticElements: a separator that moves is no <hr>
    <div
      role="separator"
      tabIndex={0}
      aria-orientation="vertical"
      aria-label={label}
      aria-valuenow={value}
      aria-valuemin={min}
      aria-valuemax={max}
      className={cx(styles.line, atRight ? styles.right : styles.left)}
      onPointerDown={down}
      onPointerMove={move}
      onPointerUp={up}
      onPointerCancel={up}
      onKeyDown={key}
      onDoubleClick={() => normal !== undefined && set(normal)}
    />
  );
}
