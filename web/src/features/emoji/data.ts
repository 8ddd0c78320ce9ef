/** All emojis with their words in one language: for pickers and autocompletes. Loaded when first wanted. */
import { useEffect, useState } from 'react';
import { useIntl } from 'react-intl';
import type { GlyphTable } from '@/markdown/glyphs';
import { loadGlyphs } from '@/markdown/glyphs';
import { type CustomEmoji, customEmojis } from './custom';
import { isDrawn } from './fonts';
import { type Searchable, search, searchable } from './search';

/** The groups of pickers, in their order; custom emojis come last. */
export const groupIds = [
  'smileys',
  'people',
  'nature',
  'food',
  'travel',
  'activities',
  'objects',
  'symbols',
  'flags',
] as const;
export type GroupId = (typeof groupIds)[number] | 'custom';

/** EmojiEntry is one emoji as pickers show it. */
export interface EmojiEntry extends Searchable {
  /** The name that it is written with, without a skin tone. */
  name: string;
  glyph?: string;
  /** The picture of a custom one. */
  url?: string;
  tones: number;
}

/** EmojiGroup is a chapter of the picker. */
export interface EmojiGroup {
  id: GroupId;
  entries: readonly EmojiEntry[];
}

/** EmojiData is everything in one language. */
export interface EmojiData {
  groups: readonly EmojiGroup[];
  /** entry finds an emoji by any of its names, with or without a skin tone. */
  entry(name: string): EmojiEntry | undefined;
  /** find searches names and words, accents and case aside, the best first. */
  find(query: string, limit?: number): EmojiEntry[];
}

function entriesOf(table: GlyphTable, words: readonly (readonly string[])[]): EmojiEntry[][] {
  return table.groups.map((group, g) =>
    group.flatMap((emoji, index) => {
      // What the reader's fonts can't draw would be a hole in the grid.
      if (emoji.version && !isDrawn(emoji.version, emoji.glyph)) return [];
      const [label = '', ...keywords] = (words[g]?.[index] ?? '').split('|');
      const name = emoji.names[0] ?? '';
      return [{ name, glyph: emoji.glyph, tones: emoji.tones, ...searchable(emoji.names, label, keywords) }];
    }),
  );
}

const customEntry = ({ name, url }: CustomEmoji): EmojiEntry => ({
  name,
  url,
  tones: 0,
  ...searchable([name], name.replace(/[_-]+/g, ' '), []),
});

function dataOf(table: GlyphTable, words: readonly (readonly string[])[]): EmojiData {
  const lists = entriesOf(table, words);
  const system = lists.flat();
  const byName = new Map(system.flatMap((entry) => entry.names.map((name) => [name, entry] as const)));
  const custom = () => customEmojis().map(customEntry);
  return {
    get groups() {
      const own = custom();
      const shown: EmojiGroup[] = groupIds.map((id, i) => ({ id, entries: lists[i] ?? [] }));
      if (own.length > 0) shown.push({ id: 'custom', entries: own });
      return shown;
    },
    entry(name) {
      const base = table.find(name)?.emoji.names[0];
      return byName.get(base ?? name) ?? custom().find((entry) => entry.name === name);
    },
    find: (query, limit) => search([...custom(), ...system], query, limit),
  };
}

const loading = new Map<string, Promise<EmojiData>>();
const loaded = new Map<string, EmojiData>();

async function load(language: string): Promise<EmojiData> {
  const [table, words] = await Promise.all([
    loadGlyphs(),
    language === 'fr' ? import('./words/fr.json') : import('./words/en.json'),
  ]);
  const data = dataOf(table, words.default);
  loaded.set(language, data);
  return data;
}

/** loadEmojiData fetches the data of a language once. It rejects when it can't; the next call tries again. */
export function loadEmojiData(locale: string): Promise<EmojiData> {
  const language = locale.startsWith('fr') ? 'fr' : 'en';
  let promise = loading.get(language);
  if (!promise) {
    promise = load(language);
    promise.catch(() => loading.delete(language));
    loading.set(language, promise);
  }
  return promise;
}

/** useEmojiData returns the data in the reader's language, undefined until it is there, and whether it failed. */
export function useEmojiData(): { data?: EmojiData; failed: boolean; retry: () => void } {
  const { locale } = useIntl();
  const [state, setState] = useState<{ data?: EmojiData; failed: boolean }>(() => ({
    data: loaded.get(locale),
    failed: false,
  }));
  const [tries, setTries] = useState(0);
  useEffect(() => {
    let gone = false;
    loadEmojiData(locale).then(
      (data) => !gone && setState({ data, failed: false }),
      () => !gone && setState({ failed: true }),
    );
    return () => {
      gone = true;
    };
  }, [locale, tries]);
  return { ...state, retry: () => setTries((n) => n + 1) };
}
