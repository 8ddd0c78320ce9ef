import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  applied,
  type Change,
  codeBlock,
  insideFence,
  type LineKind,
  link,
  type Mark,
  newLine,
  runes,
  type Selected,
  toggleLines,
  toggleMark,
} from './editing';

/** A text with its selection drawn in: `a [b] c`, or `a | c` for a caret. */
function drawn(text: string): Selected {
  const caret = text.indexOf('|');
  if (caret >= 0) return { text: text.replace('|', ''), start: caret, end: caret };
  const start = text.indexOf('«');
  const bare = text.replace('«', '');
  return { text: bare.replace('»', ''), start, end: bare.indexOf('»') };
}

function draw({ text, start, end }: Selected): string {
  if (start === end) return `${text.slice(0, start)}|${text.slice(start)}`;
  return `${text.slice(0, start)}«${text.slice(start, end)}»${text.slice(end)}`;
}

const after = (before: string, edit: (selected: Selected) => Change | undefined): string => {
  const selected = drawn(before);
  const change = edit(selected);
  return change ? draw(applied(selected.text, change)) : 'nothing';
};

describe('marks around words', () => {
  const mark = (before: string, kind: Mark) => after(before, (s) => toggleMark(s, kind));
  it('come and go', () => {
    expect(mark('a «b c» d', 'bold')).toBe('a **«b c»** d');
    expect(mark('a **«b c»** d', 'bold')).toBe('a «b c» d');
    expect(mark('a «**b c**» d', 'bold')).toBe('a «b c» d');
    expect(mark('a | d', 'strike')).toBe('a ~~|~~ d');
    expect(mark('a ~~|~~ d', 'strike')).toBe('a | d');
    expect(mark('«x»', 'code')).toBe('`«x»`');
  });
  it('leave blanks outside', () => {
    expect(mark('a« b »c', 'bold')).toBe('a **«b»** c');
    expect(mark('a«  »c', 'bold')).toBe('a**«  »**c');
  });
  it('tell one mark from half of another', () => {
    expect(mark('__«x»__', 'italic')).toBe('___«x»___');
    expect(mark('_«x»_', 'italic')).toBe('«x»');
  });
  it('twice are as none', () => {
    fc.assert(
      fc.property(
        fc.stringMatching(/^[a-z \n]{0,20}$/),
        fc.nat(20),
        fc.nat(20),
        fc.constantFrom<Mark>('bold', 'italic', 'strike', 'code'),
        (text, a, b, kind) => {
          const start = Math.min(a, b, text.length);
          const end = Math.min(Math.max(a, b), text.length);
          const once = applied(text, toggleMark({ text, start, end }, kind));
          expect(applied(once.text, toggleMark(once, kind)).text).toBe(text);
        },
      ),
    );
  });
});

describe('marks of lines', () => {
  const lines = (before: string, kind: LineKind) => after(before, (s) => toggleLines(s, kind));
  it('come and go for all lines of a selection', () => {
    expect(lines('a\n«b\nc»\nd', 'quote')).toBe('a\n«> b\n> c»\nd');
    expect(lines('a\n«> b\n> c»\nd', 'quote')).toBe('a\n«b\nc»\nd');
    expect(lines('«a\n\nb»', 'numbers')).toBe('«1. a\n\n2. b»');
    expect(lines('«1. a\n2. b»', 'bullets')).toBe('«- a\n- b»');
    expect(lines('«- a\n- b»', 'numbers')).toBe('«1. a\n2. b»');
  });
  it('keep the caret in its place', () => {
    expect(lines('ab|c', 'bullets')).toBe('- ab|c');
    expect(lines('- ab|c', 'bullets')).toBe('ab|c');
    expect(lines('|', 'heading')).toBe('### |');
    expect(lines('### x|', 'heading')).toBe('x|');
  });
});

describe('code and links', () => {
  it('fence what is selected', () => {
    expect(after('a «b» c', (s) => codeBlock(s))).toBe('a \n```\n«b»\n```\n c');
    expect(after('|', (s) => codeBlock(s, 'go'))).toBe('```go\n|\n```');
    expect(after('«```\nx\n```»', (s) => codeBlock(s))).toBe('````\n«```\nx\n```»\n````');
  });
  it('make links of words and of addresses', () => {
    expect(after('a «b» c', (s) => link(s))).toBe('a [b](|) c');
    expect(after('«http://a.b»', (s) => link(s))).toBe('[|](http://a.b)');
    expect(after('|', (s) => link(s))).toBe('[|]()');
    expect(after('see «this [1]» now', (s) => link(s, 'http://a.b'))).toBe('see [this \\[1\\]](http://a.b)| now');
  });
  it('know where code is', () => {
    const text = 'a\n```go\nx\n```\nb\n~~~\ny';
    expect([2, 9, 11, 16, 20].map((at) => insideFence(text, at))).toEqual([false, true, true, false, true]);
    expect(insideFence('a ``` b\n', 8)).toBe(false);
  });
});

describe('a new line', () => {
  const enter = (before: string) => after(before, newLine);
  it('goes on with a list', () => {
    expect(enter('- a|')).toBe('- a\n- |');
    expect(enter('  9. a|b')).toBe('  9. a\n  10. |b');
    expect(enter('* [x] done|')).toBe('* [x] done\n* [ ] |');
    expect(enter('> said|')).toBe('> said\n> |');
  });
  it('ends a list at a point without words', () => {
    expect(enter('- a\n- |')).toBe('- a\n|');
    expect(enter('1. |\nb')).toBe('|\nb');
  });
  it('is only that elsewhere', () => {
    for (const text of ['a|', '-a|', '```\n- a|', '«- a»', '-|']) expect(enter(text)).toBe('nothing');
  });
});

it('runes are counted as the server counts them', () => {
  expect(runes('aé😄')).toBe(3);
});
