/** Groups of people, by id, and which of them one is in. */
import type { Group } from '@mattermost/types/groups';

type Membership = { on: boolean; tick: number };

export type GroupsState = {
  groups: Readonly<Record<string, Group>>;
  /** One's own memberships as far as they are known; `tick` is when an event told of it. */
  mine: Readonly<Record<string, Membership>>;
  /** Counts the events about memberships, so that a list that was asked for before one doesn't undo it. */
  tick: number;
};

export type GroupsAction =
  | { type: 'groups/received'; groups: readonly Group[] }
  /** All that one is in; `asked` is the tick when the list was asked for. */
  | { type: 'groups/mine'; groups: readonly Group[]; asked: number }
  | { type: 'groups/member'; groupId: string; on: boolean };

export const noGroups: GroupsState = { groups: {}, mine: {}, tick: 0 };

/** Answers without a count leave the one that is known. */
function received(state: GroupsState, came: readonly Group[]): GroupsState {
  const groups = { ...state.groups };
  let changed = false;
  for (const group of came) {
    const known = groups[group.id];
    if (known && known.update_at > group.update_at) continue;
    groups[group.id] = { ...known, ...group, member_count: group.member_count ?? known?.member_count ?? 0 };
    changed = true;
  }
  return changed ? { ...state, groups } : state;
}

/** groups is the reducer of this domain. */
export function groups(state: GroupsState, action: GroupsAction): GroupsState {
  switch (action.type) {
    case 'groups/received':
      return received(state, action.groups);
    case 'groups/mine': {
      const heard = Object.entries(state.mine).filter(([, one]) => one.tick > action.asked);
      const listed = action.groups.map((group) => [group.id, { on: true, tick: 0 }] as const);
      return { ...received(state, action.groups), mine: Object.fromEntries([...listed, ...heard]) };
    }
    case 'groups/member': {
      const tick = state.tick + 1;
      return { ...state, tick, mine: { ...state.mine, [action.groupId]: { on: action.on, tick } } };
    }
  }
}

/** isIn tells whether one is in a group. */
export const isIn = (state: GroupsState, groupId: string): boolean => state.mine[groupId]?.on === true;

const byName = new WeakMap<object, Map<string, Group>>();

/** groupsByName maps the names of the groups that can be mentioned; made once for each change. */
export function groupsByName(state: GroupsState): Map<string, Group> {
  let map = byName.get(state.groups);
  if (!map) {
    const open = Object.values(state.groups).filter((group) => group.delete_at === 0 && group.allow_reference);
    map = new Map(open.map((group) => [group.name, group]));
    byName.set(state.groups, map);
  }
  return map;
}
