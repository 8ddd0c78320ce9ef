/** What plain running text holds without any markup: addresses, emoticons, emojis typed as characters. */
import { emoticonName, emoticonSource } from './emoticons';
import { bareSource, isBareAddress } from './hosts';
import { safeHref } from './links';
import type { Inline } from './tree';

const pictograph =
  '(?:\\p{Emoji_Presentation}|\\p{Extended_Pictographic}\\uFE0F|\\p{Emoji_Modifier_Base}[\\u{1F3FB}-\\u{1F3FF}])[\\u{1F3FB}-\\u{1F3FF}]?\\uFE0F?';
const joined = '(?:\\u200D\\p{Extended_Pictographic}[\\u{1F3FB}-\\u{1F3FF}]?\\uFE0F?)*';
/** The source of a regular expression for an emoji typed as a character. */
export const glyphSource = `(?:[\\u{1F1E6}-\\u{1F1FF}]{2}|[#*0-9]\\uFE0F?\\u20E3|${pictograph}[\\u{E0020}-\\u{E007F}]*${joined})`;

// A host begins a word, in small letters or with a capital as a sentence does: `www.`, or a name with an ending.
const hostStart = `(?<![\\p{L}\\p{N}/.@_:~$\\\\-])(?<www>www\\.|(?<bare>${bareSource}))`;

// One pass over a text stops at whatever may begin something.
const triggers = new RegExp(
  `(?<glyph>${glyphSource})|(?<=^|\\s)(?<face>${emoticonSource})(?=$|[\\s.,!?])|${hostStart}|(?<at>@)`,
  'giu',
);
const withoutFaces = new RegExp(`(?<glyph>${glyphSource})|${hostStart}|(?<at>@)|(?<face>(?!))`, 'giu');

const web = new Set(['http', 'https', 'mailto']);

/** splitText appends the pieces of a text to out. With `bare` only emojis count: a link's words hold no other link. */
export function splitText(text: string, out: Inline[], bare = false): void {
  const pattern = /[:;<xX]/.test(text) ? triggers : withoutFaces;
  pattern.lastIndex = 0;
  let from = 0;
  for (let match = pattern.exec(text); match; match = pattern.exec(text)) {
    const found = bare && !match.groups?.glyph && !match.groups?.face ? undefined : pieceAt(text, match, from);
    if (!found) continue;
    if (found.start > from) out.push({ type: 'text', text: text.slice(from, found.start) });
    out.push(found.piece);
    from = found.end;
    pattern.lastIndex = from;
  }
  if (from < text.length) out.push({ type: 'text', text: from ? text.slice(from) : text });
}

interface Found {
  piece: Inline;
  start: number;
  end: number;
}

function pieceAt(text: string, match: RegExpExecArray, from: number): Found | undefined {
  const { glyph, face, www, bare, at } = match.groups ?? {};
  const start = match.index;
  if (glyph) return { piece: { type: 'glyph', text: glyph }, start, end: start + glyph.length };
  const name = face && emoticonName(face);
  if (face && name) return { piece: { type: 'emoticon', text: face, name }, start, end: start + face.length };
  if (www) return hostAt(text, start, bare !== undefined);
  if (at) return mailAt(text, start, from);
  return undefined;
}

function hostAt(text: string, start: number, bare: boolean): Found | undefined {
  const end = addressEnd(text, start);
  const shown = text.slice(start, end);
  const meant = bare ? isBareAddress(shown) : /^www\.[^\s./]+\.[^\s.]/i.test(shown);
  const href = meant ? safeHref(`http${bare ? 's' : ''}://${shown}`, web) : undefined;
  return href ? { piece: { type: 'link', href, children: [{ type: 'text', text: shown }] }, start, end } : undefined;
}

const mailName = /[A-Za-z0-9._%+-]/;
const mailHost = /[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*\.[A-Za-z]{2,24}(?![A-Za-z0-9-])/y;

function mailAt(text: string, at: number, from: number): Found | undefined {
  let start = at;
  while (start > from && at - start < 64 && mailName.test(text.charAt(start - 1))) start--;
  while (start < at && /[.%+-]/.test(text.charAt(start))) start++;
  mailHost.lastIndex = at + 1;
  const host = start < at ? mailHost.exec(text)?.[0] : undefined;
  if (!host || host.length > 253) return undefined;
  const shown = `${text.slice(start, at)}@${host}`;
  return {
    piece: { type: 'link', href: `mailto:${shown}`, children: [{ type: 'text', text: shown }] },
    start,
    end: at + 1 + host.length,
  };
}

const closers: Record<string, string> = { ')': '(', ']': '[', '}': '{' };

/**
 * addressEnd returns where an address that begins at start ends: before a blank or an angle bracket, without the
 * punctuation that belongs to the sentence around it, and without a bracket that was not opened inside.
 */
export function addressEnd(text: string, start: number): number {
  let end = start;
  const open: Record<string, number> = {};
  while (end < text.length) {
    const c = text.charAt(end);
    if (/[\s<>"\u00ab\u00bb\u201c\u201d`]/.test(c)) break;
    if (c === '(' || c === '[' || c === '{') open[c] = (open[c] ?? 0) + 1;
    const opener = closers[c];
    if (opener) {
      if (!open[opener]) break;
      open[opener]--;
    }
    end++;
  }
  while (end > start && /[?!.,:;*_~'’|]/.test(text.charAt(end - 1))) end--;
  return end;
}

/** schemeBefore returns the scheme that the end of a text spells, as in `see https`, when it is an allowed one. */
export function schemeBefore(text: string, schemes: ReadonlySet<string>): string | undefined {
  const name = /(?:^|[^a-z0-9+.-])([a-z][a-z0-9+.-]{1,30})$/i.exec(text.slice(-33))?.[1];
  return name && schemes.has(name.toLowerCase()) ? name : undefined;
}
