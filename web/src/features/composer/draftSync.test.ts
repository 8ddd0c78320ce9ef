import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ApiError } from '@/api/http';
import { uploadOf } from '@/features/files/keep';
import { dispatch, getState } from '@/store/store';
import { uploadsAt } from '@/store/uploads';
import { syncDrafts } from './draftSync';
import { keptDraft, saveDraft, watchDrafts } from './drafts';
import { signIn } from './fixtures';

type Frame = { event: string; data: Record<string, unknown> };

const api = vi.hoisted(() => ({
  getDrafts: vi.fn(),
  putDraft: vi.fn(),
  deleteDraft: vi.fn(),
  getScheduledPosts: vi.fn(),
}));
const live = vi.hoisted(() => ({ frame: (_: Frame) => {}, missed: () => {} }));
vi.mock('@/api/drafts', async (original) => ({ ...(await original<object>()), ...api }));
vi.mock('@/realtime/live', () => ({
  onFrame: (listener: (frame: Frame) => void) => {
    live.frame = listener;
    return () => undefined;
  },
  onMissed: (listener: () => void) => {
    live.missed = listener;
    return () => undefined;
  },
}));

const draft = (message: string, update_at: number, channel_id = 'town') => ({
  user_id: 'me',
  channel_id,
  root_id: '',
  message,
  update_at,
  create_at: 1,
  delete_at: 0,
  props: {},
});
const file = { id: 'file', name: 'plan.txt', size: 4, mime_type: 'text/plain', channel_id: 'town' };
const withFile = { file_ids: ['file'], metadata: { files: [file] } };
const heard = (event: string, one: object) => live.frame({ event, data: { draft: JSON.stringify(one) } });
const shown = () => getState().drafts['town ']?.message;
const settled = () => vi.advanceTimersByTimeAsync(2000);

let now = 100_000;
let stop = () => {};
let stopWatching = () => {};

beforeEach(async () => {
  vi.useFakeTimers({ now });
  for (const one of Object.values(api)) one.mockReset();
  api.getDrafts.mockResolvedValue([]);
  api.getScheduledPosts.mockResolvedValue({});
  // The server's clock goes on with each write.
  api.putDraft.mockImplementation((sent: object) => Promise.resolve({ ...draft('', Date.now()), ...sent }));
  api.deleteDraft.mockResolvedValue({ status: 'OK' });
  signIn();
  dispatch(
    { type: 'server/config', config: { AllowSyncedDrafts: 'true', MaxPostSize: '400' } },
    { type: 'teams/mine', members: [{ team_id: 'team', user_id: 'me', roles: '', delete_at: 0 }] as never },
  );
  stop = syncDrafts();
  await settled();
});
afterEach(() => {
  stop();
  stopWatching();
  stopWatching = () => {};
  now += 1_000_000;
  vi.useRealTimers();
});

describe('a draft', () => {
  it('is sent once the writing pauses, with what was written last', async () => {
    saveDraft('town', '', 'hel');
    await vi.advanceTimersByTimeAsync(200);
    saveDraft('town', '', 'hello');
    await settled();
    expect(api.putDraft.mock.calls.map(([sent]) => sent.message)).toEqual(['hello']);
    expect(keptDraft('me', 'town ')?.synced).toBe(true);
    saveDraft('town', '', '');
    await settled();
    expect(api.deleteDraft).toHaveBeenCalledWith('town', '');
    expect(keptDraft('me', 'town ')).toBeUndefined();
  });

  it('keeps what other clients put with it', async () => {
    heard('draft_created', {
      ...draft('with a file', Date.now()),
      ...withFile,
      priority: { priority: 'urgent' },
    });
    saveDraft('town', '', 'with a file, changed');
    await settled();
    expect(api.putDraft.mock.calls[0]?.[0]).toMatchObject({ file_ids: ['file'], priority: { priority: 'urgent' } });
  });

  it('is there for its files alone, and goes with the last', async () => {
    stopWatching = watchDrafts();
    dispatch({ type: 'uploads/added', uploads: [uploadOf('town ', file as never)] });
    await settled();
    expect(api.putDraft.mock.calls.map(([sent]) => [sent.message, sent.file_ids])).toEqual([['', ['file']]]);
    expect(Object.keys(getState().drafts)).toEqual(['town ']);
    dispatch({ type: 'uploads/removed', ids: ['file'] });
    await settled();
    expect(api.deleteDraft).toHaveBeenCalledWith('town', '');
    expect(getState().drafts).toEqual({});
  });

  it('brings the files of another device, and takes them away again', async () => {
    stopWatching = watchDrafts();
    const names = () => uploadsAt(getState().uploads, 'town ').map(({ name }) => name);
    heard('draft_created', { ...draft('', Date.now()), ...withFile });
    expect(names()).toEqual(['plan.txt']);
    await settled();
    expect(api.putDraft).not.toHaveBeenCalled();
    heard('draft_deleted', { ...draft('', Date.now()), ...withFile });
    expect(names()).toEqual([]);
    expect(getState().drafts).toEqual({});
    await settled();
    expect(api.putDraft).not.toHaveBeenCalled();
  });

  it('comes from another device, and goes when it was sent there', () => {
    heard('draft_created', draft('from the phone', Date.now()));
    expect(shown()).toBe('from the phone');
    heard('draft_deleted', draft('from the phone', Date.now()));
    expect(shown()).toBeUndefined();
    heard('draft_created', { ...draft('not mine', Date.now()), user_id: 'you' });
    expect(shown()).toBeUndefined();
  });

  it('does not flicker back to what is on its way while one writes on', async () => {
    saveDraft('town', '', 'hello');
    heard('draft_created', draft('hel', Date.now()));
    expect(shown()).toBe('hello');
    await settled();
    heard('draft_created', draft('hel', Date.now() - 5000));
    expect(shown()).toBe('hello');
    expect(api.putDraft).toHaveBeenCalledTimes(1);
  });

  it('that changed while it was being sent is sent again', async () => {
    let answer = (_: unknown) => {};
    api.putDraft.mockImplementationOnce(() => new Promise((resolve) => (answer = resolve)));
    saveDraft('town', '', 'one');
    await settled();
    saveDraft('town', '', 'two');
    answer(draft('one', Date.now()));
    await settled();
    expect(api.putDraft.mock.calls.map(([sent]) => sent.message)).toEqual(['one', 'two']);
    expect(keptDraft('me', 'town ')).toMatchObject({ message: 'two', synced: true });
  });
});

describe('without a connection', () => {
  const offline = () => Promise.reject(new ApiError('network', '', 0));

  it('drafts are kept, and sent when there is one again', async () => {
    api.putDraft.mockImplementationOnce(offline);
    saveDraft('town', '', 'on the train');
    await settled();
    expect(keptDraft('me', 'town ')?.synced).toBeUndefined();
    live.missed();
    await settled();
    expect(api.putDraft).toHaveBeenCalledTimes(2);
    expect(keptDraft('me', 'town ')?.synced).toBe(true);
  });

  it('the one that was written last stands', async () => {
    api.putDraft.mockImplementationOnce(offline);
    saveDraft('town', '', 'on the train');
    await settled();
    const wrote = Date.now();
    api.getDrafts.mockResolvedValue([draft('at home, later', wrote + 60_000)]);
    live.missed();
    await settled();
    expect(shown()).toBe('at home, later');

    api.putDraft.mockImplementationOnce(offline);
    await vi.advanceTimersByTimeAsync(120_000);
    saveDraft('town', '', 'on the way back');
    await settled();
    live.missed();
    await settled();
    expect(shown()).toBe('on the way back');
    expect(api.putDraft.mock.lastCall?.[0].message).toBe('on the way back');
  });

  it('a draft that was sent elsewhere goes, one of a closed channel stays', async () => {
    saveDraft('town', '', 'sent from the phone');
    saveDraft('old', '', 'of an archived channel');
    await settled();
    api.getDrafts.mockResolvedValue([]);
    live.missed();
    await settled();
    expect(Object.keys(getState().drafts)).toEqual(['old ']);
  });
});

it('nothing is sent where the server keeps no drafts', async () => {
  dispatch({ type: 'server/config', config: { AllowSyncedDrafts: 'false' } });
  saveDraft('town', '', 'for this device');
  saveDraft('town', '', '');
  await settled();
  expect(api.putDraft).not.toHaveBeenCalled();
  expect(localStorage.length).toBe(0);
});
