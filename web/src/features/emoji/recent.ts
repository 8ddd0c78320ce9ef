/** Which emojis one uses, and in which skin tone: preferences, which every device of a person shares. */
import { savePreferences } from '@/api/server';
import type { Tone } from '@/markdown/glyphs';
import { savePreference } from '@/realtime/save';
import { preference } from '@/store/preferences';
import { dispatch, getState, type State } from '@/store/store';

const most = 45;
const saveAfter = 3_000;

interface Used {
  name: string;
  usageCount: number;
}

/** The skin tones as the protocol writes them. */
const toneCodes: Record<Tone, string> = {
  light: '1F3FB',
  medium_light: '1F3FC',
  medium: '1F3FD',
  medium_dark: '1F3FE',
  dark: '1F3FF',
};

function parseUsed(value: string): Used[] {
  try {
    const list: unknown = JSON.parse(value || '[]');
    if (!Array.isArray(list)) return [];
    return list.flatMap((one) =>
      typeof one?.name === 'string' ? [{ name: one.name, usageCount: Number(one.usageCount) || 1 }] : [],
    );
  } catch {
    // Other clients write this too; what can't be read counts as nothing.
    return [];
  }
}

let lastValue = '';
let lastNames: readonly string[] = [];

/** recentEmojis lists the names that one used, the most used first. The same state gives the same list. */
export function recentEmojis(state: State): readonly string[] {
  const value = preference(state.preferences, 'recent_emojis', state.users.me, '[]');
  if (value !== lastValue) {
    lastValue = value;
    lastNames = parseUsed(value)
      .map((used, place) => ({ ...used, place }))
      .sort((a, b) => b.usageCount - a.usageCount || b.place - a.place)
      .map(({ name }) => name);
  }
  return lastNames;
}

/** counted notes a use: the count grows, and the emoji stands last, which is where the newest are. */
export function counted(value: string, name: string): string {
  const list = parseUsed(value);
  const known = list.find((one) => one.name === name);
  const rest = list.filter((one) => one.name !== name);
  // The least used makes room, the oldest of them first.
  if (!known && rest.length >= most)
    rest.splice(rest.indexOf(rest.reduce((a, b) => (b.usageCount < a.usageCount ? b : a))), 1);
  return JSON.stringify([...rest, { name, usageCount: (known?.usageCount ?? 0) + 1 }]);
}

let timer: ReturnType<typeof setTimeout> | undefined;

function saveUsed(): void {
  if (timer === undefined) return;
  clearTimeout(timer);
  timer = undefined;
  const { users, preferences } = getState();
  if (!users.me) return;
  const value = preference(preferences, 'recent_emojis', users.me, '[]');
  // Nobody waits for this; the next use saves it again.
  savePreferences([{ user_id: users.me, category: 'recent_emojis', name: users.me, value }]).catch(() => undefined);
}

let watched = false;

/** noteEmoji remembers that one used an emoji: here at once, on the server a little later and not for each. */
export function noteEmoji(name: string): void {
  const { me } = getState().users;
  if (!me) return;
  const value = counted(preference(getState().preferences, 'recent_emojis', me, '[]'), name);
  dispatch({
    type: 'preferences/received',
    preferences: [{ user_id: me, category: 'recent_emojis', name: me, value }],
  });
  clearTimeout(timer);
  timer = setTimeout(saveUsed, saveAfter);
  if (watched) return;
  watched = true;
  // A page that is put away may not come back.
  document.addEventListener('visibilitychange', () => document.visibilityState === 'hidden' && saveUsed());
}

/** skinTone is the tone in which one's emojis are drawn; undefined for none. */
export function skinTone(state: State): Tone | undefined {
  const code = preference(state.preferences, 'emoji', 'emoji_skintone', 'default').toUpperCase();
  return (Object.keys(toneCodes) as Tone[]).find((tone) => toneCodes[tone] === code);
}

/** chooseSkinTone remembers a tone. It fails with an `ApiError`, and the old tone stands again. */
export async function chooseSkinTone(tone: Tone | undefined): Promise<void> {
  await savePreference('emoji', 'emoji_skintone', tone ? toneCodes[tone] : 'default');
}
