import { expect, test } from 'vitest';
import type { Dialog } from '@/api/actions';
import { dateOf, momentOf, wallOf } from './dates';
import { elementsOf, problemOf, submissionOf, valuesOf } from './elements';

const now = Date.parse('2026-03-09T12:00:00Z');

const dialog = (elements: unknown): Dialog => ({ title: 'Order', elements }) as Dialog;
const read = (...elements: unknown[]) => elementsOf(dialog(elements));

const options = [
  { text: 'Red', value: 'r' },
  { text: 'Blue', value: 'b' },
];

test('what is no field is left out', () => {
  expect(elementsOf(dialog(null))).toEqual([]);
  expect(read(null, 4, 'x', {}, { name: 'a', type: 'unheard' }, { type: 'text' })).toEqual([]);
  expect(read({ name: 'a', type: 'text', subtype: 'evil', max_length: -3 })).toMatchObject([
    { label: 'a', subtype: 'text', max: 150, min: 0, optional: false },
  ]);
  expect(read({ name: 'a', type: 'select', options: [null, { text: 'x' }, ...options, ...options] })).toMatchObject([
    { options: [{ label: 'Red' }, { label: 'Blue' }] },
  ]);
});

test('fields begin with their defaults', () => {
  const elements = read(
    { name: 'words', type: 'text', default: 'hello' },
    { name: 'yes', type: 'bool', default: 'true' },
    { name: 'one', type: 'select', options, default: 'b' },
    { name: 'some', type: 'select', options, multiselect: true, default: 'r, b,z' },
    { name: 'who', type: 'select', data_source: 'users', default: 'someid' },
    { name: 'way', type: 'radio', options, default: 'nothing like it' },
    { name: 'day', type: 'date', default: '+1w' },
    {
      name: 'at',
      type: 'datetime',
      default: '2026-03-09T13:30:00Z',
      datetime_config: { location_timezone: 'Asia/Tokyo' },
    },
  );
  expect(valuesOf(elements, {}, now)).toEqual({
    words: 'hello',
    yes: true,
    one: [{ id: 'b', label: 'Blue' }],
    some: [
      { id: 'r', label: 'Red' },
      { id: 'b', label: 'Blue' },
    ],
    who: [{ id: 'someid', label: '' }],
    way: '',
    day: '2026-03-16',
    at: { date: '2026-03-09', time: '22:30' },
  });
});

test('what is sent has the kinds that programs await', () => {
  const elements = read(
    { name: 'words', type: 'text' },
    { name: 'many', type: 'text', subtype: 'number' },
    { name: 'none', type: 'textarea', optional: true },
    { name: 'yes', type: 'bool' },
    { name: 'one', type: 'select', options },
    { name: 'some', type: 'select', options, multiselect: true },
    { name: 'way', type: 'radio', options, optional: true },
    { name: 'day', type: 'date' },
    { name: 'at', type: 'datetime', datetime_config: { location_timezone: 'Asia/Tokyo' } },
  );
  const picked = [{ id: 'b', label: 'Blue' }];
  const values = {
    words: 'hello',
    many: '2.5',
    none: '',
    yes: false,
    one: picked,
    some: picked,
    way: '',
    day: '2026-03-16',
    at: { date: '2026-03-09', time: '22:30' },
  };
  expect(submissionOf(elements, values)).toEqual({
    words: 'hello',
    many: 2.5,
    none: '',
    yes: false,
    one: 'b',
    some: ['b'],
    way: null,
    day: '2026-03-16',
    at: '2026-03-09T13:30:00Z',
  });
});

test.each([
  [{ type: 'text' }, ' ', 'required'],
  [{ type: 'text', optional: true, min_length: 3 }, '', undefined],
  [{ type: 'text', min_length: 3 }, 'ab', 'short'],
  [{ type: 'text', subtype: 'number' }, 'two', 'number'],
  [{ type: 'text', subtype: 'number' }, '-2e3', undefined],
  [{ type: 'text', subtype: 'email' }, 'a b@c', 'email'],
  [{ type: 'text', subtype: 'email' }, 'a@b', undefined],
  [{ type: 'text', subtype: 'url' }, 'javascript:alert(1)', 'url'],
  [{ type: 'text', subtype: 'url' }, 'https://example.com', undefined],
  [{ type: 'bool' }, false, undefined],
  [{ type: 'select', options }, [], 'required'],
  [{ type: 'radio', options }, '', 'required'],
  [{ type: 'date', min_date: 'today' }, '2026-03-08', 'early'],
  [{ type: 'date', datetime_config: { max_date: '+1d' } }, '2026-03-11', 'late'],
  [{ type: 'date', min_date: 'today', max_date: '+1d' }, '2026-03-10', undefined],
  [{ type: 'datetime' }, { date: '2026-03-08', time: '' }, 'time'],
  [{ type: 'datetime' }, { date: '', time: '12:00' }, 'required'],
])('%o filled with %o: %s', (element, value, id) => {
  const [one] = read({ name: 'a', ...element });
  if (!one) throw new Error('no field');
  expect(problemOf(one, value, now)?.id).toBe(id);
});

test('a refreshed form keeps what still fits', () => {
  const before = { words: 'mine', one: [{ id: 'r', label: 'Red' }], gone: 'x', turned: 'was text' };
  const elements = read(
    { name: 'words', type: 'text', default: 'theirs' },
    { name: 'one', type: 'select', options: [{ text: 'Green', value: 'g' }] },
    { name: 'turned', type: 'bool' },
    { name: 'new', type: 'text', default: 'fresh' },
  );
  expect(valuesOf(elements, before, now)).toEqual({ words: 'mine', one: [], turned: false, new: 'fresh' });
});

test('dates are written out or told from today', () => {
  expect(
    ['today', 'tomorrow', '+3d', '-1w', '+2m', '2027-01-02', '2027-13-02', 'soon'].map((one) => dateOf(one, now)),
  ).toEqual(['2026-03-09', '2026-03-10', '2026-03-12', '2026-03-02', '2026-05-09', '2027-01-02', '', '']);
});

test('a moment stays the same through the clock of any zone, also when that is moved', () => {
  const moments = ['2026-03-29T00:30:00Z', '2026-03-29T01:30:00Z', '2026-10-25T02:30:00Z', '2026-07-01T22:15:00Z'];
  for (const zone of ['UTC', 'Europe/Paris', 'America/New_York', 'Asia/Kolkata'])
    for (const moment of moments) expect(momentOf(wallOf(moment, now, zone), zone), zone).toBe(moment);
});
