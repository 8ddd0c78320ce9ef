/** Every way in which a thread is read: none may leave it unread, on the server or in a window. */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import * as postsApi from '@/api/posts';
import { factsOf } from '@/realtime/events';
import { settleThreads } from '@/realtime/threads';
import { type Action, dispatch, getState, initialState, store } from '@/store/store';
import { followedThread, isUnread } from '@/store/thread';
import { channelId, me, ServerThreads, teamId } from '@/store/threads.model';
import { openThread, readAll } from './actions';
import { forgetOpened, openedThread } from './opened';
import { watchThreads } from './reading';

vi.mock('@/api/posts');
vi.mock('@/api/users', () => ({
  getUsers: async () => [],
  getUsersByNames: async () => [],
  getStatuses: async () => [],
}));

const root = 'root0';
const facts = [
  { type: 'server/config', config: { CollapsedThreads: 'always_on' } },
  { type: 'server/connection', connection: 'online' },
  { type: 'users/me', user: { id: me, username: 'me', update_at: 1 } },
  { type: 'teams/mine', members: [{ team_id: teamId, delete_at: 0, roles: '' }] },
  {
    type: 'channels/received',
    channels: [{ id: channelId, team_id: teamId, type: 'O', update_at: 1, last_post_at: 1 }],
  },
  { type: 'place/channel', teamId, channelId, newSince: 0 },
] as unknown as Action[];

let server: ServerThreads;
let heard = 0;
let focused = true;
let stop: () => void;

/** The window hears what the server has told since. */
const hear = () => {
  for (; heard < server.frames.length; heard++) {
    const frame = server.frames[heard];
    if (frame) dispatch(...factsOf(frame, getState()));
  }
};
const settle = async (milliseconds = 0) => {
  await vi.advanceTimersByTimeAsync(milliseconds);
  hear();
  await vi.advanceTimersByTimeAsync(0);
  hear();
};
const thread = () => server.threads[0] as ServerThreads['threads'][number];
const mine = () => getState().threads.threads[root];
const look = (on: boolean) => {
  focused = on;
  window.dispatchEvent(new Event(on ? 'focus' : 'blur'));
};

function postList() {
  const replies = server.standing(thread()).map((reply) => ({
    id: reply.id,
    create_at: reply.at,
    update_at: reply.at,
    delete_at: 0,
    user_id: reply.author,
    channel_id: channelId,
    root_id: root,
    message: '',
  }));
  const all = [
    {
      id: root,
      create_at: 1,
      update_at: 1,
      delete_at: 0,
      channel_id: channelId,
      root_id: '',
      user_id: 'other',
      message: '',
    },
  ];
  const posts = Object.fromEntries([...all, ...replies].map((post) => [post.id, post]));
  return { order: Object.keys(posts), posts, has_next: false, next_post_id: '', prev_post_id: '' };
}

function answer() {
  const api = vi.mocked(postsApi);
  api.getMyThread.mockImplementation(async (_team, id) => {
    const wire = server.threads.map((one) => one.id === id && server.wire(one)).find(Boolean);
    if (!wire) throw new Error('not followed');
    return wire;
  });
  api.getThread.mockImplementation(async () => postList() as never);
  api.getThreads.mockImplementation(async (_team, query) => ({ threads: server.list(query.unread ?? false) }) as never);
  api.readThread.mockImplementation(async (_team, _id, at) => {
    server.read(thread(), at, false);
    return server.wire(thread()) as never;
  });
  api.readAllThreads.mockImplementation(async () => {
    server.readAll(false);
    return { status: 'OK' };
  });
}

const openPane = async () => {
  dispatch({ type: 'place/pane', pane: { kind: 'thread', channelId, rootId: root } });
  await openThread({ channelId, rootId: root });
  await settle();
};
const expectRead = () => {
  expect(server.unread(thread())).toBe(0);
  expect(thread().mentions).toBe(0);
  const known = mine();
  if (known) expect(isUnread(known)).toBe(false);
};

beforeEach(() => {
  vi.useFakeTimers();
  store.setState(initialState, true);
  forgetOpened(root);
  dispatch(...facts);
  server = new ServerThreads(2);
  heard = 0;
  focused = true;
  vi.spyOn(document, 'hasFocus').mockImplementation(() => focused);
  answer();
  server.follow(thread(), true);
  server.reply(thread(), 'other', false, false);
  hear();
  stop = watchThreads();
});
afterEach(() => {
  stop();
  vi.useRealTimers();
  vi.clearAllMocks();
  vi.restoreAllMocks();
});

describe('a thread', () => {
  it('is read when it is opened, and the line stands where one left off', async () => {
    const left = mine()?.lastViewedAt;
    await openPane();
    expectRead();
    expect(openedThread(root).newSince).toBe(left);
  });

  it('is read reply by reply while it is open and looked at, with few calls', async () => {
    await openPane();
    for (let i = 0; i < 20; i++) {
      server.reply(thread(), 'other', i % 3 === 0, false);
      await settle(50);
    }
    await settle(2000);
    expectRead();
    expect(vi.mocked(postsApi.readThread).mock.calls.length).toBeLessThan(6);
  });

  it('is read up to the last reply by the clock of the server', async () => {
    vi.setSystemTime(5);
    await openPane();
    expect(postsApi.readThread).toHaveBeenLastCalledWith(teamId, root, server.last(thread()));
    expectRead();
  });

  it('stays unread while the window is not looked at, and is read when it is again', async () => {
    await openPane();
    look(false);
    server.reply(thread(), 'other', true, false);
    await settle(3000);
    expect(mine()?.unreadReplies).toBe(1);
    expect(openedThread(root).newSince).toBeLessThan(server.last(thread()));
    look(true);
    await settle(1500);
    expectRead();
  });

  it('is read here when it is read in another window', async () => {
    hear();
    server.read(thread(), server.last(thread()), false);
    await settle();
    expectRead();
    expect(getState().threads.threads[root]?.unreadReplies).toBe(0);
  });

  it('is read when replies come faster than the server tells of reading', async () => {
    await openPane();
    vi.mocked(postsApi.readThread).mockImplementation(async (_team, _id, at) => {
      // The event about the next reply was made before this mark and comes after it.
      server.reply(thread(), 'other', true, true);
      server.read(thread(), at, false);
      server.flush();
      return server.wire(thread()) as never;
    });
    server.reply(thread(), 'other', false, false);
    await settle();
    answer();
    await settle(5000);
    await settleThreads();
    await settle(5000);
    expectRead();
  });

  it('is read when the unread reply is deleted', async () => {
    look(false);
    server.reply(thread(), 'other', true, false);
    await settle();
    server.remove(thread(), 1);
    server.remove(thread(), 0);
    hear();
    await settleThreads();
    expect(mine()?.unreadReplies).toBe(0);
    expect(mine()?.unreadMentions).toBe(0);
  });

  it('is read by answering in it', async () => {
    server.reply(thread(), me, false, false);
    await settle();
    expectRead();
    expect(mine()?.unreadReplies).toBe(0);
    expect(postsApi.readThread).not.toHaveBeenCalled();
  });

  it('is not read with its channel, since replies stand in threads', async () => {
    hear();
    dispatch({ type: 'channels/viewed', times: { [channelId]: 9 } });
    expect(mine()?.unreadReplies).toBe(1);
  });

  it('is read with its channel where another client says so', async () => {
    hear();
    thread().viewed = server.last(thread());
    const broadcast = { user_id: me, channel_id: channelId, team_id: '' };
    server.frames.push({ event: 'thread_read_changed', data: { timestamp: 9_999_999 }, broadcast, seq: 99 });
    await settle();
    expectRead();
  });

  it('is read with all others', async () => {
    server.reply(server.threads[1] as ServerThreads['threads'][number], 'other', true, false);
    hear();
    await readAll(teamId);
    await settle();
    expectRead();
    expect(getState().threads.unread[teamId]?.ids).toEqual([]);
    expect(Object.values(getState().threads.threads).some(isUnread)).toBe(false);
  });

  it('is unread after a reload only if the server says so', async () => {
    await openPane();
    expectRead();
    store.setState(initialState, true);
    dispatch(...facts);
    const wire = server.wire(thread());
    if (wire) dispatch({ type: 'threads/received', thread: followedThread(wire, teamId), asked: 0 });
    expect(mine()?.unreadReplies).toBe(0);
  });

  it('is read later when the server could not be reached', async () => {
    vi.mocked(postsApi.readThread).mockRejectedValueOnce(new Error('no network'));
    await openPane();
    expect(server.unread(thread())).toBe(1);
    await settle(6000);
    expectRead();
  });

  it('stays unread while it is looked at when it was marked so by hand, until it is opened again', async () => {
    await openPane();
    server.markUnread(thread(), 0);
    await settle(3000);
    expect(mine()?.unreadReplies).toBe(1);
    expect(openedThread(root).newSince).toBe(server.last(thread()) - 1);
    server.reply(thread(), 'other', false, false);
    await settle(3000);
    expect(mine()?.unreadReplies).toBe(2);
    await openPane();
    await settle(1500);
    expectRead();
  });

  it('is not followed by looking at it', async () => {
    server.follow(thread(), false);
    hear();
    vi.mocked(postsApi.readThread).mockClear();
    await openPane();
    await settle(2000);
    expect(postsApi.readThread).not.toHaveBeenCalled();
    expect(thread().following).toBe(false);
  });

  it('keeps no count where replies stand in the channel', async () => {
    dispatch({ type: 'server/config', config: { CollapsedThreads: 'disabled' } });
    await openPane();
    await settle(2000);
    expect(postsApi.readThread).not.toHaveBeenCalled();
  });
});
