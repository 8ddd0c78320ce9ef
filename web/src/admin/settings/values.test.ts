import { expect, test } from 'vitest';
import type { Setting } from '@/api/admin';
import { sentOf, treeOf, typedOf } from './values';

const setting = (type: string, value: unknown): Setting => ({
  key: 'A.B',
  type,
  value,
  default: value,
  below: value,
  layer: 'default',
  env: 'MM_A_B',
});

test('a value comes back as it was', () => {
  for (const [type, value] of [
    ['boolean', true],
    ['integer', -1],
    ['string', 'a b '],
    ['array<string>', ['a', 'b c']],
    ['array<string>', []],
  ] as const) {
    const one = setting(type, value);
    expect(sentOf(one, typedOf(one))).toEqual(value);
  }
});

test('what is no number is left to the server to refuse', () => {
  expect(sentOf(setting('integer', 1), 'ten')).toBe('ten');
  expect(sentOf(setting('integer', 1), ' 10 ')).toBe(10);
});

test('empty lines are no entries', () => {
  expect(sentOf(setting('array<string>', []), ' a \n\n b')).toEqual(['a', 'b']);
});

test('values stand under their sections', () => {
  const values = new Map<string, unknown>([
    ['A.B', 1],
    ['A.C.D', true],
    ['E.F', 'x'],
  ]);
  expect(treeOf(values)).toEqual({ A: { B: 1, C: { D: true } }, E: { F: 'x' } });
});
