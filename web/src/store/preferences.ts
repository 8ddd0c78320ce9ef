/** What one person has set, by category and name (shared/reference names of the protocol). */
import type { PreferenceType } from '@mattermost/types/preferences';

export type PreferencesState = Readonly<Record<string, string>>;

export type PreferencesAction =
  /** All there are; what is not among them was deleted. */
  | { type: 'preferences/all'; preferences: readonly PreferenceType[] }
  | { type: 'preferences/received'; preferences: readonly PreferenceType[] }
  | { type: 'preferences/deleted'; preferences: readonly PreferenceType[] };

/** prefKey is the key of one preference in the state. */
export const prefKey = (category: string, name: string): string => `${category} ${name}`;

/** preference reads one preference, or the fallback when it was never set. */
export const preference = (state: PreferencesState, category: string, name: string, fallback = ''): string =>
  state[prefKey(category, name)] ?? fallback;

/** namesIn lists the names and values of a category. */
export function namesIn(state: PreferencesState, category: string): [name: string, value: string][] {
  const start = `${category} `;
  return Object.entries(state)
    .filter(([key]) => key.startsWith(start))
    .map(([key, value]) => [key.slice(start.length), value]);
}

/** preferences is the reducer of this domain. */
export function preferences(state: PreferencesState, action: PreferencesAction): PreferencesState {
  const next = action.type === 'preferences/all' ? {} : { ...state };
  for (const { category, name, value } of action.preferences) {
    if (action.type === 'preferences/deleted') delete next[prefKey(category, name)];
    else next[prefKey(category, name)] = value;
  }
  return next;
}
