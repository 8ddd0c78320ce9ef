import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { contrast, hexOf, isHex, mix, readable, rgbOf } from './colour';
import { houseOf, houseTheme, houseThemes } from './house';
import { type ColourKey, colourKeys, type OfficialTheme, parseTheme, themeText } from './official';
import { lookOf } from './tokens';

const hex = fc.integer({ min: 0, max: 0xffffff }).map((number) => `#${number.toString(16).padStart(6, '0')}`);
const anyTheme: fc.Arbitrary<OfficialTheme> = fc.tuple(...colourKeys.map(() => hex)).map((colours) => ({
  ...(Object.fromEntries(colourKeys.map((key, index) => [key, colours[index]])) as Record<ColourKey, string>),
  type: 'custom',
}));

describe('colours', () => {
  it('reads and writes short and long ones', () => {
    expect(rgbOf('#fff')).toEqual([255, 255, 255]);
    expect(hexOf([29, 32, 38])).toBe('#1d2026');
    expect(isHex('#12345')).toBe(false);
    expect(isHex('red')).toBe(false);
    expect(mix('#000000', '#ffffff', 0.5)).toBe('#808080');
  });
  it('measures contrast as WCAG does', () => {
    expect(contrast('#000000', '#ffffff')).toBeCloseTo(21, 5);
    expect(contrast('#777777', '#ffffff')).toBeCloseTo(4.48, 2);
  });
  it('leaves alone what can be read, and finds a shade that can where one exists', () => {
    expect(readable('#0b6e5f', ['#ffffff'])).toBe('#0b6e5f');
    fc.assert(fc.property(hex, hex, (wished, ground) => contrast(readable(wished, [ground]), ground) >= 4.5));
  });
});

describe('themes of the official format', () => {
  it('survive being written and read', () => {
    fc.assert(
      fc.property(anyTheme, (theme) => {
        const read = parseTheme(themeText(theme));
        expect('theme' in read && { ...read.theme, codeTheme: undefined }).toEqual({ ...theme, codeTheme: undefined });
      }),
    );
  });
  it('of old clients lack some keys, which follow from others', () => {
    const { sidebarTeamBarBg: _, mentionBg, ...old } = houseTheme('ink');
    const read = parseTheme(JSON.stringify({ ...old, mentionBj: mentionBg }));
    expect('theme' in read && read.theme).toMatchObject({ sidebarTeamBarBg: old.sidebarHeaderBg, mentionBg });
  });
  it('say what is wrong', () => {
    expect(parseTheme('{')).toEqual({ fault: { kind: 'json' } });
    expect(parseTheme('[]')).toEqual({ fault: { kind: 'shape' } });
    expect(parseTheme('{}')).toEqual({ fault: { kind: 'shape' } });
    expect(parseTheme('null')).toEqual({ fault: { kind: 'shape' } });
    const broken = JSON.stringify({ ...houseTheme('light'), linkColor: 'url(//evil.example)' });
    expect(parseTheme(broken)).toEqual({ fault: { kind: 'colour', key: 'linkColor' } });
    const { centerChannelBg: _, ...lacking } = houseTheme('light');
    expect(parseTheme(JSON.stringify(lacking))).toEqual({ fault: { kind: 'missing', key: 'centerChannelBg' } });
  });
  it('of the house are known by their names', () => {
    for (const name of houseThemes) expect(houseOf(houseTheme(name))).toBe(name);
    expect(houseOf({ type: 'custom' })).toBeUndefined();
  });
});

describe('a look', () => {
  const text = ['--ink', '--ink-2', '--ink-3', '--accent', '--danger', '--link', '--warn'];
  const check = (theme: OfficialTheme) => {
    const { tokens } = lookOf(theme);
    const of = (name: string) => tokens[name] ?? '';
    for (const ground of ['--paper', '--surface', '--sunken']) {
      for (const name of text)
        expect(contrast(of(name), of(ground)), `${name} on ${ground}`).toBeGreaterThanOrEqual(4.5);
      for (const name of ['--field-line', '--online', '--away', '--dnd', '--offline', '--new']) {
        expect(contrast(of(name), of(ground)), `${name} on ${ground}`).toBeGreaterThanOrEqual(3);
      }
    }
    const pairs = [
      ['--accent-ink', '--accent'],
      ['--danger-ink', '--danger'],
      ['--accent', '--accent-soft'],
      ['--ink', '--mention'],
      ['--link', '--mention'],
      ['--tip-ink', '--tip'],
      ['--badge-ink', '--badge'],
      ['--side-ink', '--side-paper'],
      ['--side-ink-2', '--side-paper'],
      ['--side-ink-2', '--side-rail'],
      ['--side-accent', '--side-paper'],
      ['--side-badge-ink', '--side-badge'],
    ] as const;
    for (const [front, back] of pairs) {
      expect(contrast(of(front), of(back)), `${front} on ${back}`).toBeGreaterThanOrEqual(4.5);
    }
  };

  it('of every theme of the house can be read', () => {
    for (const name of houseThemes) check(houseTheme(name));
  });
  it('takes the colours as they are where they can be read', () => {
    const { tokens, scheme, codeTheme } = lookOf(houseTheme('ink'));
    expect(scheme).toBe('light');
    expect(codeTheme).toBe('github');
    expect(tokens).toMatchObject({ '--paper': '#ffffff', '--accent': '#2455c3', '--side-paper': '#16233d' });
  });
  it('is dark when the centre is', () => {
    expect(lookOf({ ...houseTheme('light'), centerChannelBg: '#1f1f1f' }).scheme).toBe('dark');
  });
  it('of one-coloured sides and mid-grey grounds is as readable as can be', () => {
    const plain = (ground: string): OfficialTheme => ({
      ...houseTheme('light'),
      centerChannelBg: ground,
      centerChannelColor: ground,
      sidebarBg: ground,
      sidebarText: ground,
      sidebarHeaderBg: ground,
      sidebarTeamBarBg: ground,
    });
    for (const ground of ['#ffffff', '#000000', '#efe6d0', '#20242c']) check(plain(ground));
    const { tokens } = lookOf(plain('#777777'));
    expect(contrast(tokens['--ink'] ?? '', '#777777')).toBeGreaterThanOrEqual(4.4);
  });
});
