import { expect, it } from 'vitest';
import { noScheduled, scheduled } from './scheduled';

const post = (id: string, update_at: number, more = {}) =>
  ({ id, update_at, scheduled_at: 5, channel_id: 'c', root_id: '', ...more }) as never;

it('ends the same in whatever order answers and events come', () => {
  const old = post('a', 1);
  const changed = post('a', 2);
  const heard = { type: 'scheduled/heard', post: changed } as const;
  const all = { type: 'scheduled/all', posts: [old, post('b', 1)], asked: noScheduled } as const;
  const gone = { type: 'scheduled/gone', id: 'b' } as const;
  const orders = [
    [heard, all, gone],
    [heard, gone, all],
    [all, heard, gone],
    [all, gone, heard],
    [gone, all, heard],
    [gone, heard, all],
  ];
  for (const order of orders) expect(order.reduce(scheduled, noScheduled).byId).toEqual({ a: changed });
});

it('forgets what an answer lacks, but not what came after it was asked for', () => {
  const before = [post('a', 1), post('b', 1)].reduce(
    (state, one) => scheduled(state, { type: 'scheduled/heard', post: one }),
    noScheduled,
  );
  const meanwhile = scheduled(before, { type: 'scheduled/heard', post: post('c', 3) });
  const after = scheduled(meanwhile, { type: 'scheduled/all', posts: [post('a', 1)], asked: before });
  expect(Object.keys(after.byId).sort()).toEqual(['a', 'c']);
});
