import { expect, test } from 'vitest';
import { actionsOf, optionsOf, styleOf } from './actions';

test('what is no button or menu is left out', () => {
  expect(actionsOf([null, 'x', {}, { id: 'a' }, { name: 'no id' }])).toEqual([]);
  expect(actionsOf([{ id: 'a', name: 'Approve', style: 'success', tooltip: 'For good', disabled: true }])).toEqual([
    { id: 'a', name: 'Approve', kind: 'button', style: 'good', tooltip: 'For good', disabled: true, cookie: '' },
  ]);
});

test('a menu has its own options, or people, or channels', () => {
  const menu = { id: 'a', name: 'Size', type: 'select' };
  expect(actionsOf([{ ...menu, options: [{ text: 'Big', value: 'b' }], default_option: 'b' }])).toMatchObject([
    { kind: 'menu', source: 'static', options: [{ value: 'b', label: 'Big' }], chosen: 'b' },
  ]);
  expect(actionsOf([{ ...menu, data_source: 'users' }])).toMatchObject([{ source: 'users', options: [] }]);
  expect(actionsOf([{ ...menu, data_source: 'secrets' }])).toMatchObject([{ source: 'static' }]);
});

test('styles are names or colours', () => {
  const styles = ['primary', 'SUCCESS', 'danger', '#0aF', '#12345g', 'red;x', '__proto__', 7, undefined].map(styleOf);
  const other = 'default';
  expect(styles).toEqual(['primary', 'good', 'danger', '#0af', other, other, other, other, other]);
});

test('options have a value each, once', () => {
  expect(optionsOf([{ value: 1 }, { text: 'again', value: '1' }, { text: 'none' }, null])).toEqual([
    { value: '1', label: '1' },
  ]);
  expect(optionsOf('x')).toEqual([]);
});
