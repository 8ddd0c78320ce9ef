/** Parley's own themes in the official format, so that a choice made here means something in other clients too. */
import type { OfficialTheme } from './official';

/** The names under which the house's choices are stored. `system` follows the device, light or dark. */
export const houseThemes = ['system', 'light', 'dark', 'ink', 'sepia'] as const;
export type HouseTheme = (typeof houseThemes)[number];

const light: OfficialTheme = {
  type: 'Parley light',
  sidebarBg: '#f3f1ec',
  sidebarText: '#1d2026',
  sidebarUnreadText: '#1d2026',
  sidebarTextHoverBg: '#e9e6df',
  sidebarTextActiveBorder: '#0b6e5f',
  sidebarTextActiveColor: '#1d2026',
  sidebarHeaderBg: '#f3f1ec',
  sidebarTeamBarBg: '#e9e6df',
  sidebarHeaderTextColor: '#1d2026',
  onlineIndicator: '#2e9e5b',
  awayIndicator: '#b97f00',
  dndIndicator: '#b3261e',
  mentionBg: '#0b6e5f',
  mentionColor: '#ffffff',
  centerChannelBg: '#fbfaf7',
  centerChannelColor: '#1d2026',
  newMessageSeparator: '#0b6e5f',
  linkColor: '#0b6e5f',
  buttonBg: '#0b6e5f',
  buttonColor: '#ffffff',
  errorTextColor: '#b3261e',
  mentionHighlightBg: '#fff3d1',
  mentionHighlightLink: '#0b6e5f',
  codeTheme: 'github',
};

const dark: OfficialTheme = {
  type: 'Parley dark',
  sidebarBg: '#101216',
  sidebarText: '#e8e6e1',
  sidebarUnreadText: '#ffffff',
  sidebarTextHoverBg: '#1d1f23',
  sidebarTextActiveBorder: '#4fc3ae',
  sidebarTextActiveColor: '#e8e6e1',
  sidebarHeaderBg: '#101216',
  sidebarTeamBarBg: '#0b0d10',
  sidebarHeaderTextColor: '#e8e6e1',
  onlineIndicator: '#4cc27e',
  awayIndicator: '#e0a83a',
  dndIndicator: '#ff8a80',
  mentionBg: '#4fc3ae',
  mentionColor: '#0c211d',
  centerChannelBg: '#15171b',
  centerChannelColor: '#e8e6e1',
  newMessageSeparator: '#4fc3ae',
  linkColor: '#5ccbb7',
  buttonBg: '#4fc3ae',
  buttonColor: '#0c211d',
  errorTextColor: '#ff8a80',
  mentionHighlightBg: '#3a3217',
  mentionHighlightLink: '#5ccbb7',
  codeTheme: 'monokai',
};

/** Ink: white paper with a sidebar of deep blue, in the strongest contrast of them all. */
const ink: OfficialTheme = {
  ...light,
  type: 'Parley ink',
  sidebarBg: '#16233d',
  sidebarText: '#dde5f3',
  sidebarUnreadText: '#ffffff',
  sidebarTextHoverBg: '#223251',
  sidebarTextActiveBorder: '#8fb4ff',
  sidebarTextActiveColor: '#ffffff',
  sidebarHeaderBg: '#111c32',
  sidebarTeamBarBg: '#0c1526',
  sidebarHeaderTextColor: '#ffffff',
  mentionBg: '#ffd166',
  mentionColor: '#16233d',
  centerChannelBg: '#ffffff',
  centerChannelColor: '#0d1320',
  newMessageSeparator: '#2455c3',
  linkColor: '#2455c3',
  buttonBg: '#2455c3',
  mentionHighlightBg: '#fff0c2',
  mentionHighlightLink: '#2455c3',
};

/** Sepia: for long evenings, warm and low in blue. */
const sepia: OfficialTheme = {
  ...light,
  type: 'Parley sepia',
  sidebarBg: '#e9dcc4',
  sidebarText: '#43341f',
  sidebarUnreadText: '#2e2213',
  sidebarTextHoverBg: '#decfb2',
  sidebarTextActiveBorder: '#8a4b16',
  sidebarTextActiveColor: '#2e2213',
  sidebarHeaderBg: '#e2d3b7',
  sidebarTeamBarBg: '#d8c6a5',
  sidebarHeaderTextColor: '#2e2213',
  onlineIndicator: '#4d7d2f',
  awayIndicator: '#a36a00',
  dndIndicator: '#a5301d',
  mentionBg: '#8a4b16',
  mentionColor: '#fff8ea',
  centerChannelBg: '#f6edda',
  centerChannelColor: '#33281a',
  newMessageSeparator: '#8a4b16',
  linkColor: '#7c4312',
  buttonBg: '#8a4b16',
  buttonColor: '#fff8ea',
  errorTextColor: '#a5301d',
  mentionHighlightBg: '#fbe0a1',
  mentionHighlightLink: '#7c4312',
  codeTheme: 'solarized-light',
};

/** The names stand in stored themes: they stay as they are. */
const system: OfficialTheme = { ...light, type: 'Parley system' };

const themes: Readonly<Record<HouseTheme, OfficialTheme>> = { system, light, dark, ink, sepia };

/** houseTheme is the theme of a name in the official format. */
export const houseTheme = (name: HouseTheme): OfficialTheme => themes[name];

/** houseOf tells which of the house's themes a stored theme is; undefined for any other. */
export const houseOf = (theme: Pick<OfficialTheme, 'type'>): HouseTheme | undefined =>
  houseThemes.find((name) => themes[name].type === theme.type);
