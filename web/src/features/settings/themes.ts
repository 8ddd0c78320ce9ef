/** Choosing a theme: what is stored, and for which teams. */
import { namesIn } from '@/store/preferences';
import { getState } from '@/store/store';
import { type HouseTheme, houseOf, houseTheme, houseThemes } from '@/ui/theme/house';
import { type OfficialTheme, parseTheme, themeText } from '@/ui/theme/official';
import { deletePreferences, savePreferences } from './actions';

const category = 'theme';

/** Choice is a theme of the house, or one of one's own. */
export type Choice = { kind: HouseTheme } | { kind: 'own'; theme: OfficialTheme };

const equal = (a: OfficialTheme, b: OfficialTheme): boolean => themeText(a) === themeText(b);

/** named gives a theme the name under which it is stored: the house's own only if it is the house's own. */
export function named(theme: OfficialTheme): OfficialTheme {
  const house = houseOf(theme);
  return house && !equal(theme, houseTheme(house)) ? { ...theme, type: 'custom' } : theme;
}

/** choiceOf reads what is stored. Nothing, and what can't be read, follows the device. */
export function choiceOf(stored: string): Choice {
  const read = stored ? parseTheme(stored) : undefined;
  if (!read || !('theme' in read)) return { kind: 'system' };
  const house = houseOf(read.theme);
  return house ? { kind: house } : { kind: 'own', theme: read.theme };
}

/** themeOf is the theme of a choice in the official format. */
export const themeOf = (choice: Choice): OfficialTheme =>
  choice.kind === 'own' ? choice.theme : houseTheme(choice.kind);

/** isHouse tells whether a name is one of the house's themes. */
export const isHouse = (name: string): name is HouseTheme => houseThemes.some((one) => one === name);

/** saveTheme stores a theme for one team, or for all of them with an empty id, which then have no other. */
export async function saveTheme(theme: OfficialTheme, teamId: string): Promise<void> {
  await savePreferences([{ category, name: teamId, value: themeText(named(theme)) }]);
  if (teamId === '') await forgetTeams();
}

/** forgetTeams leaves no team with a theme of its own. */
export async function forgetTeams(): Promise<void> {
  const own = namesIn(getState().preferences, category).filter(([name]) => name !== '');
  await deletePreferences(own.map(([name]) => ({ category, name })));
}

/** forgetTeam gives a team the theme of all teams again. */
export const forgetTeam = (teamId: string): Promise<void> => deletePreferences([{ category, name: teamId }]);
