/** The pane on the right, by its kind. Each loads on its own when it is first opened. */
import { type ComponentType, type LazyExoticComponent, lazy } from 'react';
import type { Pane } from '@/store/place';
import { useApp } from '@/store/store';

type PaneOf<K extends Pane['kind']> = Extract<Pane, { kind: K }>;
type Panes = { [K in Pane['kind']]?: LazyExoticComponent<ComponentType<{ pane: PaneOf<K> }>> };

// One line a kind: pinned: lazy(() => import('@/features/…').then((module) => ({ default: module.PinnedPane }))),
const panes: Panes = {
  thread: lazy(() => import('@/features/threads/ThreadPane').then((module) => ({ default: module.ThreadPane }))),
  search: lazy(() => import('@/features/search/SearchPane').then((module) => ({ default: module.SearchPane }))),
  mentions: lazy(() => import('@/features/search/MentionsPane').then((module) => ({ default: module.MentionsPane }))),
  saved: lazy(() => import('@/features/search/SavedPane').then((module) => ({ default: module.SavedPane }))),
  pinned: lazy(() => import('@/features/search/PinnedPane').then((module) => ({ default: module.PinnedPane }))),
  history: lazy(() => import('@/features/messages/HistoryPane').then((module) => ({ default: module.HistoryPane }))),
  info: lazy(() => import('@/features/channels/InfoPane').then((module) => ({ default: module.InfoPane }))),
  members: lazy(() => import('@/features/channels/MembersPane').then((module) => ({ default: module.MembersPane }))),
};

export function RightPane() {
  const open = useApp((state) => state.place.pane);
  const Shown = open && (panes[open.kind] as ComponentType<{ pane: Pane }> | undefined);
  return Shown ? <Shown pane={open} /> : null;
}
