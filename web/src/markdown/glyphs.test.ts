import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { type GlyphTable, loadGlyphs, toned } from './glyphs';
import data from './glyphs.json';
import { glyphSource } from './text';
import { usualGlyphs } from './usualGlyphs';

let table: GlyphTable;
beforeAll(async () => {
  table = await loadGlyphs();
});

/** The names that the server knows, and how many tones each takes. */
const served = readFileSync('../internal/model/emoji_names.txt', 'utf8')
  .trim()
  .split('\n')
  .map((line) => line.split(' '))
  .map(([name = '', tones = '0']) => ({ name, tones: Number(tones) }));

describe('emojis of the system', () => {
  it('have exactly the names that the server knows', () => {
    const known = new Set(served.map(({ name }) => name));
    expect(served.filter(({ name }) => !table.glyphOf(name))).toEqual([]);
    expect(
      table.groups
        .flat()
        .flatMap((emoji) => emoji.names)
        .filter((name) => !known.has(name)),
    ).toEqual([]);
  });

  it('have the usual ones among them, written alike', () => {
    const lines = new Set(data.groups.flat());
    expect(usualGlyphs.filter((line) => !lines.has(line))).toEqual([]);
    expect(usualGlyphs.length).toBeLessThan(120);
  });

  it('take as many skin tones as the server says', () => {
    for (const { name, tones } of served) {
      expect([table.glyphOf(`${name}_dark_skin_tone`) !== undefined, name]).toEqual([tones >= 1, name]);
      const two = table.glyphOf(`${name}_dark_skin_tone_light_skin_tone`);
      expect([two !== undefined, name]).toEqual([tones === 2, name]);
    }
    expect(table.glyphOf('smile_dark_skin_tone')).toBeUndefined();
  });

  it('are drawn with the tones in their places', () => {
    expect(table.glyphOf('wave_medium_light_skin_tone')).toBe('👋🏼');
    expect(table.glyphOf('male-detective_dark_skin_tone')).toBe('🕵🏿‍♂️');
    expect(table.glyphOf('handshake_light_skin_tone_dark_skin_tone')).toBe('🫱🏻‍🫲🏿');
    expect(table.glyphOf('woman-kiss-man_light_skin_tone_dark_skin_tone')).toBe('👩🏻‍❤️‍💋‍👨🏿');
  });

  it('are found by their glyph again, and in text', () => {
    expect(table.nameOf('😄')).toBe('smile');
    expect(table.nameOf('👋🏿')).toBe('wave_dark_skin_tone');
    expect(table.nameOf('☺')).toBe('relaxed');
    const pattern = new RegExp(`^${glyphSource}$`, 'iu');
    const missed = served.filter(({ name }) => !pattern.test(table.glyphOf(name) ?? ''));
    // Bare characters that are text by default count as text.
    expect(missed.map(({ name }) => name)).toEqual([]);
  });

  it('are written with a tone where they have one', () => {
    const wave = table.find('wave')?.emoji;
    const smile = table.find('smile')?.emoji;
    expect(wave && toned(wave, 'dark')).toBe('wave_dark_skin_tone');
    expect(smile && toned(smile, 'dark')).toBe('smile');
  });
});
