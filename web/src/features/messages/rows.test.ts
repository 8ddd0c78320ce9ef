import { expect, test } from 'vitest';
import type { StoredPost } from '@/store/post';
import { named, partsOf } from './crowd';
import { buildRows, focusIdOf, indexOfPost, type Row, type RowOptions, type Run, reuse } from './rows';

const minute = 60_000;
const noon = Date.UTC(2026, 2, 9, 12);

function post(id: string, over: Partial<StoredPost> = {}): StoredPost {
  return {
    id,
    create_at: noon,
    update_at: noon,
    edit_at: 0,
    delete_at: 0,
    is_pinned: false,
    user_id: 'ana',
    channel_id: 'c',
    root_id: '',
    message: id,
    type: '',
    props: {},
    metadata: {},
    file_ids: [],
    reply_count: 0,
    last_reply_at: 0,
    participants: [],
    is_following: false,
    pending_post_id: '',
    ...over,
  } as StoredPost;
}

const options: RowOptions = {
  me: 'me',
  username: 'myself',
  timeZone: 'UTC',
  grouping: true,
  joinLeave: true,
  collapsed: true,
};

function run(posts: StoredPost[], over: Partial<Run> = {}): Run {
  return {
    ids: posts.filter((one) => !one.pending).map((one) => one.id),
    pending: posts.filter((one) => one.pending).map((one) => one.id),
    posts: Object.fromEntries(posts.map((one) => [one.id, one])),
    start: true,
    end: true,
    newSince: Number.MAX_SAFE_INTEGER,
    ...over,
  };
}

/** One word a row: `day`, `new`, `a` for a head, `a-` for a follower, `a+b` for a crowd. */
function drawn(rows: readonly Row[]): string {
  return rows
    .map((row) => {
      if (row.kind === 'post') return `${row.id}${row.head ? '' : '-'}${row.comment ? '!' : ''}`;
      return row.kind === 'crowd' ? row.ids.join('+') : row.kind;
    })
    .join(' ');
}

const draw = (posts: StoredPost[], over: Partial<Run> = {}, own: Partial<RowOptions> = {}) =>
  drawn(buildRows(run(posts, over), { ...options, ...own }));

const join = (id: string, username: string, over: Partial<StoredPost> = {}) =>
  post(id, { type: 'system_join_channel', props: { username }, ...over });

test('messages of one author within five minutes stand together', () => {
  const at = (minutes: number) => ({ create_at: noon + minutes * minute });
  expect(draw([post('a', at(0)), post('b', at(4)), post('c', at(9.5)), post('d', { ...at(10), user_id: 'ben' })])).toBe(
    'intro day a b- c d end',
  );
  expect(draw([post('a'), post('b')], {}, { grouping: false })).toBe('intro day a b end');
});

test('what is not the same author to the eye begins anew', () => {
  const hook = (name: string) => ({ props: { from_webhook: 'true', override_username: name } });
  expect(draw([post('a'), post('b', hook('build')), post('c', hook('build')), post('d', hook('deploy'))])).toBe(
    'intro day a b c- d end',
  );
  expect(draw([post('a'), post('b', { metadata: { priority: { priority: 'urgent' } } as never })])).toBe(
    'intro day a b end',
  );
  expect(draw([post('a', { delete_at: noon }), post('b')])).toBe('intro day a b end');
  expect(draw([post('a'), post('b', { type: 'system_header_change', props: {} }), post('c')])).toBe(
    'intro day a b c end',
  );
});

test('days begin by the time zone of the reader', () => {
  const posts = [
    post('a', { create_at: Date.UTC(2026, 2, 9, 22, 59) }),
    post('b', { create_at: Date.UTC(2026, 2, 9, 23, 1) }),
  ];
  expect(draw(posts)).toBe('intro day a b- end');
  expect(draw(posts, {}, { timeZone: 'Europe/Paris' })).toBe('intro day a day b end');
});

test('a day that is an hour shorter is still one day', () => {
  const posts = [
    post('a', { create_at: Date.UTC(2026, 2, 29, 0, 30) }),
    post('b', { create_at: Date.UTC(2026, 2, 29, 21, 30) }),
  ];
  const rows = buildRows(run(posts), { ...options, timeZone: 'Europe/Paris' });
  expect(drawn(rows)).toBe('intro day a b end');
  expect(rows[1]).toMatchObject({ kind: 'day', at: Date.UTC(2026, 2, 28, 23) });
});

test('the line of new messages stands before the first one of others', () => {
  const posts = [
    post('a', { create_at: noon }),
    post('b', { create_at: noon + 10, user_id: 'me' }),
    post('c', { create_at: noon + 20 }),
  ];
  expect(draw(posts, { newSince: noon })).toBe('intro day a b new c end');
  expect(draw(posts, { newSince: noon - 1 })).toBe('intro day new a b c end');
  expect(draw(posts, { newSince: noon + 20 })).toBe('intro day a b c end');
});

test('a message that was marked unread by hand has the line before it, even one’s own', () => {
  const posts = [post('a', { create_at: noon }), post('b', { create_at: noon + 10, user_id: 'me' })];
  expect(draw(posts, { newSince: noon + 9 })).toBe('intro day a new b end');
});

test('the line is not drawn where older unread messages may still have to be loaded', () => {
  const posts = [post('a', { create_at: noon }), post('b', { create_at: noon + 10 })];
  expect(draw(posts, { newSince: noon - 5, start: false })).toBe('older day a b- end');
  expect(draw(posts, { newSince: noon, start: false })).toBe('older day a new b end');
});

test('comings and goings are told as one, parted by the line of new messages', () => {
  const posts = [join('a', 'x'), join('b', 'y'), post('c'), join('d', 'z', { create_at: noon + 1 })];
  expect(draw(posts)).toBe('intro day a+b c d end');
  const later = [join('a', 'x'), join('b', 'y', { create_at: noon + 5 })];
  expect(draw(later, { newSince: noon })).toBe('intro day a new b end');
});

test('who wishes not to hear of comings and goings hears only of their own', () => {
  const posts = [
    join('a', 'x'),
    join('b', 'myself'),
    post('c', { type: 'system_add_remove', props: { username: 'y' } }),
  ];
  expect(draw(posts, {}, { joinLeave: false })).toBe('intro day b end');
});

test('what is pending stands at the end, even where newer messages have yet to be loaded', () => {
  const posts = [post('a'), post('me:1', { pending: 'sending', user_id: 'me' })];
  expect(draw(posts)).toBe('intro day a me:1 end');
  expect(draw(posts, { end: false })).toBe('intro day a newer me:1 end');
});

test('replies stand in the channel only where threads are not collapsed, and say what they answer to', () => {
  const posts = [
    post('a'),
    post('b', { root_id: 'a' }),
    post('c', { user_id: 'ben' }),
    post('d', { root_id: 'a', user_id: 'ben' }),
    post('e', { root_id: 'a', user_id: 'ben' }),
  ];
  expect(draw(posts)).toBe('intro day a c end');
  expect(draw(posts, {}, { collapsed: false })).toBe('intro day a b- c d! e- end');
});

test('rows that say the same stay the same', () => {
  const posts = [post('a'), post('b'), post('c', { user_id: 'ben' })];
  const first = buildRows(run(posts), options);
  expect(reuse(first, buildRows(run(posts), options))).toBe(first);
  const more = reuse(first, buildRows(run([...posts, post('d', { user_id: 'ben' })]), options));
  expect(more).not.toBe(first);
  expect(more.slice(0, 5)).toEqual(first.slice(0, 5));
  for (let i = 0; i < 5; i++) expect(more[i]).toBe(first[i]);
});

test('a message is found in its row', () => {
  const rows = buildRows(run([join('a', 'x'), join('b', 'y'), post('c')]), options);
  expect(indexOfPost(rows, 'b')).toBe(2);
  expect(indexOfPost(rows, 'c')).toBe(3);
  expect(indexOfPost(rows, 'nobody')).toBe(-1);
  expect(focusIdOf(rows[2])).toBe('a');
  expect(focusIdOf(rows[1])).toBeUndefined();
});

test('a crowd is told by what happened and by whom', () => {
  const added = (id: string, name: string) =>
    post(id, { type: 'system_add_to_channel', props: { username: 'zoe', addedUsername: name } });
  expect(partsOf([join('a', 'x'), join('b', 'y'), added('c', 'v'), join('d', 'x'), added('e', 'w')])).toEqual([
    { move: 'joined', names: ['x', 'y'] },
    { move: 'added', names: ['v', 'w'], by: 'zoe' },
  ]);
  expect(named(['a', 'b', 'c', 'd'], false)).toEqual({ shown: ['a', 'b', 'c', 'd'], rest: 0 });
  expect(named(['a', 'b', 'c', 'd', 'e'], false)).toEqual({ shown: ['a', 'b', 'c'], rest: 2 });
  expect(named(['a', 'b', 'c', 'd', 'e'], true)).toEqual({ shown: ['a', 'b', 'c', 'd', 'e'], rest: 0 });
});
