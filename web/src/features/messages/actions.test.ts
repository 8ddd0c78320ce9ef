import type { Post } from '@mattermost/types/posts';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { ApiError } from '@/api/http';
import * as postsApi from '@/api/posts';
import * as serverApi from '@/api/server';
import { channelPosts, postOf } from '@/store/posts';
import { tally } from '@/store/reactions';
import { isSaved } from '@/store/selectors';
import { dispatch, getState } from '@/store/store';
import { discard, edit, markUnread, remove, retry, send, setPinned, setReaction, setSaved } from './actions';

vi.mock('@/api/posts');
vi.mock('@/api/server');

const me = 'me';
const channelId = 'c';
let clock = 1000;

function wire(id: string, over: Partial<Post> = {}): Post {
  return {
    id,
    create_at: clock,
    update_at: clock,
    edit_at: 0,
    delete_at: 0,
    is_pinned: false,
    user_id: me,
    channel_id: channelId,
    root_id: '',
    original_id: '',
    message: id,
    type: '',
    props: {},
    hashtags: '',
    pending_post_id: '',
    reply_count: 0,
    metadata: {} as Post['metadata'],
    ...over,
  };
}

const bucket = () => channelPosts(getState().posts, channelId);
const live = () => bucket().blocks.find((block) => block.end)?.ids ?? [];
const offline = () => new ApiError('network', 'no network', 0);
const refused = () => new ApiError('api.refused', 'refused', 403);

/** Everything in the channel that somebody sees, confirmed or not. */
const seen = () => [...live(), ...bucket().pending].map((id) => bucket().posts[id]?.message);

beforeEach(() => {
  vi.mocked(postsApi.createPost).mockReset();
  clock = 1000;
  dispatch({ type: 'signed-out' });
  dispatch(
    { type: 'users/me', user: { id: me, username: 'me', roles: '', update_at: 1 } as never },
    { type: 'posts/mode', collapsed: true },
    {
      type: 'posts/page',
      channelId,
      list: {
        order: ['first'],
        posts: { first: wire('first', { user_id: 'ana' }) },
        next_post_id: '',
        prev_post_id: '',
        first_inaccessible_post_time: 0,
      },
    },
    { type: 'server/connection', connection: 'online' },
  );
});

afterEach(() => vi.clearAllMocks());

test('a message stands there at once and is taken over by the answer', async () => {
  let answer: (post: Post) => void = () => undefined;
  vi.mocked(postsApi.createPost).mockImplementation(() => new Promise((resolve) => (answer = resolve)));
  const done = send({ channelId, message: 'hello' });
  expect(seen()).toEqual(['first', 'hello']);
  const [id = ''] = bucket().pending;
  expect(id).toMatch(/^me:\d+$/);
  expect(postOf(getState().posts, channelId, id)?.pending).toBe('sending');
  await vi.waitFor(() => expect(postsApi.createPost).toHaveBeenCalled());
  answer(wire('p1', { message: 'hello', pending_post_id: id, create_at: 2000, update_at: 2000 }));
  expect(await done).toBe(true);
  expect(seen()).toEqual(['first', 'hello']);
  expect(live()).toEqual(['first', 'p1']);
  expect(bucket().pending).toEqual([]);
});

test.each(['event first', 'answer first'])('an event and an answer are one message: %s', async (order) => {
  let sent = '';
  const real = () => wire('p1', { message: 'hello', pending_post_id: sent, create_at: 2000, update_at: 2000 });
  vi.mocked(postsApi.createPost).mockImplementation(async (message) => {
    sent = message.pending_post_id;
    if (order === 'event first') dispatch({ type: 'post/heard', post: real() });
    return real();
  });
  await send({ channelId, message: 'hello' });
  if (order === 'answer first') dispatch({ type: 'post/heard', post: real() });
  expect(seen()).toEqual(['first', 'hello']);
  expect(Object.keys(bucket().posts).sort()).toEqual(['first', 'p1']);
});

test('messages of the same moment have ids of their own and go out one after the other', async () => {
  const order: string[] = [];
  vi.mocked(postsApi.createPost).mockImplementation(async (message) => {
    order.push(`${message.message} begins`);
    await Promise.resolve();
    order.push(`${message.message} ends`);
    clock++;
    return wire(message.message, { pending_post_id: message.pending_post_id, create_at: 2000 + clock });
  });
  await Promise.all([send({ channelId, message: 'a' }), send({ channelId, message: 'b' })]);
  expect(order).toEqual(['a begins', 'a ends', 'b begins', 'b ends']);
  expect(seen()).toEqual(['first', 'a', 'b']);
});

test('what the server refuses says why, stays, and can be sent again with the same id or given up', async () => {
  vi.mocked(postsApi.createPost).mockRejectedValue(refused());
  expect(await send({ channelId, message: 'hello' })).toBe(false);
  const [id = ''] = bucket().pending;
  expect(postOf(getState().posts, channelId, id)).toMatchObject({ pending: 'failed', failure: 'refused' });
  vi.mocked(postsApi.createPost).mockImplementation(async (message) =>
    wire('p1', { message: 'hello', pending_post_id: message.pending_post_id, create_at: 2000 }),
  );
  expect(await retry(channelId, id)).toBe(true);
  expect(vi.mocked(postsApi.createPost).mock.calls.map(([message]) => message.pending_post_id)).toEqual([id, id]);
  expect(seen()).toEqual(['first', 'hello']);
  vi.mocked(postsApi.createPost).mockRejectedValue(refused());
  await send({ channelId, message: 'other' });
  discard(channelId, bucket().pending[0] ?? '');
  expect(seen()).toEqual(['first', 'hello']);
});

test('the server had it although the answer was lost: its event settles the failure', async () => {
  vi.mocked(postsApi.createPost).mockRejectedValue(refused());
  await send({ channelId, message: 'hello' });
  const [id = ''] = bucket().pending;
  dispatch({ type: 'post/heard', post: wire('p1', { message: 'hello', pending_post_id: id, create_at: 2000 }) });
  expect(seen()).toEqual(['first', 'hello']);
  expect(await retry(channelId, id)).toBe(false);
});

test('without a connection it is sent again by itself, once, when there is one', async () => {
  vi.mocked(postsApi.createPost).mockRejectedValue(offline());
  await send({ channelId, message: 'hello' });
  const reconnect = async () => {
    dispatch(
      { type: 'server/connection', connection: 'offline' },
      { type: 'server/connection', connection: 'offline' },
    );
    dispatch({ type: 'server/connection', connection: 'online' });
    await new Promise((resolve) => setTimeout(resolve, 5));
  };
  await reconnect();
  expect(postsApi.createPost).toHaveBeenCalledTimes(2);
  await reconnect();
  expect(postsApi.createPost).toHaveBeenCalledTimes(2);
  expect(postOf(getState().posts, channelId, bucket().pending[0] ?? '')?.pending).toBe('failed');
});

test('an edit shows at once and is taken back when it is refused', async () => {
  vi.mocked(postsApi.editPost).mockRejectedValue(refused());
  const attempt = edit(channelId, 'first', 'changed');
  expect(seen()).toEqual(['changed']);
  await expect(attempt).rejects.toThrow('refused');
  expect(postOf(getState().posts, channelId, 'first')).toMatchObject({ message: 'first', edit_at: 0 });
  vi.mocked(postsApi.editPost).mockResolvedValue(wire('first', { message: 'changed', update_at: 3000, edit_at: 3000 }));
  await edit(channelId, 'first', 'changed');
  expect(postOf(getState().posts, channelId, 'first')).toMatchObject({ message: 'changed', edit_at: 3000 });
});

test('somebody else’s change that came meanwhile is not taken back', async () => {
  vi.mocked(postsApi.pinPost).mockImplementation(async () => {
    dispatch({ type: 'post/edited', post: wire('first', { message: 'newer', update_at: 5000 }) });
    throw refused();
  });
  await expect(setPinned(channelId, 'first', true)).rejects.toThrow('refused');
  expect(postOf(getState().posts, channelId, 'first')).toMatchObject({ message: 'newer', is_pinned: false });
});

test('a reaction shows at once, whatever the clock says, and goes when it is refused', async () => {
  const names = () => tally(bucket().reactions.first).map((one) => one.emoji);
  vi.mocked(postsApi.react).mockResolvedValue({ user_id: me, post_id: 'first', emoji_name: 'tada', create_at: 2000 });
  const asked = setReaction(channelId, 'first', 'tada', true);
  expect(names()).toEqual(['tada']);
  await asked;
  // The device's clock may be far ahead: what the server says next counts all the same.
  const gone = { user_id: me, post_id: 'first', emoji_name: 'tada', create_at: 2000, update_at: 2001 };
  dispatch({ type: 'reaction/changed', channelId, reaction: gone, on: false });
  expect(names()).toEqual([]);
  vi.mocked(postsApi.react).mockRejectedValue(refused());
  await expect(setReaction(channelId, 'first', 'heart', true)).rejects.toThrow('refused');
  expect(names()).toEqual([]);
});

test('saving is taken back when it is refused', async () => {
  vi.mocked(serverApi.savePreferences).mockRejectedValue(refused());
  await expect(setSaved('first', true)).rejects.toThrow('refused');
  expect(isSaved(getState(), 'first')).toBe(false);
  vi.mocked(serverApi.savePreferences).mockResolvedValue({ status: 'OK' });
  await setSaved('first', true);
  expect(isSaved(getState(), 'first')).toBe(true);
});

test('what one deletes is gone, also when the event follows', async () => {
  vi.mocked(postsApi.deletePost).mockResolvedValue({ status: 'OK' });
  await remove(channelId, 'first');
  dispatch({ type: 'post/deleted', post: wire('first', { delete_at: 4000 }) });
  expect(live()).toEqual([]);
});

test('marking unread puts the line of new messages before the message', async () => {
  dispatch({ type: 'place/channel', teamId: 't', channelId, newSince: Number.MAX_SAFE_INTEGER });
  vi.mocked(postsApi.setUnreadFrom).mockResolvedValue({});
  await markUnread(channelId, 'first');
  expect(getState().place.newSince).toBe(999);
});
