/**
 * Themes in the format of the official client: a JSON object of colours. People paste theirs here, and theirs from
 * here into other clients.
 */
import { isHex } from './colour';

/** The keys that hold a colour, in the order in which they are shown and written. */
export const colourKeys = [
  'sidebarBg',
  'sidebarText',
  'sidebarUnreadText',
  'sidebarTextHoverBg',
  'sidebarTextActiveBorder',
  'sidebarTextActiveColor',
  'sidebarHeaderBg',
  'sidebarTeamBarBg',
  'sidebarHeaderTextColor',
  'onlineIndicator',
  'awayIndicator',
  'dndIndicator',
  'mentionBg',
  'mentionColor',
  'centerChannelBg',
  'centerChannelColor',
  'newMessageSeparator',
  'linkColor',
  'buttonBg',
  'buttonColor',
  'errorTextColor',
  'mentionHighlightBg',
  'mentionHighlightLink',
] as const;
export type ColourKey = (typeof colourKeys)[number];

/** The colours of code that a theme may name. */
export const codeThemes = ['github', 'monokai', 'solarized-dark', 'solarized-light'] as const;
export type CodeTheme = (typeof codeThemes)[number];

/** OfficialTheme is a whole theme. `type` is its name; other clients treat what they don't know as a custom one. */
export type OfficialTheme = Readonly<Record<ColourKey, string>> & {
  readonly type: string;
  readonly codeTheme?: CodeTheme;
};

/** ThemeFault is why a text is no theme: not JSON, not an object of colours, or which key is wrong or absent. */
export type ThemeFault =
  | { kind: 'json' }
  | { kind: 'shape' }
  | { kind: 'colour'; key: ColourKey }
  | { kind: 'missing'; key: ColourKey };

// Themes of old clients lack these; they follow from others.
const stand: Partial<Record<ColourKey, ColourKey>> = {
  sidebarTeamBarBg: 'sidebarHeaderBg',
  sidebarUnreadText: 'sidebarText',
  mentionHighlightLink: 'linkColor',
  dndIndicator: 'errorTextColor',
  errorTextColor: 'dndIndicator',
  sidebarTextActiveColor: 'sidebarText',
};

const isCodeTheme = (name: unknown): name is CodeTheme => codeThemes.some((known) => known === name);

function objectOf(text: string): Record<string, unknown> | ThemeFault {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return { kind: 'json' };
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return { kind: 'shape' };
  return value as Record<string, unknown>;
}

const isFault = (value: Record<string, unknown> | ThemeFault): value is ThemeFault =>
  value.kind === 'json' || value.kind === 'shape';

/** parseTheme reads a theme, as it was pasted or stored. Keys it doesn't know are left out. */
export function parseTheme(text: string): { theme: OfficialTheme } | { fault: ThemeFault } {
  const source = objectOf(text);
  if (isFault(source)) return { fault: source };
  // A misspelling that has stayed in the format.
  const raw = { ...source, mentionBg: source.mentionBg ?? source.mentionBj };
  const colours: Partial<Record<ColourKey, string>> = {};
  for (const key of colourKeys) {
    const value = (raw as Record<string, unknown>)[key];
    if (isHex(value)) colours[key] = value.toLowerCase();
    else if (value !== undefined && value !== '') return { fault: { kind: 'colour', key } };
  }
  for (const key of colourKeys) {
    const other = stand[key];
    if (!colours[key] && other && colours[other]) colours[key] = colours[other];
    if (!colours[key])
      return { fault: Object.keys(colours).length === 0 ? { kind: 'shape' } : { kind: 'missing', key } };
  }
  const type = typeof source.type === 'string' && source.type ? source.type.slice(0, 64) : 'custom';
  const theme = { ...(colours as Record<ColourKey, string>), type };
  return { theme: isCodeTheme(source.codeTheme) ? { ...theme, codeTheme: source.codeTheme } : theme };
}

/** themeText writes a theme as others take it; `mentionBj` is there for clients of old. */
export function themeText(theme: OfficialTheme, indent?: number): string {
  const { type, codeTheme, ...colours } = theme;
  return JSON.stringify(
    { type, ...colours, mentionBj: colours.mentionBg, codeTheme: codeTheme ?? 'github' },
    null,
    indent,
  );
}
