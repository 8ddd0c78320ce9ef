/** The marks that messages know beside those of markdown: mentions, channels, hashtags, emojis, addresses, formulas. */
import type { StateBlock, StateInline } from 'markdown-it';
import { safeHref, safeImage } from './links';
import { addressEnd, schemeBefore } from './text';

type Rule = (state: StateInline, silent: boolean) => boolean;

const wordEnd = /[\p{L}\p{N}]$/u;

/** before returns the character that stands before the position, or '' at the beginning. */
function before(state: StateInline): string {
  const { pos, src } = state;
  if (pos === 0) return '';
  const low = src.charCodeAt(pos - 1);
  return low >= 0xdc00 && low <= 0xdfff ? src.slice(pos - 2, pos) : src.charAt(pos - 1);
}

function match(pattern: RegExp, state: StateInline): string | undefined {
  pattern.lastIndex = state.pos;
  const found = pattern.exec(state.src)?.[0];
  return found && state.pos + found.length <= state.posMax ? found : undefined;
}

// In `_hello @ana_` the last underscore ends the emphasis and isn't part of the name.
function withoutClosing(state: StateInline, name: string): string {
  if (!name.endsWith('_')) return name;
  const recent = state.delimiters.slice(-40);
  return recent.some((d) => d.marker === 0x5f && d.open) ? name.replace(/_+$/, '') : name;
}

function push(state: StateInline, silent: boolean, type: string, content: string, length: number): true {
  if (!silent) state.push(type, '', 0).content = content;
  state.pos += length;
  return true;
}

const mentionName = /@[a-z0-9._-]+/iy;
const channelName = /~[a-z0-9_-]+/iy;

const mention: Rule = (state, silent) => {
  if (state.src.charCodeAt(state.pos) !== 0x40 || state.linkLevel > 0) return false;
  const previous = before(state);
  if (previous === '@' || wordEnd.test(previous)) return false;
  const found = match(mentionName, state);
  const name = found && withoutClosing(state, found.slice(1));
  return name && /[a-z0-9]/i.test(name) ? push(state, silent, 'mention', name, name.length + 1) : false;
};

const channel: Rule = (state, silent) => {
  if (state.src.charCodeAt(state.pos) !== 0x7e || state.linkLevel > 0) return false;
  const previous = before(state);
  if (previous === '~' || previous === '_' || wordEnd.test(previous)) return false;
  const found = match(channelName, state);
  const name = found && withoutClosing(state, found.slice(1));
  return name && /[a-z0-9]/i.test(name) ? push(state, silent, 'channel', name, name.length + 1) : false;
};

// A tag is a whole word of the text, without the punctuation around it; letters of any script.
const hashtagWord = /#+\p{L}[\p{L}\d\-_.]*[\p{L}\d](?=[^\p{L}\d\s]*(?:\s|$))/uy;

const hashtag: Rule = (state, silent) => {
  if (state.src.charCodeAt(state.pos) !== 0x23 || state.linkLevel > 0) return false;
  const previous = before(state);
  if (previous === '#' || previous === '&' || wordEnd.test(previous)) return false;
  const found = match(hashtagWord, state);
  return found ? push(state, silent, 'hashtag', found.replace(/^#+/, '#'), found.length) : false;
};

// `:a:b:` may mean either name, depending on which exist: the whole chain is kept.
const emojiChain = /:(?:[a-z0-9_+-]{1,64}:)+/iy;

const emoji: Rule = (state, silent) => {
  if (state.src.charCodeAt(state.pos) !== 0x3a) return false;
  const found = match(emojiChain, state);
  return found ? push(state, silent, 'emoji', found.slice(1, -1), found.length) : false;
};

/** autolink makes `https://…` a link as it stands. */
const address =
  (schemes: ReadonlySet<string>): Rule =>
  (state, silent) => {
    const { src, pos } = state;
    if (silent || src.charCodeAt(pos) !== 0x3a || state.linkLevel > 0) return false;
    const scheme = schemeBefore(state.pending, schemes);
    if (!scheme) return false;
    const start = pos - scheme.length;
    if (src.slice(start, pos) !== scheme) return false;
    const end = Math.min(addressEnd(src, start), state.posMax);
    const text = src.slice(start, end);
    if (!/^(?:mailto:[^\s@]+@[^\s@]+|tel:\+?[\d().-]{3,}|[a-z0-9+.-]+:\/\/[^\s/?#]\S*)$/i.test(text)) return false;
    const href = safeHref(text, schemes);
    if (!href) return false;
    state.pending = state.pending.slice(0, -scheme.length);
    state.push('link_open', 'a', 1).attrs = [['href', href]];
    state.push('text', '', 0).content = text;
    state.push('link_close', 'a', -1);
    state.pos = end;
    return true;
  };

/** `$…$`, as prose with prices in it is told from formulas: no blank inside the dollars, no digit after them. */
const formula: Rule = (state, silent) => {
  const { src, pos, posMax } = state;
  if (src.charCodeAt(pos) !== 0x24 || /[\s$]/.test(src.charAt(pos + 1)) || /[\w$]$/.test(before(state))) return false;
  let end = src.indexOf('$', pos + 1);
  while (end > 0 && src.charAt(end - 1) === '\\') end = src.indexOf('$', end + 1);
  if (end < 0 || end >= posMax || /\s/.test(src.charAt(end - 1)) || /[\d$]/.test(src.charAt(end + 1))) return false;
  return push(state, silent, 'formula', src.slice(pos + 1, end), end + 1 - pos);
};

const imageSize = /\s+=(\d{1,4})?(?:x(\d{1,4}))?(?=\s*\)|\s)/iy;

/** `![words](address =WxH "title")`. */
const image: Rule = (state, silent) => {
  const { src, pos, posMax, md } = state;
  if (!src.startsWith('![', pos)) return false;
  const labelEnd = md.helpers.parseLinkLabel(state, pos + 1, false);
  if (labelEnd < 0 || src.charAt(labelEnd + 1) !== '(') return false;
  const blank = (at: number) => at + (/^\s*/.exec(src.slice(at, at + 100))?.[0].length ?? 0);
  const target = md.helpers.parseLinkDestination(src, blank(labelEnd + 2), posMax);
  const href = target.ok ? safeImage(target.str) : undefined;
  if (!href) return false;
  imageSize.lastIndex = target.pos;
  const size = imageSize.exec(src);
  const afterSize = target.pos + (size?.[0].length ?? 0);
  const title = md.helpers.parseLinkTitle(src, blank(afterSize), posMax);
  const end = blank(title.ok ? title.pos : afterSize);
  if (src.charAt(end) !== ')' || end >= posMax) return false;
  if (!silent) {
    const token = state.push('image', 'img', 0);
    token.content = src.slice(pos + 2, labelEnd);
    token.meta = { src: href, title: title.ok ? title.str : '', width: Number(size?.[1]), height: Number(size?.[2]) };
  }
  state.pos = end + 1;
  return true;
};

/** The rules by name, in the order in which they are tried; the first comes before markdown's own. */
export function inlineRules(schemes: ReadonlySet<string>): [name: string, rule: Rule][] {
  return [
    ['address', address(schemes)],
    ['formula', formula],
    ['mention', mention],
    ['channel', channel],
    ['hashtag', hashtag],
    ['emoji', emoji],
    ['picture', image],
  ];
}

/** How deep blocks may stand in one another before a message is shown as it was written. */
export const maxDepth = 40;

/** noteDepth is a rule that matches nothing: it tells the reader that the deepest level was reached. */
export function noteDepth(state: StateBlock): boolean {
  if (state.level >= maxDepth - 2) state.env.tooDeep = true;
  return false;
}
