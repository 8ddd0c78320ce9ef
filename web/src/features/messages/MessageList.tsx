import { useCallback, useEffect, useLayoutEffect, useMemo, useRef, useState } from 'react';
import { Virtualizer, type VirtualizerHandle } from 'virtua';
import { useText } from '@/i18n/text';
import { channelLabel } from '@/store/selectors';
import { getState, useApp } from '@/store/store';
import { cx } from '@/ui/cx';
import { ErrorState } from '@/ui/ErrorState';
import { firstScreenStands } from '@/ui/quiet';
import { SkeletonRow } from '@/ui/Skeleton';
import { DayChip } from './DayChip';
import { ListItem, ListLabel, OrderedList } from './ListItem';
import { ListRow } from './ListRow';
import { arrive, loadNewer, loadOlder, useLoading } from './loading';
import styles from './MessageList.module.css';
import { NewestPill, UnreadPill } from './Pills';
import { Scroller } from './Scroller';
import { useSizes } from './sizes';
import { useArrivals } from './useArrivals';
import { useFocusJump } from './useFocusJump';
import { useOpening } from './useOpening';
import { useRoving } from './useRoving';
import { type ShownRun, useRun } from './useRun';
import { useSteadyRows } from './useSteadyRows';
import { useView } from './view';

/** MessageList shows the messages of a channel. Make it anew for another channel (`key`). */
export function MessageList({ channelId }: { channelId: string }) {
  const run = useRun(channelId);
  if (!run.block) return <Waiting channelId={channelId} />;
  return <Loaded channelId={channelId} run={run} />;
}

/** About as high is a message, in pixels. */
const rowHeight = 48;

/** What stands where messages will be. */
function Waiting({ channelId }: { channelId: string }) {
  const { first } = useLoading(channelId);
  if (first && first !== 'busy') {
    const again = () => void arrive(channelId, getState().place.newSince);
    return (
      <div className={styles.failed}>
        <ErrorState error={first.error} onRetry={again} />
      </div>
    );
  }
  return (
    <div className={styles.waiting} aria-busy="true">
      <SkeletonRow rows={12} />
    </div>
  );
}

/** useScroller makes the keeper of the place, which lives as long as the list. */
function useScroller(channelId: string, run: ShownRun): Scroller {
  const now = useRef(run);
  now.current = run;
  const [scroller] = useState(
    () =>
      new Scroller({
        want(side) {
          const { block, rows, stand, live } = now.current;
          const id = side === 'older' ? block?.ids[0] : block?.ids.at(-1);
          if (!id) return;
          // However much is loaded, the run with what is in view is the one that stays.
          const row = rows[scroller.state.getState().first];
          if (!live && row?.kind === 'post') stand(row.id);
          void (side === 'older' ? loadOlder(channelId, id) : loadNewer(channelId, id));
        },
      }),
  );
  scroller.live = run.live;
  return scroller;
}

function Loaded({ channelId, run }: { channelId: string; run: ShownRun }) {
  const t = useText();
  const { compact, centered } = useView();
  const name = useApp((state) => {
    const channel = state.channels.channels[channelId];
    return channel ? channelLabel(state, channel) : '';
  });
  const scroller = useScroller(channelId, run);
  const { rows, shift, generation } = useSteadyRows(run.rows);
  scroller.rows = rows;
  const handle = useCallback(
    (virtualizer: VirtualizerHandle | null) => {
      scroller.handle = virtualizer;
    },
    [scroller],
  );
  const box = useCallback(
    (element: HTMLDivElement | null) => {
      scroller.element = element;
    },
    [scroller],
  );
  const roving = useRoving(scroller, rows);
  const flash = useFocusJump(scroller, rows, run, roving.walkTo);
  const sizes = useSizes(channelId, scroller, rows);
  const settled = useOpening(scroller, rows, generation);
  useEffect(() => {
    if (settled) firstScreenStands();
  }, [settled]);
  useArrivals(channelId, scroller, rows, run);
  useLayoutEffect(() => scroller.changed(), [rows, scroller]);
  const kept = useMemo(() => (roving.index >= 0 ? [roving.index] : []), [roving.index]);
  return (
    <div className={cx(styles.list, centered && styles.centered)} data-compact={compact || undefined}>
      {/* biome-ignore lint/a11y/noStaticElementInteractions: keys that were pressed on the messages inside */}
      <div
        ref={box}
        className={styles.scroller}
        data-settled={settled || undefined}
        onKeyDown={roving.onKeyDown}
        onFocus={roving.onFocus}
        onWheel={() => scroller.showDay()}
        onTouchMove={() => scroller.showDay()}
      >
        <div className={styles.filler} />
        <ListLabel value={t('messages.list', { name })}>
          <Virtualizer
            key={generation}
            ref={handle}
            data={rows}
            shift={shift}
            as={OrderedList}
            item={ListItem}
            keepMounted={kept}
            // What is in view first.
            bufferSize={settled ? 600 : 0}
            {...(sizes && generation === 1 && { cache: sizes, itemSize: rowHeight })}
            onScroll={() => scroller.scrolled()}
            onResize={() => scroller.resized()}
          >
            {(row) => (
              <ListRow
                key={row.key}
                channelId={channelId}
                row={row}
                tabbable={row.key === roving.current}
                flash={flash !== undefined && row.kind === 'post' && row.id === flash}
              />
            )}
          </Virtualizer>
        </ListLabel>
      </div>
      <DayChip scroller={scroller} />
      <UnreadPill channelId={channelId} scroller={scroller} rows={rows} stand={run.stand} />
      <NewestPill channelId={channelId} scroller={scroller} run={run} />
    </div>
  );
}
