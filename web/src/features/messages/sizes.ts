/** The heights of a channel's rows outlive its list: who comes back needn't wait until they are measured again. */
import { useLayoutEffect, useRef, useState } from 'react';
import type { CacheSnapshot } from 'virtua';
import type { Row } from './rows';
import type { Scroller } from './Scroller';

type Sizes = { keys: readonly string[]; snapshot: CacheSnapshot };

const kept = new Map<string, Sizes>();
// As many as there are channels of which everything that was loaded is kept, see `app/open.ts`.
const keptMost = 12;

function keep(channelId: string, sizes: Sizes): void {
  kept.delete(channelId);
  kept.set(channelId, sizes);
  const [oldest] = kept.keys();
  if (kept.size > keptMost && oldest !== undefined) kept.delete(oldest);
}

/** What is known of rows that begin like those that were measured; more may have come behind them. */
function knownOf(channelId: string, rows: readonly Row[]): CacheSnapshot | undefined {
  const known = kept.get(channelId);
  return known?.keys.every((key, i) => rows[i]?.key === key) ? known.snapshot : undefined;
}

/** useSizes returns what a former list of the channel measured, if it fits the rows, and keeps what this one does. */
export function useSizes(channelId: string, scroller: Scroller, rows: readonly Row[]): CacheSnapshot | undefined {
  const [known] = useState(() => knownOf(channelId, rows));
  const latest = useRef(rows);
  latest.current = rows;
  useLayoutEffect(
    () => () => {
      const snapshot = scroller.handle?.cache;
      if (snapshot) keep(channelId, { keys: latest.current.map((row) => row.key), snapshot });
    },
    [channelId, scroller],
  );
  return known;
}
