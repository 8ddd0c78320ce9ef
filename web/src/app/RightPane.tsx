/** The pane on the right, by its kind. Each loads on its own when it is first opened. */
import type { ComponentType, LazyExoticComponent } from 'react';
import type { Pane } from '@/store/place';
import { useApp } from '@/store/store';

type PaneOf<K extends Pane['kind']> = Extract<Pane, { kind: K }>;
type Panes = { [K in Pane['kind']]?: LazyExoticComponent<ComponentType<{ pane: PaneOf<K> }>> };

// One line a kind: pinned: lazy(() => import('@/features/…').then((module) => ({ default: module.PinnedPane }))),
const panes: Panes = {};

export function RightPane() {
  const open = useApp((state) => state.place.pane);
  const Shown = open && (panes[open.kind] as ComponentType<{ pane: Pane }> | undefined);
  return Shown ? <Shown pane={open} /> : null;
}
