import { type DragEvent, useRef, useState } from 'react';
import { linkTo } from '@/features/channels/actions';
import { place } from '@/features/channels/notify';
import { getState } from '@/store/store';
import { attempt } from '@/ui/attempt';
import { moveCategory } from './actions';
import { type Dragged, type Drop, dropAt } from './drag';
import type { Placed } from './rows';
import { hold } from './view';

const rowOf = (event: DragEvent): HTMLElement | null =>
  event.target instanceof Element ? event.target.closest<HTMLElement>('[data-key]') : null;

const same = (a: Drop | undefined, b: Drop | undefined): boolean =>
  a?.line === b?.line && a?.area?.top === b?.area?.top && JSON.stringify(a?.act) === JSON.stringify(b?.act);

function draggedOf(placed: readonly Placed[], key: string | undefined): Dragged | undefined {
  const row = placed.find((one) => one.row.key === key)?.row;
  if (row?.kind === 'section') return row.section.category && { kind: 'section', id: row.section.id };
  if (row?.kind !== 'channel') return undefined;
  const channel = getState().channels.channels[row.channelId];
  return channel && { kind: 'channel', channel };
}

/** TreeDrag is what the tree gives to its element, and what it shows while something is dragged. */
export interface TreeDrag {
  drop: Drop | undefined;
  handlers: Pick<
    React.DOMAttributes<HTMLElement>,
    'onDragStart' | 'onDragOver' | 'onDragLeave' | 'onDrop' | 'onDragEnd'
  >;
}

/** useDrag lets channels and categories be dragged through the list. `moved` is told what has been dropped. */
export function useDrag(placed: readonly Placed[], moved: (key: string) => void): TreeDrag {
  const dragged = useRef<{ what: Dragged; key: string } | undefined>(undefined);
  const [drop, setDrop] = useState<Drop>();
  const show = (next: Drop | undefined) => setDrop((known) => (same(known, next) ? known : next));
  const at = (event: DragEvent<HTMLElement>): Drop | undefined => {
    const y = event.clientY - event.currentTarget.getBoundingClientRect().top;
    return dragged.current && dropAt(placed, y, dragged.current.what);
  };
  const end = () => {
    dragged.current = undefined;
    hold('drag', false);
    show(undefined);
  };
  return {
    drop,
    handlers: {
      onDragStart(event) {
        const key = rowOf(event)?.dataset.key;
        const what = draggedOf(placed, key);
        if (!what || !key) return event.preventDefault();
        dragged.current = { what, key };
        hold('drag', true);
        event.dataTransfer.effectAllowed = 'copyMove';
        // Elsewhere, such as in a message, a channel is its link.
        event.dataTransfer.setData('text/plain', what.kind === 'channel' ? linkTo(what.channel.id) : '');
      },
      onDragOver(event) {
        if (!dragged.current) return;
        const next = at(event);
        show(next);
        if (!next) return;
        event.preventDefault();
        event.dataTransfer.dropEffect = 'move';
      },
      onDragLeave(event) {
        const inside = event.relatedTarget instanceof Node && event.currentTarget.contains(event.relatedTarget);
        if (!inside) show(undefined);
      },
      onDrop(event) {
        const found = at(event);
        const key = dragged.current?.key;
        event.preventDefault();
        end();
        if (!found || !key) return;
        const { act } = found;
        void attempt(
          act.kind === 'channel' ? place(act.move) : moveCategory(getState().place.teamId, act.id, act.before),
        ).then((done) => done && moved(key));
      },
      onDragEnd: end,
    },
  };
}
