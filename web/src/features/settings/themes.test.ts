import { describe, expect, it } from 'vitest';
import { lookFor } from '@/app/theme';
import { initialState, type State } from '@/store/store';
import { storedTheme, teamsWithTheme } from '@/store/theme';
import { houseTheme } from '@/ui/theme/house';
import { themeText } from '@/ui/theme/official';
import { choiceOf, named, themeOf } from './themes';

const own = { ...houseTheme('ink'), type: 'custom', buttonBg: '#aa3377' };
const state = (themes: Record<string, string>, config: Record<string, string> = {}): State => ({
  ...initialState,
  preferences: Object.fromEntries(Object.entries(themes).map(([team, theme]) => [`theme ${team}`, theme])),
  server: { ...initialState.server, config },
});

describe('a choice of theme', () => {
  it('follows the device when nothing is stored, or nonsense', () => {
    for (const stored of ['', '{', '{"type":"Denim"}']) expect(choiceOf(stored)).toEqual({ kind: 'system' });
  });
  it('is one of the house by its name, or one of one’s own', () => {
    expect(choiceOf(themeText(houseTheme('dark')))).toEqual({ kind: 'dark' });
    expect(choiceOf(themeText(own))).toMatchObject({ kind: 'own', theme: { buttonBg: '#aa3377' } });
    expect(themeOf({ kind: 'sepia' })).toBe(houseTheme('sepia'));
  });
  it('that only borrows a name of the house is one’s own', () => {
    expect(named({ ...houseTheme('light'), linkColor: '#123456' }).type).toBe('custom');
    expect(named(houseTheme('light')).type).toBe('Parley light');
  });
});

describe('the theme that is shown', () => {
  it('is the team’s, else that of all teams', () => {
    const both = state({ '': 'all', t: 'of t' });
    expect(storedTheme(both, 't')).toBe('of t');
    expect(storedTheme(both, 'u')).toBe('all');
    expect(teamsWithTheme(both)).toEqual(['t']);
  });
  it('is nobody’s choice where the server forbids choosing', () => {
    expect(storedTheme(state({ '': 'all' }, { EnableThemeSelection: 'false' }), 't')).toBe('');
  });
  it('is plain light or dark, by the device unless one was chosen', () => {
    expect(lookFor('', true)).toEqual({ scheme: 'dark', tokens: {} });
    expect(lookFor('', false)).toEqual({ scheme: 'light', tokens: {} });
    expect(lookFor(themeText(houseTheme('system')), true).scheme).toBe('dark');
    expect(lookFor(themeText(houseTheme('light')), true)).toEqual({ scheme: 'light', tokens: {} });
    expect(lookFor(themeText(houseTheme('dark')), false)).toEqual({ scheme: 'dark', tokens: {} });
  });
  it('has tokens of its own otherwise', () => {
    const look = lookFor(themeText(own), true);
    expect(look.scheme).toBe('light');
    expect(look.tokens['--accent']).toBe('#aa3377');
    expect(look.codeTheme).toBe('github');
  });
  it('of another client is taken as it is', () => {
    const { type: _, ...colours } = own;
    expect(lookFor(JSON.stringify({ ...colours, type: 'Onyx', image: 'x.png' }), true).tokens['--accent']).toBe(
      '#aa3377',
    );
  });
});
