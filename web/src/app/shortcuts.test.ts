import { describe, expect, it } from 'vitest';
import { shortcuts, strokeOf } from './shortcuts';
import { swipeEnds } from './swipe';

const stroke = (key: string, mods = '', code = '') => ({
  key,
  code,
  ctrlKey: mods.includes('c'),
  metaKey: mods.includes('m'),
  altKey: mods.includes('a'),
  shiftKey: mods.includes('s'),
});

describe('strokeOf', () => {
  it('reads a stroke as shortcuts are written', () => {
    expect(strokeOf(stroke('k', 'c', 'KeyK'), false)).toContain('mod+k');
    expect(strokeOf(stroke('K', 'cs', 'KeyK'), false)).toContain('mod+shift+k');
    expect(strokeOf(stroke('ArrowDown', 'as'), false)).toContain('alt+shift+down');
    expect(strokeOf(stroke('Escape'), false)).toEqual(['escape']);
  });

  it('goes by the place of the key where Alt makes another character of it', () => {
    expect(strokeOf(stroke('ˆ', 'ma', 'KeyI'), true)).toContain('mod+alt+i');
    expect(strokeOf(stroke('&', 'ca', 'Digit1'), false)).toContain('mod+alt+1');
  });

  it('takes ⌘ for Ctrl on Apple’s systems, and not both', () => {
    expect(strokeOf(stroke('k', 'm', 'KeyK'), true)).toContain('mod+k');
    expect(strokeOf(stroke('k', 'c', 'KeyK'), true)).toEqual([]);
    expect(strokeOf(stroke('k', 'm', 'KeyK'), false)).toEqual([]);
  });

  it('finds the slash where it stands behind Shift', () => {
    expect(strokeOf(stroke('/', 'cs', 'Digit7'), false)).toContain('mod+/');
  });
});

describe('shortcuts', () => {
  it('has each key once', () => {
    const keys = shortcuts.map((shortcut) => shortcut.keys);
    expect(new Set(keys).size).toBe(keys.length);
  });
});

describe('swipeEnds', () => {
  it('goes back to the right and on to the left', () => {
    expect(swipeEnds('centre', 120, 10, 200)).toBe('sidebar');
    expect(swipeEnds('pane', 120, 10, 200)).toBe('centre');
    expect(swipeEnds('sidebar', -120, 10, 200)).toBe('centre');
    expect(swipeEnds('sidebar', 120, 0, 200)).toBeUndefined();
    expect(swipeEnds('centre', -120, 0, 200)).toBeUndefined();
  });

  it('takes no short, slow or slanting movement for a swipe', () => {
    expect(swipeEnds('centre', 40, 0, 200)).toBeUndefined();
    expect(swipeEnds('centre', 120, 0, 900)).toBeUndefined();
    expect(swipeEnds('centre', 120, 90, 200)).toBeUndefined();
  });
});
