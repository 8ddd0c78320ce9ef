import { expect, test } from 'vitest';
import type { Translate } from '@/i18n/text';
import { initialsOf } from './Avatar';
import { ariaShortcut, shortcutText } from './keys';

const t: Translate = (id) => id;

test('a shortcut reads as the keys of the system', () => {
  expect(shortcutText('mod+k', t, false)).toBe('Ctrl+K');
  expect(shortcutText('mod+alt+up', t, false)).toBe('Ctrl+Alt+↑');
  expect(shortcutText('shift+mod+m', t, true)).toBe('⇧⌘M');
  expect(shortcutText('mod++', t, false)).toBe('Ctrl++');
  expect(shortcutText('+', t, false)).toBe('+');
});

test('assistive technology gets the names of the keys', () => {
  expect(ariaShortcut('mod+shift+up', false)).toBe('Control+Shift+ArrowUp');
  expect(ariaShortcut('mod+k', true)).toBe('Meta+K');
  expect(ariaShortcut(undefined)).toBeUndefined();
});

test('initials are the first letters of the first and the last word, in any script', () => {
  expect(initialsOf('Ada Lovelace')).toBe('AL');
  expect(initialsOf('ada')).toBe('A');
  expect(initialsOf('émile-auguste chartier')).toBe('ÉC');
  expect(initialsOf('@…')).toBe('');
  expect(initialsOf('李 小龙')).toBe('李小');
});
