import { describe, expect, it } from 'vitest';
import { applied } from './editing';
import { type KeyStroke, keyAct } from './keys';
import { markdownOf, pasted } from './paste';
import { sameWord, triggerAt } from './triggers';

describe('what is completed', () => {
  const at = (drawn: string) => {
    const caret = drawn.indexOf('|');
    const found = triggerAt(drawn.replace('|', ''), caret);
    return found && [found.kind, found.query, found.start, found.end];
  };
  it('begins with its sign at the edge of a word', () => {
    expect(at('hi @an|')).toEqual(['@', 'an', 3, 6]);
    expect(at('(@|')).toEqual(['@', '', 1, 2]);
    expect(at('@an|a.b x')).toEqual(['@', 'an', 0, 6]);
    expect(at('~to|')).toEqual(['~', 'to', 0, 3]);
    expect(at('ok :sm|')).toEqual([':', 'sm', 3, 6]);
    expect(at('ok :+1|')).toEqual([':', '+1', 3, 6]);
    expect(at('@élo|')).toEqual(['@', 'élo', 0, 4]);
  });
  it('is nothing within a word, a time, an address or a closed emoji', () => {
    for (const text of ['a@b|', '10:30|', 'http://x|', ':s|', ':smile:|', 'a~b|', '@a b|', '~~x|', '@a@b|'])
      expect(at(text), text).toBeUndefined();
  });
  it('is nothing in code', () => {
    expect(at('`@an|')).toBeUndefined();
    expect(at('```\n@an|')).toBeUndefined();
    expect(at('`x` @an|')).toBeDefined();
  });
  it('is a command at the very beginning only', () => {
    expect(at('/jo|')).toEqual(['/', 'jo', 0, 3]);
    expect(at(' /jo|')).toBeUndefined();
    expect(at('/join ~to|')).toEqual(['~', 'to', 6, 9]);
    expect(at('/a/b|')).toBeUndefined();
  });
  it('stays the same word while it is written', () => {
    expect(sameWord(triggerAt('@a', 2), triggerAt('@ab', 3))).toBe(true);
    expect(sameWord(triggerAt('@a', 2), triggerAt('x @a', 4))).toBe(false);
    expect(sameWord(undefined, undefined)).toBe(true);
  });
});

describe('keys', () => {
  const none: KeyStroke = { key: '', ctrlKey: false, metaKey: false, shiftKey: false, altKey: false };
  const plain = { ctrlSends: false, ctrlSendsCode: true };
  const prose = { text: 'hello', caret: 5 };
  const code = { text: '```\nx', caret: 5 };
  const act = (stroke: Partial<KeyStroke>, where = prose, prefs = plain, touch = false) =>
    keyAct({ ...none, ...stroke }, where, prefs, touch);

  it('send or break the line as one prefers', () => {
    const enter = { key: 'Enter' };
    expect(act(enter)?.act).toBe('send');
    expect(act({ ...enter, shiftKey: true })?.act).toBe('newline');
    expect(act(enter, code)?.act).toBe('newline');
    expect(act(enter, code, { ctrlSends: false, ctrlSendsCode: false })?.act).toBe('send');
    expect(act(enter, prose, { ctrlSends: true, ctrlSendsCode: true })?.act).toBe('newline');
    expect(act({ ...enter, ctrlKey: true }, code)?.act).toBe('send');
    expect(act({ ...enter, metaKey: true }, prose, { ctrlSends: true, ctrlSendsCode: true })?.act).toBe('send');
  });
  it('break the line on a touch keyboard, and never send what is still being composed', () => {
    expect(act({ key: 'Enter' }, prose, plain, true)?.act).toBe('newline');
    expect(act({ key: 'Enter', isComposing: true })).toBeUndefined();
  });
  it('format by the keys of the official client', () => {
    const ctrl = (key: string, more: Partial<KeyStroke> = {}) => act({ key, ctrlKey: true, ...more });
    expect(ctrl('b')).toEqual({ act: 'format', format: 'bold' });
    expect(ctrl('I')).toEqual({ act: 'format', format: 'italic' });
    expect(ctrl('(', { code: 'Digit9', shiftKey: true })).toEqual({ act: 'format', format: 'quote' });
    expect(ctrl('k', { altKey: true })).toEqual({ act: 'format', format: 'link' });
    expect(ctrl('k')).toBeUndefined();
    expect(act({ key: 'b' })).toBeUndefined();
  });
  it('leave the characters of the right Alt key alone', () => {
    expect(act({ key: '{', code: 'Digit7', ctrlKey: true, altKey: true })).toBeUndefined();
    expect(act({ key: '#', code: 'Digit3', ctrlKey: true, altKey: true })).toBeUndefined();
  });
});

describe('pasting', () => {
  const paste = (drawn: string, clip: { text: string; html?: string; editor?: string }) => {
    const start = drawn.indexOf('«');
    const text = drawn.replace(/[«»]/g, '');
    const change = pasted({ text, start, end: drawn.indexOf('»') - 1 }, { html: '', ...clip });
    return change && applied(text, change).text;
  };
  it('makes a link of an address over words', () => {
    expect(paste('see «this» now', { text: 'https://a.b' })).toBe('see [this](https://a.b) now');
    expect(paste('see «http://c.d» now', { text: 'https://a.b' })).toBeUndefined();
    expect(paste('see «»now', { text: 'https://a.b' })).toBeUndefined();
    expect(paste('```\n«x»', { text: 'https://a.b' })).toBeUndefined();
  });
  it('fences code of an editor with its language', () => {
    expect(paste('a\n«»', { text: 'x := 1\r\ny := 2\n', editor: '{"mode":"go"}' })).toBe(
      'a\n```go\nx := 1\ny := 2\n```',
    );
    expect(paste('«»', { text: 'x := 1', editor: '{"mode":"go"}' })).toBeUndefined();
    expect(paste('«»', { text: 'a\nb', editor: 'nonsense' })).toBe('```\na\nb\n```');
  });
  it('keeps tables and links of a page', () => {
    expect(markdownOf('<table><tr><th>A</th><th>B</th></tr><tr><td>1</td><td>x | y<br>z</td></tr></table>')).toBe(
      '| A | B |\n| --- | --- |\n| 1 | x \\| y z |',
    );
    expect(
      markdownOf('<p>See <a href="https://a.b/(c)">the <b>page</b></a> or <a href="https://d.e">https://d.e</a></p>'),
    ).toBe('See [the page](https://a.b/%28c%29) or https://d.e');
    expect(markdownOf('<ul><li>a</li><li><a href="http://x.y">b</a></li></ul>')).toBe('- a\n- [b](http://x.y)');
  });
  it('leaves everything else to the browser, and runs nothing', () => {
    expect(markdownOf('<p>only <b>words</b></p>')).toBeUndefined();
    expect(markdownOf('<a href="javascript:alert(1)">x</a>')).toBeUndefined();
    expect(markdownOf('<script>alert(1)</script><a href="http://x.y">b</a>')).toBe('[b](http://x.y)');
    expect(markdownOf('<table><tr><td><a href="http://x.y">b</a></td></tr></table>')).toBe('[b](http://x.y)');
  });
});
