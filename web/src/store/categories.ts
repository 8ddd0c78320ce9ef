/** The categories of the sidebar, by team, in the order that the person gave them. */
import type { ChannelCategory } from '@mattermost/types/channel_categories';

export type { ChannelCategory };
export type TeamCategories = { byId: Readonly<Record<string, ChannelCategory>>; order: readonly string[] };
export type CategoriesState = Readonly<Record<string, TeamCategories>>;

export type CategoriesAction =
  | { type: 'categories/received'; teamId: string; categories: readonly ChannelCategory[]; order: readonly string[] }
  | { type: 'categories/updated'; teamId: string; categories: readonly ChannelCategory[] }
  | { type: 'categories/ordered'; teamId: string; order: readonly string[] };

const none: TeamCategories = { byId: {}, order: [] };

/** teamCategories lists the categories of a team in order. */
export function teamCategories(state: CategoriesState, teamId: string): ChannelCategory[] {
  const { byId, order } = state[teamId] ?? none;
  return order.map((id) => byId[id]).filter((category) => category !== undefined);
}

/** What came again as it was keeps its identity, so that nothing is drawn anew. */
function kept(known: ChannelCategory | undefined, came: ChannelCategory): ChannelCategory {
  if (!known) return came;
  const { channel_ids: before, ...old } = known;
  const { channel_ids: now, ...next } = came;
  const same = before.length === now.length && before.every((id, i) => id === now[i]);
  return same && JSON.stringify(old) === JSON.stringify(next) ? known : came;
}

function received(known: TeamCategories, list: readonly ChannelCategory[], order: readonly string[]): TeamCategories {
  const byId = Object.fromEntries(list.map((category) => [category.id, kept(known.byId[category.id], category)]));
  const ids = Object.keys(byId);
  const same = ids.length === Object.keys(known.byId).length && ids.every((id) => byId[id] === known.byId[id]);
  return same && order.join() === known.order.join() ? known : { byId, order };
}

/** categories is the reducer of this domain. */
export function categories(state: CategoriesState, action: CategoriesAction): CategoriesState {
  const known = state[action.teamId] ?? none;
  switch (action.type) {
    case 'categories/received': {
      const next = received(known, action.categories, action.order);
      return next === state[action.teamId] ? state : { ...state, [action.teamId]: next };
    }
    case 'categories/updated': {
      const byId = { ...known.byId };
      for (const category of action.categories) byId[category.id] = category;
      return { ...state, [action.teamId]: { ...known, byId } };
    }
    case 'categories/ordered':
      return { ...state, [action.teamId]: { ...known, order: action.order } };
  }
}
