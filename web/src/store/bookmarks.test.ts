import { expect, it } from 'vitest';
import { bookmarks, bookmarksIn } from './bookmarks';

const mark = (id: string, update_at: number, more = {}) =>
  ({ id, channel_id: 'c', update_at, create_at: 1, delete_at: 0, sort_order: 0, ...more }) as never;

it('ends the same in whatever order answers and events come', () => {
  const changed = mark('a', 2, { sort_order: 1 });
  const facts = [
    { type: 'bookmarks/all', channelId: 'c', bookmarks: [mark('a', 1), mark('b', 1)], asked: undefined },
    { type: 'bookmarks/heard', bookmarks: [changed] },
    { type: 'bookmarks/heard', bookmarks: [mark('b', 1, { delete_at: 3 })] },
    { type: 'bookmarks/heard', bookmarks: [mark('d', 1)] },
  ] as const;
  const orders = [0, 1, 2, 3].flatMap((a) =>
    [0, 1, 2, 3].flatMap((b) => [0, 1, 2, 3].map((c) => [a, b, c, 6 - a - b - c])),
  );
  for (const order of orders.filter((one) => new Set(one).size === 4)) {
    const state = order.map((at) => facts[at]).reduce((now, fact) => (fact ? bookmarks(now, fact) : now), {});
    expect(bookmarksIn({ bookmarks: state } as never, 'c').map((one) => [one.id, one.update_at])).toEqual([
      ['d', 1],
      ['a', 2],
    ]);
  }
});

it('forgets what an answer lacks', () => {
  const before = bookmarks({}, { type: 'bookmarks/heard', bookmarks: [mark('a', 1), mark('b', 1)] });
  const fact = { type: 'bookmarks/all', channelId: 'c', bookmarks: [mark('a', 1)], asked: before.c } as const;
  expect(bookmarksIn({ bookmarks: bookmarks(before, fact) } as never, 'c')).toHaveLength(1);
});
