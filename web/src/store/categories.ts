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

/** categories is the reducer of this domain. */
export function categories(state: CategoriesState, action: CategoriesAction): CategoriesState {
  const known = state[action.teamId] ?? none;
  switch (action.type) {
    case 'categories/received': {
      const byId = Object.fromEntries(action.categories.map((category) => [category.id, category]));
      return { ...state, [action.teamId]: { byId, order: action.order } };
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
