import { cleanup } from '@testing-library/react';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { renderWithTexts } from '@/testkit/render';
import { loadGlyphs } from './glyphs';
import { allowedSchemes, baseSchemes, ownPath, safeHref } from './links';
import { Markdown } from './Markdown';
import { parse } from './parse';
import { plainText } from './plain';
import { wordsOf } from './words';

beforeAll(() => loadGlyphs().then(() => undefined));

const allowedTags = new Set(
  'DIV P H3 BLOCKQUOTE UL OL LI HR PRE CODE SPAN A IMG BUTTON STRONG EM DEL BR MARK TABLE THEAD TBODY TR TH TD SVG PATH RECT'.split(
    ' ',
  ),
);

/** Everything of a rendered message that could do harm; empty when nothing can. */
function harm(root: Element): string[] {
  const found: string[] = [];
  for (const element of root.querySelectorAll('*')) {
    if (!allowedTags.has(element.tagName.toUpperCase())) found.push(`<${element.tagName}>`);
    for (const { name, value } of element.attributes) {
      if (/^on|^style$|^srcdoc$|^srcset$/i.test(name)) found.push(`${name}=${value}`);
      if (name !== 'href' && name !== 'src') continue;
      const scheme = new URL(value, 'http://chat.test').protocol.slice(0, -1);
      if (!(name === 'src' ? ['http', 'https'] : baseSchemes).includes(scheme)) found.push(`${name}=${value}`);
    }
  }
  return found;
}

function render(text: string) {
  const { container } = renderWithTexts(
    <Markdown
      text={text}
      context={{ mention: (name) => ({ id: name, label: name, me: false }), inlineLatex: false }}
    />,
  );
  const out = { harm: harm(container), text: container.textContent ?? '' };
  cleanup();
  return out;
}

const scripts = [
  '<script>alert(1)</script>',
  '<img src=x onerror=alert(1)>',
  '<a href="javascript:alert(1)">x</a>',
  '<svg/onload=alert(1)>',
  '<iframe srcdoc="<script>alert(1)</script>">',
  '<!--<script>-->',
  '&lt;script&gt;alert(1)&lt;/script&gt;',
  '<style>*{display:none}</style>',
];

const hiddenSchemes = [
  'javascript:alert(1)',
  'JaVaScRiPt:alert(1)',
  ' javascript:alert(1)',
  'java\tscript:alert(1)',
  'java\nscript:alert(1)',
  '\u0001javascript:alert(1)',
  'javascript&colon;alert(1)',
  '&#106;avascript:alert(1)',
  '&#x6A;avascript&#58;alert(1)',
  'java&Tab;script:alert(1)',
  'java&NewLine;script:alert(1)',
  'javascript\\:alert(1)',
  '\u200bjavascript:alert(1)',
  'java\u00adscript:alert(1)',
  'data:text/html,<script>alert(1)</script>',
  'DATA:text/html;base64,PHNjcmlwdD4=',
  'vbscript:msgbox(1)',
  'file:///etc/passwd',
  'blob:http://x/y',
  'view-source:javascript:1',
  '//javascript:alert(1)',
  '/\\evil.test',
  '\\\\evil.test',
  'javascript%3Aalert(1)',
  'ⓙavascript:alert(1)',
];

describe('hostile messages', () => {
  it.each(scripts)('shows %s as words', (text) => {
    const shown = render(`before ${text} **after**`);
    expect(shown.harm).toEqual([]);
    expect(shown.text).toContain('alert'.slice(0, text.includes('alert') ? 5 : 0));
  });

  it.each(hiddenSchemes)('never follows %j', (address) => {
    for (const text of [
      `[x](${address})`,
      `[x](<${address}>)`,
      `<${address}>`,
      address,
      `![x](${address})`,
      `[![x](${address})](${address})`,
      `[x]: ${address}\n\n[x]`,
      `[x](${address} "title")`,
      `|a|\n|-|\n|[x](${address})|`,
    ]) {
      expect(render(text).harm, text).toEqual([]);
    }
  });

  it('refuses dangerous schemes even when a setting names them', () => {
    const schemes = allowedSchemes(['javascript', 'data:', 'VBScript://', 'steam', 'not a scheme']);
    expect([...schemes].sort()).toEqual([...baseSchemes, 'steam'].sort());
    expect(safeHref('javascript:alert(1)', new Set(['javascript']))).toBeUndefined();
  });

  it('takes nothing for a place of this site that is not', () => {
    expect(ownPath('http://chat.test.evil.test/t/channels/x', 'http://chat.test')).toBeUndefined();
    expect(ownPath('/api/v4/users', 'http://chat.test')).toBeUndefined();
    expect(ownPath('//evil.test/t/channels/x', 'http://chat.test')).toBeUndefined();
    expect(ownPath('/team/channels/town-square?x#y', undefined)).toBe('/team/channels/town-square?x#y');
  });

  it('keeps marks of direction inside the message and out of previews', () => {
    const text = 'a \u202egnp.exe\u202c [\u202etxt](http://a.b/\u202egnp)';
    expect(render(text).harm).toEqual([]);
    expect(wordsOf(text).links).toEqual(['http://a.b/gnp']);
    expect(plainText(text)).toBe('a gnp.exe txt');
  });

  it('shows broken tables, unclosed marks and lone brackets as they stand', () => {
    for (const text of [
      '| a | b\n|--',
      '|||||\n|-|',
      '**a *b ~~c `d [e ![f](',
      '[[[[[[',
      '](((',
      '```\nnever closed',
      `|a|\n|-|\n${'|'.repeat(500)}`,
    ]) {
      expect(render(text).harm).toEqual([]);
    }
  });
});

describe('large and deep messages', () => {
  const timed = (text: string): number => {
    const start = performance.now();
    parse(text, { inlineLatex: true });
    return performance.now() - start;
  };

  it.each([
    '[',
    '![',
    '![](',
    '*a ',
    '**a',
    '_a_',
    '`',
    '`a``b',
    '~~a',
    '@',
    '@a',
    '@_',
    '_~a_ ',
    '#a',
    '#a!',
    ':a',
    ':a:',
    '$a ',
    '<a:',
    'http://',
    'www.',
    'a@',
    'a@b.',
    '> ',
    '- ',
    '* a\n',
    '|a',
    'a|b\n-|-\n',
    '\\',
    '&#',
    '[a](',
    '[[a](<',
    '![a](b "',
    '![a](b =',
    '😀',
    '(',
    '*_',
    '](',
  ])('reads tens of thousands of %j in linear time', (piece) => {
    const whole = piece.repeat(Math.floor(40_000 / piece.length));
    timed(whole.slice(0, 2_000));
    // A quadratic reader would need many seconds.
    expect(timed(whole)).toBeLessThan(10_000);
  });

  it('reads 100,000 characters of everything', () => {
    const mixed = '# h\n**b** _e_ `c` @ana ~town #tag :smile: http://a.b/c?d=(e) ![i](http://j/k =1x1) | t | $x$\n\n';
    expect(timed(mixed.repeat(Math.floor(100_000 / mixed.length)))).toBeLessThan(15_000);
  });

  it('shows what is longer, or nested too deep, as it was written', () => {
    const long = 'a **b** '.repeat(12_501);
    expect(parse(long).blocks).toEqual([{ type: 'plain', text: long }]);
    for (const text of ['>'.repeat(5_000), '> '.repeat(5_000), '- '.repeat(5_000), '1. '.repeat(500)]) {
      expect(parse(`${text}deep`).blocks[0]?.type, text.slice(0, 4)).toBe('plain');
      expect(render(`${text}deep`).text).toContain('deep');
    }
  });

  it('keeps the words of marks that are nested too deep', () => {
    const text = `${'**a *b '.repeat(300)}x${'* **'.repeat(300)}`;
    expect(render(text).text.replace(/[* ]/g, '')).toBe(`${'ab'.repeat(300)}x`);
  });
});

describe('any message', () => {
  const fragment = fc.oneof(
    fc.constantFrom(
      '*',
      '**',
      '_',
      '~~',
      '`',
      '```\n',
      '[',
      ']',
      '(',
      ')',
      '![',
      '<',
      '>',
      '|',
      '\n',
      '\n\n',
      '- ',
      '1. ',
      '> ',
      '# ',
      '---\n',
      '@',
      '~',
      '#',
      ':',
      '$',
      '\\',
      '&',
      'javascript:',
      'data:',
      'http://',
      'www.',
      'a@b.co',
      '\t',
      '    ',
      ' =1x1',
      '"',
      "'",
      '|-|\n',
      '&#x6A;',
      '\u202e',
      '\u0000',
      '\ud83d',
      '😀',
      '[ ] ',
      '</script>',
    ),
    fc.constantFrom(...scripts, ...hiddenSchemes),
    fc.string({ maxLength: 12, unit: 'binary' }),
  );
  const message = fc.array(fragment, { maxLength: 40 }).map((parts) => parts.join(''));

  it('never throws and never yields an address or a handler that could do harm', () => {
    fc.assert(
      fc.property(message, (text) => {
        expect(render(text).harm).toEqual([]);
        plainText(text);
        wordsOf(text);
      }),
      { numRuns: 300 },
    );
  });

  it('loses no letter of plain words', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 200, unit: fc.constantFrom(...'abc éß漢 ,.!?') }), (text) => {
        expect(render(text).text.replace(/\s/g, '')).toBe(text.replace(/\s/g, ''));
      }),
      { numRuns: 100 },
    );
  });
});
