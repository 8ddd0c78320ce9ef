/**
 * Changes to the text of a message box, as pure functions. Each takes the text with its selection and returns what to
 * put where; `apply.ts` makes it so through the browser's own editing, and undo takes it back.
 */

/** Selected is a text and what is selected in it. */
export interface Selected {
  text: string;
  start: number;
  end: number;
}

/** Change replaces a range of the text and selects a range of the result. */
export interface Change {
  start: number;
  end: number;
  insert: string;
  selectStart: number;
  selectEnd: number;
}

/** applied returns the text after a change, with its selection. */
export function applied(text: string, change: Change): Selected {
  return {
    text: text.slice(0, change.start) + change.insert + text.slice(change.end),
    start: change.selectStart,
    end: change.selectEnd,
  };
}

/** replace puts a text in the place of what is selected, the caret after it. */
export function replace({ start, end }: Selected, insert: string): Change {
  const caret = start + insert.length;
  return { start, end, insert, selectStart: caret, selectEnd: caret };
}

/** The marks that stand around words. */
export const marks = { bold: '**', italic: '_', strike: '~~', code: '`' } as const;
export type Mark = keyof typeof marks;

/** Blanks at the ends of a selection stay outside the marks: `** word**` would mean nothing. */
function trimmed({ text, start, end }: Selected): { start: number; end: number } {
  const words = text.slice(start, end);
  const lead = words.length - words.trimStart().length;
  if (lead === words.length) return { start, end };
  return { start: start + lead, end: end - (words.length - words.trimEnd().length) };
}

/** A mark of one character isn't half of a longer one, as _ beside ** is. */
function standsAround(text: string, start: number, end: number, mark: string): boolean {
  const c = mark.charAt(0);
  const before = text.slice(0, start);
  const after = text.slice(end);
  if (!before.endsWith(mark) || !after.startsWith(mark)) return false;
  return mark.length > 1 || !(before.endsWith(c + c) && after.startsWith(c + c));
}

/** toggleMark puts a mark around what is selected, or takes it away. Without a selection the caret stands between. */
export function toggleMark(selected: Selected, kind: Mark): Change {
  const mark = marks[kind];
  const { text } = selected;
  const { start, end } = trimmed(selected);
  const words = text.slice(start, end);
  const n = mark.length;
  if (standsAround(text, start, end, mark)) {
    return { start: start - n, end: end + n, insert: words, selectStart: start - n, selectEnd: end - n };
  }
  if (words.length > 2 * n && words.startsWith(mark) && words.endsWith(mark)) {
    const inner = words.slice(n, -n);
    return { start, end, insert: inner, selectStart: start, selectEnd: start + inner.length };
  }
  return { start, end, insert: mark + words + mark, selectStart: start + n, selectEnd: start + n + words.length };
}

/** The marks that stand at the beginning of lines. */
export type LineKind = 'quote' | 'bullets' | 'numbers' | 'heading';

const linePattern: Record<LineKind, RegExp> = {
  quote: /^> ?/,
  bullets: /^(\s*)[-*+] (?!\[[ x]\] )/,
  numbers: /^(\s*)\d+[.)] /,
  heading: /^#{1,6} /,
};

function lineMark(kind: LineKind, index: number): string {
  return { quote: '> ', bullets: '- ', numbers: `${index + 1}. `, heading: '### ' }[kind];
}

/** What stays of a line's mark: the blanks before it, where the pattern has caught them. */
const withoutMark = (_: string, indent: unknown): string => (typeof indent === 'string' ? indent : '');

/** linesOf is the range of the whole lines that a selection touches. */
function linesOf({ text, start, end }: Selected): { from: number; to: number } {
  const from = text.lastIndexOf('\n', start - 1) + 1;
  const next = text.indexOf('\n', end);
  return { from, to: next < 0 ? text.length : next };
}

/** toggleLines marks the lines that are selected, or takes their marks away when all have them. */
export function toggleLines(selected: Selected, kind: LineKind): Change {
  const { from, to } = linesOf(selected);
  const lines = selected.text.slice(from, to).split('\n');
  const pattern = linePattern[kind];
  const full = lines.filter((line) => line.trim() !== '');
  const off = full.length > 0 && full.every((line) => pattern.test(line));
  let count = 0;
  const changed = lines.map((line) => {
    if (off) return line.replace(pattern, withoutMark);
    if (line.trim() === '' && lines.length > 1) return line;
    // A list becomes a list of the other kind, not a list in a list.
    const other = kind === 'bullets' ? linePattern.numbers : kind === 'numbers' ? linePattern.bullets : undefined;
    return lineMark(kind, count++) + (other ? line.replace(other, withoutMark) : line);
  });
  const insert = changed.join('\n');
  const single = lines.length === 1;
  const caret = Math.max(from, selected.end + insert.length - (to - from));
  return {
    start: from,
    end: to,
    insert,
    selectStart: single ? caret : from,
    selectEnd: single ? caret : from + insert.length,
  };
}

/** codeBlock fences what is selected. */
export function codeBlock(selected: Selected, language = ''): Change {
  const { text, start, end } = selected;
  const words = text.slice(start, end);
  // A fence longer than any in the code, so that the code can't end it.
  const longest = Math.max(2, ...[...words.matchAll(/^`{3,}/gm)].map((m) => m[0].length));
  const fence = '`'.repeat(longest + 1);
  const before = start > 0 && text.charAt(start - 1) !== '\n' ? '\n' : '';
  const after = end < text.length && text.charAt(end) !== '\n' ? '\n' : '';
  const opening = `${before}${fence}${language}\n`;
  const insert = `${opening}${words}\n${fence}${after}`;
  const selectStart = start + opening.length;
  return { start, end, insert, selectStart, selectEnd: selectStart + words.length };
}

const address = /^(?:https?:\/\/|mailto:)\S+$/i;

/** link makes what is selected a link, and selects the part that is still to be written. */
export function link(selected: Selected, url = ''): Change {
  const { text, start, end } = selected;
  const words = text.slice(start, end);
  if (!url && address.test(words)) {
    return { start, end, insert: `[](${words})`, selectStart: start + 1, selectEnd: start + 1 };
  }
  const label = words.replace(/[[\]]/g, '\\$&');
  const insert = `[${label}](${url})`;
  const at = start + label.length + 3;
  if (url) return { start, end, insert, selectStart: start + insert.length, selectEnd: start + insert.length };
  if (!label) return { start, end, insert, selectStart: start + 1, selectEnd: start + 1 };
  return { start, end, insert, selectStart: at, selectEnd: at };
}

/** insideFence tells whether a place in the text is within a code block that begins above it. */
export function insideFence(text: string, at: number): boolean {
  let open = '';
  for (const line of text.slice(0, at).split('\n')) {
    const mark = /^ {0,3}(`{3,}|~{3,})(.*)$/.exec(line);
    if (!mark) continue;
    const [, fence = '', rest = ''] = mark;
    if (!open) {
      if (!(fence.startsWith('`') && rest.includes('`'))) open = fence;
    } else if (fence.startsWith(open) && rest.trim() === '') open = '';
  }
  // On the line that opens the fence one still writes its language.
  return open !== '';
}

const item = /^(\s*)(?:([-*+])( \[[ xX]\])?|(\d{1,9})([.)])|(>))(\s+)/;

/**
 * newLine is what a new line does in a list or quote: the next line begins with the mark of the next point, and a point
 * without words ends the list. It returns undefined where a new line is only that.
 */
export function newLine({ text, start, end }: Selected): Change | undefined {
  if (start !== end || insideFence(text, start)) return undefined;
  const from = text.lastIndexOf('\n', start - 1) + 1;
  const line = text.slice(from, start);
  const found = item.exec(line);
  if (!found) return undefined;
  if (line.slice(found[0].length).trim() === '' && /^\s*(?:\n|$)/.test(text.slice(start))) {
    return { start: from, end: start, insert: '', selectStart: from, selectEnd: from };
  }
  const [, indent = '', bullet, box, number, dot, quote, gap = ' '] = found;
  const mark = bullet ? bullet + (box ? ' [ ]' : '') : (quote ?? `${Number(number) + 1}${dot}`);
  const insert = `\n${indent}${mark}${gap}`;
  const caret = start + insert.length;
  return { start, end, insert, selectStart: caret, selectEnd: caret };
}

/** runes counts the characters of a text as the server counts them. */
export function runes(text: string): number {
  let count = 0;
  for (const _ of text) count++;
  return count;
}
