/**
 * A theme of the official format as Parley's tokens. Colours are taken over as far as they can be read: text stands at
 * 4.5 to 1 on everything it may stand on, shapes at 3 to 1.
 */
import { contrast, isDark, mix, readable, veil } from './colour';
import type { CodeTheme, OfficialTheme } from './official';

/** Look is what a theme makes of the page: its scheme, the tokens that differ from it, and the colours of code. */
export type Look = {
  scheme: 'light' | 'dark';
  tokens: Readonly<Record<string, string>>;
  codeTheme?: CodeTheme;
};

type Tokens = Record<string, string>;

const black = '#000000';
const white = '#ffffff';

/** The grounds of the centre, from deep to raised. */
function grounds(bg: string, dark: boolean): { paper: string; surface: string; sunken: string } {
  return dark
    ? { paper: bg, surface: mix(bg, white, 0.045), sunken: mix(bg, black, 0.22) }
    : { paper: bg, surface: mix(bg, white, 0.7), sunken: mix(bg, black, 0.04) };
}

/** Inks and lines of a ground that reaches over several shades. */
function inks(wished: string, ground: string, all: readonly string[]): Tokens {
  const ink = readable(wished, all, 7);
  return {
    ink,
    'ink-2': readable(mix(ink, ground, 0.3), all),
    'ink-3': readable(mix(ink, ground, 0.38), all),
    line: mix(ground, ink, 0.12),
    'line-2': mix(ground, ink, 0.2),
    'field-line': readable(mix(ground, ink, 0.45), all, 3),
    hover: veil(ink, 6),
    pressed: veil(ink, 11),
  };
}

/** A colour that acts: as text, as the ground of a button, and softly behind text. */
function acting(
  name: 'accent' | 'danger',
  wished: string,
  wishedInk: string,
  all: readonly string[],
  dark: boolean,
): Tokens {
  const [first = white] = all;
  const soft = mix(first, wished, dark ? 0.16 : 0.11);
  const colour = readable(wished, [...all, soft]);
  // Pressing deepens it away from its ink, so that the words on it stay readable.
  const ink = readable(wishedInk, [colour]);
  const strong = mix(colour, isDark(ink) ? white : black, 0.16);
  return { [name]: colour, [`${name}-strong`]: strong, [`${name}-ink`]: ink, [`${name}-soft`]: soft };
}

/** softened brings a ground so near to the paper that the ink can be read on it. */
function softened(wished: string, paper: string, ink: string): string {
  for (let share = 0; share < 1; share += 0.1) {
    const ground = mix(wished, paper, share);
    if (contrast(ground, ink) >= 4.5) return ground;
  }
  return paper;
}

/** The sidebar has colours of its own: the same tokens, valid within it (`data-surface="side"`). */
function side(theme: OfficialTheme): Tokens {
  const bg = theme.sidebarBg;
  const hover = mix(bg, theme.sidebarTextHoverBg, 1);
  const all = [bg, theme.sidebarTeamBarBg, theme.sidebarHeaderBg];
  const own = inks(theme.sidebarText, bg, all);
  const accent = readable(theme.sidebarTextActiveBorder, all, 4.5);
  return {
    ...own,
    ink: readable(theme.sidebarUnreadText, all, 7),
    'ink-2': readable(mix(theme.sidebarText, bg, 0.18), all),
    'ink-3': readable(mix(theme.sidebarText, bg, 0.28), all),
    paper: bg,
    sunken: bg,
    surface: theme.sidebarHeaderBg,
    rail: theme.sidebarTeamBarBg,
    header: theme.sidebarHeaderBg,
    'header-ink': readable(theme.sidebarHeaderTextColor, [theme.sidebarHeaderBg], 4.5),
    hover: contrast(hover, bg) > 1.04 ? hover : (own.hover ?? hover),
    accent,
    'accent-soft': mix(bg, accent, 0.16),
    link: readable(theme.sidebarText, all),
    badge: theme.mentionBg,
    'badge-ink': readable(theme.mentionColor, [theme.mentionBg]),
    online: readable(theme.onlineIndicator, all, 3),
    away: readable(theme.awayIndicator, all, 3),
    dnd: readable(theme.dndIndicator, all, 3),
    offline: readable(mix(theme.sidebarText, bg, 0.4), all, 3),
  };
}

const prefixed = (prefix: string, tokens: Tokens): Tokens =>
  Object.fromEntries(Object.entries(tokens).map(([name, value]) => [`--${prefix}${name}`, value]));

/** lookOf maps a theme to tokens. */
export function lookOf(theme: OfficialTheme): Look {
  const dark = isDark(theme.centerChannelBg);
  const { paper, surface, sunken } = grounds(theme.centerChannelBg, dark);
  const all = [paper, surface, sunken];
  const text = inks(theme.centerChannelColor, paper, all);
  const ink = text.ink ?? theme.centerChannelColor;
  const mention = softened(theme.mentionHighlightBg, paper, ink);
  const warn = readable(mix(theme.awayIndicator, ink, 0.25), all);
  const centre: Tokens = {
    paper,
    surface,
    sunken,
    ...text,
    ...acting('accent', theme.buttonBg, theme.buttonColor, all, dark),
    ...acting('danger', theme.errorTextColor, dark ? black : white, all, dark),
    link: readable(theme.linkColor, [...all, mention]),
    new: readable(theme.newMessageSeparator, all),
    badge: theme.mentionBg,
    'badge-ink': readable(theme.mentionColor, [theme.mentionBg]),
    mention,
    warn,
    'warn-soft': mix(paper, theme.awayIndicator, dark ? 0.16 : 0.14),
    online: readable(theme.onlineIndicator, all, 3),
    away: readable(theme.awayIndicator, all, 3),
    dnd: readable(theme.dndIndicator, all, 3),
    offline: readable(mix(ink, paper, 0.45), all, 3),
    tip: dark ? mix(ink, paper, 0.06) : mix(ink, paper, 0.04),
    'tip-ink': readable(paper, [mix(ink, paper, 0.06)]),
  };
  const tokens = { ...prefixed('', centre), ...prefixed('side-', side(theme)) };
  return { scheme: dark ? 'dark' : 'light', tokens, ...(theme.codeTheme && { codeTheme: theme.codeTheme }) };
}
