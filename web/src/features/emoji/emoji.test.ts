import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { loadGlyphs } from '@/markdown/glyphs';
import { dispatch, getState } from '@/store/store';
import { setCustomEmojis } from './custom';
import { type EmojiData, loadEmojiData } from './data';
import { entryAt, firstCell, move, rowsOf } from './grid';
import { counted, recentEmojis, skinTone } from './recent';
import { tonedName } from './tone';

let en: EmojiData;
let fr: EmojiData;
beforeAll(async () => {
  await loadGlyphs();
  [en, fr] = await Promise.all([loadEmojiData('en'), loadEmojiData('fr-CA')]);
});

const names = (data: EmojiData, query: string, limit = 5) => data.find(query, limit).map((entry) => entry.name);

describe('searching emojis', () => {
  it('finds by name, the exact one first', () => {
    expect(names(en, '+1')[0]).toBe('+1');
    expect(names(en, 'smile')[0]).toBe('smile');
    expect(names(en, ':thumbs')).toContain('+1');
    expect(names(en, 'tada')[0]).toBe('tada');
  });
  it('finds by words of the reader’s language, accents and case aside', () => {
    expect(names(fr, 'éléphant')[0]).toBe('elephant');
    expect(names(fr, 'ELEPHANT')[0]).toBe('elephant');
    expect(names(fr, 'fete', 30)).toContain('tada');
    expect(names(en, 'party popper')[0]).toBe('tada');
    expect(names(en, 'qqqqq')).toEqual([]);
    expect(names(en, '  ')).toEqual([]);
  });
  it('has a label for each emoji in both languages', () => {
    for (const data of [en, fr]) {
      expect(data.groups.flatMap((group) => group.entries).filter((entry) => !entry.label || !entry.glyph)).toEqual([]);
    }
    expect(fr.entry('wave_dark_skin_tone')?.label).toBe('signe de la main');
    expect(fr.entry('thumbsup')?.name).toBe('+1');
  });
  it('takes custom emojis in', () => {
    setCustomEmojis([{ id: 'x', name: 'party_parrot', url: '/x' }]);
    expect(names(en, 'party_p')[0]).toBe('party_parrot');
    expect(en.groups.at(-1)?.id).toBe('custom');
    expect(en.entry('party_parrot')?.url).toBe('/x');
    setCustomEmojis([]);
    expect(en.groups.at(-1)?.id).toBe('flags');
  });
});

describe('walking the grid', () => {
  it('goes through lines and over titles, and stays at the ends', () => {
    const all = en.groups.flatMap((group) => group.entries);
    const rows = rowsOf(
      [
        { id: 'recent', entries: all.slice(0, 4) },
        { id: 'found', entries: [] },
        { id: 'flags', entries: all.slice(4, 9) },
      ],
      3,
    );
    expect(rows.map((row) => (row.kind === 'title' ? row.id : row.entries.length))).toEqual([
      'recent',
      3,
      1,
      'flags',
      3,
      2,
    ]);
    const start = firstCell(rows);
    expect(start).toEqual({ row: 1, column: 0 });
    let cell = start ?? { row: 0, column: 0 };
    const walk = (...keys: string[]) => {
      for (const key of keys) cell = move(rows, cell, key);
      return cell;
    };
    expect(walk('ArrowRight', 'ArrowRight', 'ArrowDown')).toEqual({ row: 2, column: 0 });
    expect(walk('ArrowRight')).toEqual({ row: 4, column: 0 });
    expect(walk('ArrowLeft', 'ArrowLeft')).toEqual({ row: 1, column: 2 });
    expect(walk('PageDown')).toEqual({ row: 5, column: 1 });
    expect(walk('ArrowRight', 'ArrowRight', 'ArrowDown')).toEqual({ row: 5, column: 1 });
    expect(walk('PageUp', 'ArrowLeft', 'ArrowLeft', 'ArrowUp')).toEqual({ row: 1, column: 0 });
    expect(entryAt(rows, { row: 4, column: 1 })).toBe(all[5]);
    expect(entryAt(rows, { row: 3, column: 0 })).toBeUndefined();
  });
});

describe('what one uses', () => {
  beforeEach(() => dispatch({ type: 'signed-out' }));
  const prefer = (category: string, name: string, value: string) =>
    dispatch({ type: 'preferences/received', preferences: [{ user_id: 'me', category, name, value }] });

  it('stands most used first, the newest of equals first', () => {
    dispatch({ type: 'users/me', user: { id: 'me', username: 'me', update_at: 1 } as never });
    let value = '';
    for (const name of ['a', 'b', 'a', 'c']) value = counted(value, name);
    prefer('recent_emojis', 'me', value);
    expect(recentEmojis(getState())).toEqual(['a', 'c', 'b']);
    prefer('recent_emojis', 'me', 'not JSON');
    expect(recentEmojis(getState())).toEqual([]);
  });
  it('is bounded, the least used going first', () => {
    let value = counted('', 'often');
    value = counted(value, 'often');
    for (let i = 0; i < 100; i++) value = counted(value, `n${i}`);
    const list = JSON.parse(value) as { name: string }[];
    expect(list.length).toBe(45);
    expect(list.some(({ name }) => name === 'often')).toBe(true);
    expect(list.at(-1)?.name).toBe('n99');
  });
  it('is written in the tone that one chose', () => {
    expect(skinTone(getState())).toBeUndefined();
    prefer('emoji', 'emoji_skintone', '1F3FF');
    expect(skinTone(getState())).toBe('dark');
    expect(tonedName({ name: 'wave', tones: 1 }, 'dark')).toBe('wave_dark_skin_tone');
    expect(tonedName({ name: 'smile', tones: 0 }, 'dark')).toBe('smile');
  });
});
