/**
 * The emojis that every server has: their names and the characters they are drawn with. The most usual ones are there
 * at once. The whole data is a chunk of its own, fetched after the first screen when an emoji is to be shown; what shows
 * one is drawn again when it arrives.
 */
import { useSyncExternalStore } from 'react';
import { whenQuiet } from '@/ui/quiet';
import { usualGlyphs } from './usualGlyphs';

/** SystemEmoji is one emoji of the system. The first name is the one it is written with. */
export interface SystemEmoji {
  readonly glyph: string;
  readonly names: readonly string[];
  /** How many people in it can be given a skin tone. */
  readonly tones: number;
  /** The version of Unicode's emojis that brought it, when fonts in use may lack it. */
  readonly version?: string;
}

/** GlyphTable is the loaded data. */
export interface GlyphTable {
  /** Every emoji is in it; before that, a name that isn't may yet be one. */
  readonly whole: boolean;
  /** The emojis of each group, in the order of pickers. */
  readonly groups: readonly (readonly SystemEmoji[])[];
  /** glyphOf returns the character of a name, with its skin tones. */
  glyphOf(name: string): string | undefined;
  /** find returns the emoji of a name and the tones in the name. */
  find(name: string): { emoji: SystemEmoji; tones: Tone[] } | undefined;
  /** nameOf returns the name of a character, with its skin tones. */
  nameOf(glyph: string): string | undefined;
}

/** The skin tones, as names spell them. */
export const tones = ['light', 'medium_light', 'medium', 'medium_dark', 'dark'] as const;
export type Tone = (typeof tones)[number];

const marks: Record<Tone, string> = {
  light: '\u{1F3FB}',
  medium_light: '\u{1F3FC}',
  medium: '\u{1F3FD}',
  medium_dark: '\u{1F3FE}',
  dark: '\u{1F3FF}',
};

const toneSuffix = /_(medium_light|medium_dark|light|medium|dark)_skin_tone$/;

interface Data {
  groups: string[][];
  hidden: string[];
  pairs: Record<string, string>;
  toned: Record<string, string>;
  versions: Record<string, string[]>;
}

function toEmoji(line: string, versions: ReadonlyMap<string, string>): SystemEmoji {
  const [glyph = '', ...names] = line.split(' ');
  const last = names.at(-1) ?? '';
  const count = names.length > 1 && /^[12]$/.test(last) ? Number(names.pop()) : 0;
  return { glyph, names, tones: count, version: versions.get(names[0] ?? '') };
}

function cutTones(name: string): { base: string; given: Tone[] } {
  const given: Tone[] = [];
  let base = name;
  for (let found = toneSuffix.exec(base); found && given.length < 2; found = toneSuffix.exec(base)) {
    given.unshift(found[1] as Tone);
    base = base.slice(0, found.index);
  }
  return { base, given };
}

/** A tone follows each person of a glyph, in the place of a mark of presentation. */
function withTone(glyph: string, tone: Tone): string {
  return glyph.replace(/(\p{Emoji_Modifier_Base})\uFE0F?/gu, `$1${marks[tone]}`);
}

function tableOf(data: Data, whole: boolean): GlyphTable {
  const versions = new Map(
    Object.entries(data.versions).flatMap(([v, names]) => names.map((name) => [name, v] as const)),
  );
  const groups = data.groups.map((lines) => lines.map((line) => toEmoji(line, versions)));
  const byName = new Map<string, SystemEmoji>();
  const byGlyph = new Map<string, SystemEmoji>();
  for (const emoji of [...groups.flat(), ...data.hidden.map((line) => toEmoji(line, versions))]) {
    for (const name of emoji.names) byName.set(name, emoji);
    const plain = emoji.glyph.replaceAll('\uFE0F', '');
    if (!byGlyph.has(plain)) byGlyph.set(plain, emoji);
  }
  const find: GlyphTable['find'] = (name) => {
    const whole = byName.get(name);
    if (whole) return { emoji: whole, tones: [] };
    const { base, given } = cutTones(name);
    const emoji = given.length > 0 ? byName.get(base) : undefined;
    return emoji && given.length <= emoji.tones ? { emoji, tones: given } : undefined;
  };
  const glyphOf: GlyphTable['glyphOf'] = (name) => {
    const found = find(name);
    if (!found) return undefined;
    const [first, second] = found.tones;
    if (!first) return found.emoji.glyph;
    if (!second) return data.toned[name] ?? withTone(found.emoji.glyph, first);
    const pair = data.pairs[cutTones(name).base];
    return pair?.replace('1', marks[first]).replace('2', marks[second]);
  };
  return { whole, groups, find, glyphOf, nameOf: (glyph) => nameOf(glyph, byGlyph) };
}

function nameOf(glyph: string, byGlyph: ReadonlyMap<string, SystemEmoji>): string | undefined {
  const plain = glyph.replaceAll('\uFE0F', '');
  const whole = byGlyph.get(plain)?.names[0];
  if (whole) return whole;
  const tone = tones.find((t) => plain.includes(marks[t]));
  const bare = tone && byGlyph.get(plain.replaceAll(marks[tone], ''));
  return bare ? `${bare.names[0]}_${tone}_skin_tone` : undefined;
}

const usual: Data = { groups: [[...usualGlyphs]], hidden: [], pairs: {}, toned: {}, versions: {} };

let table = tableOf(usual, false);
let loading: Promise<GlyphTable> | undefined;
const waiting = new Set<() => void>();

/** loadGlyphs fetches the data once. It rejects when the chunk can't be fetched; the next call tries again. */
export function loadGlyphs(): Promise<GlyphTable> {
  loading ??= import('./glyphs.json').then(
    (data) => {
      table = tableOf(data.default as unknown as Data, true);
      for (const tell of waiting) tell();
      return table;
    },
    (error: unknown) => {
      loading = undefined;
      throw error;
    },
  );
  return loading;
}

/** glyphs returns what is there of the data. */
export function glyphs(): GlyphTable {
  return table;
}

let asked = false;

function subscribe(tell: () => void): () => void {
  waiting.add(tell);
  // A name that isn't known stays a name, which reads well enough; the next message with an emoji asks again.
  if (!table.whole && !asked) {
    asked = true;
    whenQuiet(() => {
      asked = false;
      loadGlyphs().catch(() => undefined);
    });
  }
  return () => {
    waiting.delete(tell);
  };
}

/** useGlyphs returns what is there of the data; using it fetches the whole. */
export function useGlyphs(): GlyphTable {
  return useSyncExternalStore(subscribe, glyphs, glyphs);
}

/** toned returns the name of an emoji with a skin tone, or the name itself when it can't have one. */
export function toned(emoji: SystemEmoji, tone: Tone | undefined): string {
  const name = emoji.names[0] ?? '';
  return tone && emoji.tones > 0 ? `${name}_${tone}_skin_tone` : name;
}
