/** Which theme is to be shown: the preference `theme`, for all teams (name empty) or for one, or the server's own. */
import { namesIn, preference } from './preferences';
import { setting } from './selectors';
import type { State } from './store';

/** mayChooseTheme tells whether people may choose at all, and whether themes of their own. */
export function mayChooseTheme(state: State): { any: boolean; own: boolean } {
  // Absent counts as allowed: a server that doesn't know the setting doesn't forbid.
  const any = setting(state, 'EnableThemeSelection') !== 'false';
  return { any, own: any && setting(state, 'AllowCustomThemes') !== 'false' };
}

/** storedTheme is the theme that was chosen, as JSON; empty when none was. A team's own goes before that of all teams. */
export function storedTheme(state: State, teamId: string): string {
  if (!mayChooseTheme(state).any) return '';
  const ofTeam = teamId ? preference(state.preferences, 'theme', teamId) : '';
  return ofTeam || preference(state.preferences, 'theme', '');
}

/** teamsWithTheme lists the teams that have a theme of their own. */
export const teamsWithTheme = (state: State): string[] =>
  namesIn(state.preferences, 'theme')
    .filter(([teamId, value]) => teamId !== '' && value !== '')
    .map(([teamId]) => teamId);
