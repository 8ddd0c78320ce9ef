/**
 * The theme of the page: tokens on the root element. What was shown last is kept on this device and stands before the
 * first paint, since the page's policy allows no script but the client's own.
 */

import { getState, store } from '@/store/store';
import { storedTheme } from '@/store/theme';
import { houseOf } from '@/ui/theme/house';
import { type OfficialTheme, parseTheme } from '@/ui/theme/official';
import { type Look, lookOf } from '@/ui/theme/tokens';

const key = 'parley.theme';
const darkScheme = '(prefers-color-scheme: dark)';

const plain = (scheme: Look['scheme']): Look => ({ scheme, tokens: {} });

function readTheme(value: string): OfficialTheme | undefined {
  if (!value) return undefined;
  const read = parseTheme(value);
  return 'theme' in read ? read.theme : undefined;
}

/** lookFor is what a stored theme looks like on this device. Without one, or with one that can't be read, the device decides. */
export function lookFor(value: string, deviceIsDark: boolean): Look {
  const theme = readTheme(value);
  const house = theme ? houseOf(theme) : 'system';
  if (!theme || house === 'system') return plain(deviceIsDark ? 'dark' : 'light');
  if (house === 'light' || house === 'dark') return plain(house);
  return lookOf(theme);
}

let shown: string | undefined;
let placed: readonly string[] = [];

/** show puts a look on the page. */
function show(look: Look): void {
  const text = JSON.stringify(look);
  if (text === shown) return;
  shown = text;
  const root = document.documentElement;
  root.dataset.theme = look.scheme;
  for (const name of placed) if (!(name in look.tokens)) root.style.removeProperty(name);
  placed = Object.keys(look.tokens);
  for (const [name, value] of Object.entries(look.tokens)) root.style.setProperty(name, value);
  root.toggleAttribute('data-own-theme', placed.length > 0);
  if (look.codeTheme) root.dataset.codeTheme = look.codeTheme;
  else delete root.dataset.codeTheme;
  const paper = getComputedStyle(root).getPropertyValue('--paper').trim();
  if (paper) document.querySelector('meta[name="theme-color"]')?.setAttribute('content', paper);
}

function kept(): string {
  try {
    return localStorage.getItem(key) ?? '';
  } catch {
    // Forbidden storage costs only the first look.
    return '';
  }
}

function keep(value: string): void {
  try {
    if (value) localStorage.setItem(key, value);
    else localStorage.removeItem(key);
  } catch {
    // As above.
  }
}

const media = (): MediaQueryList => window.matchMedia(darkScheme);

/** startTheme shows the theme of last time, and from now on the one that is chosen, here or on another device. */
export function startTheme(): void {
  let value = kept();
  const draw = () => show(lookFor(value, media().matches));
  draw();
  media().addEventListener('change', draw);
  store.subscribe((state, before) => {
    const same =
      state.preferences === before.preferences &&
      state.place.teamId === before.place.teamId &&
      state.server.config === before.server.config &&
      state.users.me === before.users.me;
    // Before the preferences are there, and after sign-out, what stands stays.
    if (same || !state.users.me || Object.keys(state.preferences).length === 0) return;
    const next = storedTheme(getState(), state.place.teamId);
    if (next === value) return;
    value = next;
    keep(value);
    draw();
  });
}
