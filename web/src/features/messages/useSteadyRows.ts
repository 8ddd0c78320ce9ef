/**
 * Hands rows to the virtualised list one change at a time: it keeps the reader's place when rows are put in or taken
 * away at the start (`shift`), or at the end, but not both at once.
 */
import { useLayoutEffect, useReducer, useRef } from 'react';
import type { Row } from './rows';

export interface Steady {
  rows: readonly Row[];
  /** Rows were put in or taken away at the start. */
  shift: boolean;
  /** Another list altogether: nothing of the former rows is left. Counts up. */
  generation: number;
}

/** Content is what stays when lines and skeletons around it change. */
const isContent = (row: Row | undefined): boolean => row?.kind === 'post' || row?.kind === 'crowd';

/** step makes the next change on the way from the rows that are drawn to those that are wanted. */
export function step(drawn: readonly Row[], wanted: readonly Row[]): Omit<Steady, 'generation'> & { fresh: boolean } {
  if (drawn === wanted || drawn.length === 0) return { rows: wanted, shift: false, fresh: drawn.length === 0 };
  const places = new Map(wanted.map((row, i) => [row.key, i]));
  const from = drawn.findIndex((row) => isContent(row) && places.has(row.key));
  if (from < 0) return { rows: wanted, shift: false, fresh: drawn.some(isContent) };
  const to = places.get(drawn[from]?.key ?? '') ?? 0;
  if (to === from) return { rows: wanted, shift: false, fresh: false };
  const rows = [...wanted.slice(0, to), ...drawn.slice(from)];
  const last = rows.length === wanted.length && rows.every((row, i) => row.key === wanted[i]?.key);
  return { rows: last ? wanted : rows, shift: true, fresh: false };
}

/** useSteadyRows takes the wanted rows and returns those to draw now; the rest follows before anything is painted. */
export function useSteadyRows(wanted: readonly Row[]): Steady {
  const drawn = useRef<Steady>({ rows: [], shift: false, generation: 0 });
  const [, again] = useReducer((n: number) => n + 1, 0);
  const next = step(drawn.current.rows, wanted);
  const steady: Steady =
    next.rows === drawn.current.rows
      ? drawn.current
      : {
          rows: next.rows,
          shift: next.shift,
          generation: drawn.current.generation + (next.fresh ? 1 : 0),
        };
  useLayoutEffect(() => {
    drawn.current = steady;
    if (steady.rows !== wanted) again();
  });
  return steady;
}
