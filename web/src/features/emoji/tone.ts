/** Emojis in the skin tone that a person chose. */
import { glyphs, type Tone } from '@/markdown/glyphs';
import type { EmojiEntry } from './data';

/** tonedName is the name that is written for an emoji in a tone. */
export function tonedName(entry: Pick<EmojiEntry, 'name' | 'tones'>, tone: Tone | undefined): string {
  return tone && entry.tones > 0 ? `${entry.name}_${tone}_skin_tone` : entry.name;
}

/** tonedGlyph is the character of an emoji in a tone; undefined for a custom one. */
export function tonedGlyph(entry: EmojiEntry, tone: Tone | undefined): string | undefined {
  return tone && entry.tones > 0 ? (glyphs().glyphOf(tonedName(entry, tone)) ?? entry.glyph) : entry.glyph;
}
