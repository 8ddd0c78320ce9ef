import { useCallback, useLayoutEffect, useMemo, useRef, useState } from 'react';
import { Virtualizer, type VirtualizerHandle } from 'virtua';
import { ListItem, ListLabel, OrderedList } from '@/features/messages/ListItem';
import { Scroller } from '@/features/messages/Scroller';
import { useRoving } from '@/features/messages/useRoving';
import { useSteadyRows } from '@/features/messages/useSteadyRows';
import { useView } from '@/features/messages/view';
import { useText } from '@/i18n/text';
import { loadMore, type ThreadPlace } from './actions';
import { NewestReplies } from './NewestReplies';
import styles from './ReplyList.module.css';
import { ReplyRow } from './ReplyRow';
import { useArrivals, useBeginning, useJump } from './useThreadPlace';
import type { ShownThread } from './useThreadRun';

/** useScroller makes the keeper of the place, which lives as long as the list. */
function useScroller(place: ThreadPlace, shown: ShownThread): Scroller {
  const now = useRef({ place, shown });
  now.current = { place, shown };
  const [scroller] = useState(
    () =>
      new Scroller({
        want(side) {
          const { block } = now.current.shown;
          const id = side === 'older' ? block?.ids[0] : block?.ids.at(-1);
          if (id) void loadMore(now.current.place, side, id);
        },
      }),
  );
  scroller.live = shown.live;
  return scroller;
}

/** ReplyList shows a thread from its root on; of a long one, the part that is loaded. */
export function ReplyList({ place, shown }: { place: ThreadPlace; shown: ShownThread }) {
  const t = useText();
  const { channelId, rootId } = place;
  const { compact } = useView();
  const scroller = useScroller(place, shown);
  const { rows, shift, generation } = useSteadyRows(shown.rows);
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
  const roving = useRoving(scroller, rows, 'pane');
  const flash = useJump(scroller, rows, rootId, roving.walkTo);
  const settled = useBeginning(scroller, rows, generation, rootId);
  useArrivals(place, scroller, shown);
  useLayoutEffect(() => scroller.changed(), [rows, scroller]);
  const kept = useMemo(() => (roving.index >= 0 ? [roving.index] : []), [roving.index]);
  return (
    <div className={styles.list} data-compact={compact || undefined}>
      {/* biome-ignore lint/a11y/noStaticElementInteractions: it hears the keys of its rows, which walk among them */}
      <div
        ref={box}
        className={styles.scroller}
        data-settled={settled || undefined}
        onKeyDown={roving.onKeyDown}
        onFocus={roving.onFocus}
      >
        <ListLabel value={t('threads.replies')}>
          <Virtualizer
            key={generation}
            ref={handle}
            data={rows}
            shift={shift}
            as={OrderedList}
            item={ListItem}
            keepMounted={kept}
            bufferSize={400}
            onScroll={() => scroller.scrolled()}
            onResize={() => scroller.resized()}
          >
            {(row) => (
              <ReplyRow
                key={row.key}
                channelId={channelId}
                rootId={rootId}
                row={row}
                tabbable={row.key === roving.current}
                flash={flash !== undefined && row.kind === 'post' && row.id === flash}
              />
            )}
          </Virtualizer>
        </ListLabel>
      </div>
      <NewestReplies place={place} scroller={scroller} shown={shown} />
    </div>
  );
}
