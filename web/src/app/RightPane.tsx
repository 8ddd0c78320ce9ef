/** The pane on the right, by its kind. Each loads on its own when it is first opened. */
import type { ComponentType } from 'react';
import { closePane } from '@/store/commands';
import type { Pane } from '@/store/place';
import { useApp } from '@/store/store';
import { type LateComponent, Later, late } from '@/ui/late';

type PaneOf<K extends Pane['kind']> = Extract<Pane, { kind: K }>;
type Panes = { [K in Pane['kind']]?: LateComponent<{ pane: PaneOf<K> }> };

// One line a kind: pinned: late(() => import('@/features/…').then((module) => module.PinnedPane)),
const panes: Panes = {
  thread: late(() => import('@/features/threads/ThreadPane').then((module) => module.ThreadPane)),
  search: late(() => import('@/features/search/SearchPane').then((module) => module.SearchPane)),
  mentions: late(() => import('@/features/search/MentionsPane').then((module) => module.MentionsPane)),
  saved: late(() => import('@/features/search/SavedPane').then((module) => module.SavedPane)),
  pinned: late(() => import('@/features/search/PinnedPane').then((module) => module.PinnedPane)),
  files: late(() => import('@/features/search/FilesPane').then((module) => module.FilesPane)),
  history: late(() => import('@/features/messages/HistoryPane').then((module) => module.HistoryPane)),
  info: late(() => import('@/features/channels/InfoPane').then((module) => module.InfoPane)),
  topics: late(() => import('@/features/topics/TopicsPane').then((module) => module.TopicsPane)),
  members: late(() => import('@/features/channels/MembersPane').then((module) => module.MembersPane)),
};

export function RightPane() {
  const open = useApp((state) => state.place.pane);
  const Shown = open && (panes[open.kind] as ComponentType<{ pane: Pane }> | undefined);
  if (!Shown) return null;
  return (
    <Later key={open.kind} onFail={closePane}>
      <Shown pane={open} />
    </Later>
  );
}
