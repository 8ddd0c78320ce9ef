import { expect, test } from 'vitest';
import { readersOf } from './receipts';
import { initialState, reduce } from './store';

const all = (enabled: boolean) =>
  reduce(initialState, {
    type: 'receipts/all',
    channelId: 'c',
    receipts: {
      enabled,
      may_switch: true,
      readers: [
        { user_id: 'ben', read_at: 5 },
        { user_id: '', read_at: 9 },
      ],
    },
  });

test('who has read a message are those who have read up to it, without oneself', () => {
  expect(readersOf(all(true), 'c', 5)).toEqual(['ben']);
  expect(readersOf(all(true), 'c', 6)).toEqual([]);
  expect(readersOf(all(false), 'c', 5)).toEqual([]);
  const later = reduce(all(true), { type: 'receipts/read', channelId: 'c', userId: 'ben', at: 7 });
  expect(readersOf(later, 'c', 6)).toEqual(['ben']);
  // Marked as unread again.
  expect(readersOf(reduce(later, { type: 'receipts/read', channelId: 'c', userId: 'ben', at: 4 }), 'c', 5)).toEqual([]);
  expect(
    reduce(all(false), { type: 'receipts/read', channelId: 'c', userId: 'ben', at: 7 }).receipts.c?.readers.ben,
  ).toBe(5);
});
