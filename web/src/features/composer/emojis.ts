/** Which emojis may be meant by a colon. */
import { type EmojiData, loadEmojiData } from '@/features/emoji/data';
import { recentEmojis, skinTone } from '@/features/emoji/recent';
import { tonedName } from '@/features/emoji/tone';
import type { State } from '@/store/store';
import type { Section, Suggestion } from './suggestion';

const most = 20;
let data: EmojiData | undefined;
let language = '';

/** areEmojisThere tells whether the data of a language has been loaded. */
export const areEmojisThere = (locale: string): boolean => data !== undefined && language === locale;

/** askEmojis loads it. It rejects when the chunk can't be loaded. */
export async function askEmojis(locale: string): Promise<void> {
  const loaded = await loadEmojiData(locale);
  data = loaded;
  language = locale;
}

/** suggestEmojis lists what can be meant: what one often uses comes first among those whose name begins so. */
export function suggestEmojis(state: State, query: string): Section[] {
  if (!data) return [];
  const used = recentEmojis(state);
  const tone = skinTone(state);
  const word = query.toLowerCase();
  const found = data.find(query, 60).map((entry, place) => {
    const name = tonedName(entry, tone);
    const begins = entry.names.some((one) => one.startsWith(word));
    const often = used.findIndex((one) => one === name || one === entry.name);
    const rank = entry.names.includes(word) ? -2 : begins && often >= 0 ? -1 + often / 1000 : place;
    return { entry, name, rank };
  });
  found.sort((a, b) => a.rank - b.rank);
  const items = found.slice(0, most).map(
    ({ entry, name }): Suggestion => ({
      kind: 'emoji',
      id: name,
      name,
      label: entry.label,
      url: entry.url,
      insert: `:${name}: `,
    }),
  );
  return items.length > 0 ? [{ id: 'emojis', items }] : [];
}
