/**
 * The sidebar as it is on the screen: the sections in force, and what holds them still. Kept outside the components,
 * so that stepping from channel to channel by key goes by what one sees.
 */
import { useStore } from 'zustand';
import { createStore } from 'zustand/vanilla';
import { unreadOf } from '@/store/selectors';
import { getState, type State, store } from '@/store/store';
import { held, type Section, sectionsOf, shared } from './layout';

export type SidebarView = {
  /** Undefined while the categories are not loaded. */
  sections: readonly Section[] | undefined;
  /** The channels shown that are unread. */
  unread: ReadonlySet<string>;
  /** Only what is unread is shown. */
  unreadOnly: boolean;
};

const view = createStore<SidebarView>(() => ({ sections: undefined, unread: new Set(), unreadOnly: false }));

/** useSidebar reads the view. */
export const useSidebar = <T>(selector: (state: SidebarView) => T): T => useStore(view, selector);
export const getSidebar = (): SidebarView => view.getState();

/** What keeps the order as it is: the pointer in the list, an open menu, a drag. */
export type Holder = 'pointer' | 'menu' | 'drag';
const holders = new Set<Holder>();

/** hold keeps everything where it is until it is let go: nothing reorders under the pointer. */
export function hold(why: Holder, on: boolean): void {
  if (on) holders.add(why);
  else if (holders.delete(why) && holders.size === 0) refresh();
}

/** setUnreadOnly shows only what is unread, or everything. */
export function setUnreadOnly(on: boolean): void {
  view.setState({ unreadOnly: on });
  refresh();
}

// What somebody arranged or set is shown at once, wherever the pointer is.
let arranged: readonly unknown[] = [];

const arrangementOf = (state: State, unreadOnly: boolean): readonly unknown[] => [
  state.place.teamId,
  state.categories[state.place.teamId],
  state.preferences,
  unreadOnly,
];

const equal = (a: readonly unknown[], b: readonly unknown[]): boolean => a.every((one, i) => one === b[i]);

function unreadIn(state: State, sections: readonly Section[], before: ReadonlySet<string>): ReadonlySet<string> {
  const unread = new Set<string>();
  for (const section of sections) {
    for (const id of section.ids) if (unreadOf(state, id).unread) unread.add(id);
  }
  const same = unread.size === before.size && [...unread].every((id) => before.has(id));
  return same ? before : unread;
}

function refresh(): void {
  const state = getState();
  const { sections: before, unread, unreadOnly } = view.getState();
  const next = sectionsOf(state, unreadOnly);
  if (!next) {
    view.setState({ sections: undefined });
    return;
  }
  const arrangement = arrangementOf(state, unreadOnly);
  const still = holders.size > 0 && before !== undefined && arranged.length > 0 && equal(arranged, arrangement);
  arranged = arrangement;
  const list = still ? held(before, next, (id) => state.channels.mine[id] !== undefined) : next;
  const sections = shared(before, list);
  view.setState({ sections, unread: unreadIn(state, sections, unread) });
}

const sameParts = (a: State, b: State): boolean =>
  a.channels.channels === b.channels.channels &&
  a.channels.mine === b.channels.mine &&
  a.channels.counts === b.channels.counts &&
  a.categories === b.categories &&
  a.preferences === b.preferences &&
  a.users.profiles === b.users.profiles &&
  a.place.teamId === b.place.teamId &&
  a.place.channelId === b.place.channelId &&
  a.place.view === b.place.view &&
  a.server.config === b.server.config;

/** watchSidebar keeps the view up to date from now on. It returns how to stop. */
export function watchSidebar(): () => void {
  refresh();
  const stop = store.subscribe((state, before) => {
    if (!sameParts(state, before)) refresh();
  });
  return () => {
    stop();
    holders.clear();
  };
}
