import { describe, expect, it } from 'vitest';
import { parse } from './parse';
import type { Block, Inline } from './tree';

const inline = (text: string, options = {}): Inline[] => {
  const [only] = parse(text, options).blocks;
  if (only?.type !== 'paragraph') throw new Error(`no paragraph: ${JSON.stringify(only)}`);
  return only.children;
};
const blocks = (text: string): readonly Block[] => parse(text).blocks;
const links = (text: string, schemes?: string[]): string[] =>
  inline(text, { schemes }).flatMap((node) => (node.type === 'link' ? [node.href] : []));

describe('markdown of messages', () => {
  it('keeps lines as they were written', () => {
    expect(inline('one\ntwo').map((n) => n.type)).toEqual(['text', 'break', 'text']);
  });

  it('reads marks, code and strikethrough', () => {
    expect(inline('**a** _b_ ~~c~~ `d`').map((n) => n.type)).toEqual([
      'strong',
      'text',
      'em',
      'text',
      'del',
      'text',
      'code',
    ]);
  });

  it('reads tables with their alignment', () => {
    const [table] = blocks('| a | b |\n|:-:|--:|\n| 1 | `x|y` |');
    expect(table).toMatchObject({ type: 'table', align: ['center', 'right'] });
    expect(blocks('| a | b |\n|---|\n| 1')[0]?.type).toBe('paragraph');
  });

  it('reads task lists and nested lists', () => {
    const [list] = blocks('- [ ] open\n- [x] done\n  1. inner');
    expect(list).toMatchObject({ type: 'list', ordered: false, items: [{ task: false }, { task: true }] });
    expect(blocks('- [link](http://a.b)')[0]).not.toMatchObject({ items: [{ task: false }] });
  });

  it('keeps the language of a fence and the code as it is', () => {
    expect(blocks('```Go {1,2}\nx := "<b>"\n\n```')[0]).toEqual({ type: 'code', language: 'go', text: 'x := "<b>"\n' });
    expect(blocks('~~~\na\n~~~')[0]).toEqual({ type: 'code', language: '', text: 'a' });
  });

  it('does not swallow what looks like a definition or like HTML', () => {
    expect(inline('[note]: read this')).toEqual([{ type: 'text', text: '[note]: read this' }]);
    expect(inline('<b>bold</b>')).toEqual([{ type: 'text', text: '<b>bold</b>' }]);
  });

  it('remembers what it read', () => {
    expect(parse('the same **words**')).toBe(parse('the same **words**'));
  });
});

describe('mentions, channels and hashtags', () => {
  const names = (text: string) =>
    inline(text).flatMap((n) =>
      n.type === 'mention'
        ? [`@${n.name}`]
        : n.type === 'channel'
          ? [`~${n.name}`]
          : n.type === 'hashtag'
            ? [n.tag]
            : [],
    );
  it('finds mentions at the edges of words only', () => {
    expect(names('@ana, (@ben) ana@ben @@x @. @c.d_e-f')).toEqual(['@ana', '@ben', '@c.d_e-f']);
  });
  it('leaves the underscore that ends an emphasis out of a name', () => {
    const [em] = inline('_hello @ana_');
    expect(em).toMatchObject({ type: 'em', children: [{ type: 'text' }, { type: 'mention', name: 'ana' }] });
    expect(names('@ana_b_')).toEqual(['@ana_b_']);
  });
  it('finds channels, and tells them from strikethrough', () => {
    expect(names('see ~town-square and ~~struck~~, a~b')).toEqual(['~town-square']);
  });
  it('finds hashtags by the rules of the server', () => {
    expect(names('#one (#two), ##three #1no #a no#tag #été #a_b-c. #x!y &#35;')).toEqual([
      '#one',
      '#two',
      '#three',
      '#été',
      '#a_b-c',
    ]);
  });
  it('finds nothing in code and in the words of links', () => {
    expect(names('`@ana` `#tag`')).toEqual([]);
    expect(inline('[@ana #tag](http://a.b)')[0]).toMatchObject({ children: [{ type: 'text', text: '@ana #tag' }] });
    expect(names('\\@ana \\#tag \\~town')).toEqual([]);
  });
});

describe('addresses', () => {
  it('links addresses as they stand, without the punctuation around them', () => {
    expect(links('see https://a.b/c_d_e?f=(g)#h, (http://x.y). <ftp://z/> "https://q.r"')).toEqual([
      'https://a.b/c_d_e?f=(g)#h',
      'http://x.y',
      'ftp://z/',
      'https://q.r',
    ]);
    expect(links('www.example.com/a_b mail a.b+c@example.org; tel:+33123456 mailto:x@y.z')).toEqual([
      'http://www.example.com/a_b',
      'mailto:a.b+c@example.org',
      'tel:+33123456',
      'mailto:x@y.z',
    ]);
  });
  it('leaves file names and lone schemes alone', () => {
    expect(links('README.md http:// https:/x a@b www. http://')).toEqual([]);
  });
  it('links a scheme of its own only where the server allows it', () => {
    expect(links('steam://run/1 [s](steam://run/1)')).toEqual([]);
    expect(links('steam://run/1 [s](steam://run/1)', ['steam'])).toEqual(['steam://run/1', 'steam://run/1']);
    expect(links('[s](javascript:alert(1))', ['javascript'])).toEqual([]);
  });
  it('takes an address without a scheme for a host or a path of this site', () => {
    expect(links('[a](example.com:8065/x) [b](/team/channels/c) [c](//h.i/j) [d]( example.org )')).toEqual([
      'http://example.com:8065/x',
      '/team/channels/c',
      'https://h.i/j',
      'http://example.org',
    ]);
  });
});

describe('images, formulas and emojis', () => {
  it('reads the size that the author wished', () => {
    expect(inline('![cat](http://a/b.png =100x50 "Cat")')[0]).toEqual({
      type: 'image',
      src: 'http://a/b.png',
      alt: 'cat',
      title: 'Cat',
      width: 100,
      height: 50,
    });
    expect(inline('![cat](http://a/b.png =100)')[0]).toMatchObject({ width: 100, height: undefined });
    expect(inline('![x](data:image/png;base64,AAAA)')).toEqual([
      { type: 'text', text: '![x](data:image/png;base64,AAAA)' },
    ]);
  });
  it('reads formulas only where they are enabled, and no prices', () => {
    expect(inline('$x^2$')).toEqual([{ type: 'text', text: '$x^2$' }]);
    expect(inline('$x^2$', { inlineLatex: true })).toEqual([{ type: 'math', text: 'x^2' }]);
    expect(inline('from $5 to $10', { inlineLatex: true })).toEqual([{ type: 'text', text: 'from $5 to $10' }]);
  });
  it('knows emoticons that stand alone', () => {
    expect(inline('hi :) <3').filter((n) => n.type === 'emoticon')).toHaveLength(2);
    expect(inline('a:) http://x:/ :)x').filter((n) => n.type === 'emoticon')).toHaveLength(0);
  });
  it('knows messages of emojis alone', () => {
    for (const text of ['😄', ':smile: 👩‍👩‍👧 🇫🇷', ':)', '❤️\n:+1:']) expect(parse(text).onlyEmoji, text).toBe(true);
    for (const text of ['', '😄 ok', '1', '©', '> 😄', '😄'.repeat(20)])
      expect(parse(text).onlyEmoji, text).toBe(false);
  });
});
