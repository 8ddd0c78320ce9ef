import fc from 'fast-check';
import { beforeEach, describe, expect, test, vi } from 'vitest';
import type { FileInfo, Sending } from '@/api/files';
import { ApiError } from '@/api/http';
import { dispatch, getState } from '@/store/store';
import { uploadsAt } from '@/store/uploads';
import { arrived, detach, detachAll, tryAgain } from './attached';
import { addFiles, atOnce, partSize, partsFrom } from './engine';

/** Call is one that the server has yet to answer. */
type Call = {
  name: string;
  id: string;
  part?: Blob;
  sending: Sending;
  answer: (with_: unknown) => void;
  refuse: (error: unknown) => void;
};

const server = vi.hoisted(() => ({
  calls: [] as unknown[],
  sessions: new Map<string, { id: string; file_size: number; file_offset: number; filename: string }>(),
}));
const calls = server.calls as Call[];

vi.mock('@/api/files', async (original) => {
  const hold = (call: Omit<Call, 'answer' | 'refuse'>) =>
    new Promise((answer, refuse) => {
      const own = { ...call, answer, refuse };
      server.calls.push(own);
      call.sending.signal.addEventListener('abort', () => {
        server.calls.splice(server.calls.indexOf(own), 1);
        refuse(new DOMException('ended', 'AbortError'));
      });
    });
  return {
    ...(await original<object>()),
    uploadFile: (_: string, file: File, id: string, sending: Sending) => hold({ name: file.name, id, sending }),
    createUpload: async (_: string, filename: string, file_size: number) => {
      const session = { id: `s${server.sessions.size}`, filename, file_size, file_offset: 0 };
      server.sessions.set(session.id, session);
      return { ...session };
    },
    getUpload: async (id: string) => {
      const session = server.sessions.get(id);
      if (!session) throw new ApiError('app.upload.get.app_error', 'no such upload', 404);
      return { ...session };
    },
    uploadPart: (id: string, part: Blob, sending: Sending) =>
      hold({ name: server.sessions.get(id)?.filename ?? '', id, part, sending }),
  };
});

const place = 'town ';
const info = (name: string): FileInfo => ({ id: `file-${name}`, name }) as FileInfo;
const text = (name: string) => new File(['x'], name, { type: 'text/plain' });
const settled = async () => {
  for (let i = 0; i < 20; i++) await Promise.resolve();
};
const end = async (call: Call | undefined, with_: unknown) => {
  if (!call) throw new Error('nothing is being sent');
  calls.splice(calls.indexOf(call), 1);
  if (with_ instanceof Error) call.refuse(with_);
  else call.answer(with_);
  await settled();
};
const cut = () => new ApiError('network', 'no answer', 0);
const states = () => uploadsAt(getState().uploads, place).map(({ name, status }) => `${name} ${status}`);

beforeEach(async () => {
  vi.useFakeTimers();
  dispatch({ type: 'signed-out' }, { type: 'server/config', config: { MaxFileSize: '100000000' } });
  dispatch({ type: 'server/connection', connection: 'online' });
  await settled();
  calls.length = 0;
  server.sessions.clear();
  vi.stubGlobal('URL', Object.assign(URL, { createObjectURL: () => 'blob:x', revokeObjectURL: () => undefined }));
});

describe('files that are sent at once', () => {
  test('a few at a time, in the order in which they were chosen', async () => {
    addFiles(place, 'town', ['a', 'b', 'c', 'd', 'e'].map(text));
    expect(calls.map(({ name }) => name)).toEqual(['a', 'b', 'c']);
    await end(calls[1], info('b'));
    expect(calls.map(({ name }) => name)).toEqual(['a', 'c', 'd']);
    expect(states()).toEqual(['a sending', 'b done', 'c sending', 'd sending', 'e queued']);
    for (const call of [...calls]) await end(call, info(call.name));
    await end(calls[0], info('e'));
    await expect(arrived(place)).resolves.toEqual(['a', 'b', 'c', 'd', 'e'].map(info));
  });

  test('what is too much or too large is left out with the reason', () => {
    dispatch({ type: 'server/config', config: { MaxFileSize: '3' } });
    const large = new File(['xxxx'], 'large');
    const refused = addFiles(place, 'town', [large, ...Array.from({ length: 12 }, (_, i) => text(`${i}`))]);
    expect(refused).toEqual([
      { kind: 'too-large', names: ['large'], most: 3 },
      { kind: 'too-many', count: 2 },
    ]);
    expect(states()).toHaveLength(10);
    expect(addFiles(place, 'town', [text('more')])).toEqual([{ kind: 'too-many', count: 1 }]);
  });

  test('a cut goes on by itself, a refusal when one asks for it', async () => {
    addFiles(place, 'town', [text('a'), text('b')]);
    await end(calls[0], cut());
    await vi.advanceTimersByTimeAsync(0);
    await end(calls[0], new ApiError('too_large', 'Too large', 413));
    expect(states()).toEqual(['a cut', 'b failed']);
    const waits = arrived(place);
    await vi.advanceTimersByTimeAsync(1_500);
    expect(states()).toEqual(['a sending', 'b failed']);
    await end(calls[0], info('a'));
    await expect(waits).rejects.toThrow('Too large');
    tryAgain(place);
    await settled();
    await end(calls[0], info('b'));
    expect(states()).toEqual(['a done', 'b done']);
  });

  test('without a connection it waits for one, however long', async () => {
    addFiles(place, 'town', [text('a')]);
    dispatch({ type: 'server/connection', connection: 'offline' });
    await end(calls[0], cut());
    await vi.advanceTimersByTimeAsync(600_000);
    expect(states()).toEqual(['a cut']);
    dispatch({ type: 'server/connection', connection: 'online' });
    await settled();
    expect(states()).toEqual(['a sending']);
  });

  test('what is cut again and again with a connection fails at last', async () => {
    addFiles(place, 'town', [text('a')]);
    for (let i = 0; i < 20 && states()[0] !== 'a failed'; i++) {
      if (calls[0]) await end(calls[0], cut());
      await vi.advanceTimersByTimeAsync(20_000);
    }
    expect(states()).toEqual(['a failed']);
  });

  test('signing out ends everything', async () => {
    addFiles(place, 'town', ['a', 'b', 'c', 'd'].map(text));
    const [{ sending } = { sending: undefined }] = calls;
    dispatch({ type: 'signed-out' });
    await settled();
    expect(sending?.signal.aborted).toBe(true);
    expect(calls).toEqual([]);
  });
});

describe('a large file', () => {
  const size = partsFrom + 5_000_000;
  const large = (name: string) => new File([new Uint8Array(size)], name);
  /** The server keeps so much of a part. */
  const keep = (call: Call | undefined, bytes = call?.part?.size ?? 0) => {
    const session = server.sessions.get(call?.id ?? '');
    if (session) session.file_offset += bytes;
  };

  test('goes in parts, and on from where the server has it after a cut', async () => {
    addFiles(place, 'town', [large('big')]);
    await settled();
    expect(calls[0]?.part?.size).toBe(partSize);
    keep(calls[0]);
    await end(calls[0], undefined);
    calls[0]?.sending.onSent(1_000_000);
    expect(uploadsAt(getState().uploads, place)[0]?.sent).toBe(partSize + 1_000_000);
    keep(calls[0], 3_000_000);
    await end(calls[0], cut());
    await vi.advanceTimersByTimeAsync(1_500);
    expect(uploadsAt(getState().uploads, place)[0]?.sent).toBe(partSize + 3_000_000);
    keep(calls[0]);
    await end(calls[0], undefined);
    expect(calls[0]?.part?.size).toBe(size - 2 * partSize - 3_000_000);
    await end(calls[0], info('big'));
    expect(states()).toEqual(['big done']);
    expect(server.sessions.size).toBe(1);
  });

  test('begins anew where the server has forgotten it', async () => {
    addFiles(place, 'town', [large('big')]);
    await settled();
    await end(calls[0], cut());
    server.sessions.clear();
    await vi.advanceTimersByTimeAsync(1_500);
    expect(server.sessions.size).toBe(1);
    expect(calls[0]?.part?.size).toBe(partSize);
  });
});

test('whatever is done to the queue: never too many at once, in order, and all that stays arrives', async () => {
  const step = fc.oneof(
    fc.record({ kind: fc.constant('add' as const), count: fc.integer({ min: 1, max: 4 }) }),
    fc.record({
      kind: fc.constantFrom('finish' as const, 'cut' as const, 'refuse' as const, 'cancel' as const),
      at: fc.nat(9),
    }),
    fc.record({ kind: fc.constant('retry' as const) }),
    fc.record({ kind: fc.constant('wait' as const) }),
  );
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 25 }), async (steps) => {
      detachAll(place);
      await settled();
      let named = 0;
      const cancelled = new Set<string>();
      for (const did of steps) {
        if (did.kind === 'add') {
          addFiles(
            place,
            'town',
            Array.from({ length: did.count }, () => text(String(named++).padStart(3, '0'))),
          );
        } else if (did.kind === 'retry') tryAgain(place);
        else if (did.kind === 'wait') await vi.advanceTimersByTimeAsync(30_000);
        else if (did.kind === 'cancel') {
          const all = uploadsAt(getState().uploads, place);
          const one = all[did.at % Math.max(1, all.length)];
          if (one) {
            cancelled.add(one.name);
            detach(one.id);
          }
        } else {
          const call = calls[did.at % Math.max(1, calls.length)];
          const with_ = { finish: info(call?.name ?? ''), cut: cut(), refuse: new ApiError('no', 'No', 403) }[did.kind];
          if (call) await end(call, with_);
        }
        await settled();
        await vi.advanceTimersByTimeAsync(0);
        expect(calls.length).toBeLessThanOrEqual(atOnce);
        expect(calls.some(({ name }) => cancelled.has(name))).toBe(false);
        const all = uploadsAt(getState().uploads, place);
        expect(all.filter(({ status }) => status === 'sending')).toHaveLength(calls.length);
        if (calls.length < atOnce) expect(all.some(({ status }) => status === 'queued')).toBe(false);
        expect(all.map(({ name }) => name)).toEqual(all.map(({ name }) => name).sort());
        expect(all.length).toBeLessThanOrEqual(10);
      }
      for (let i = 0; i < 60; i++) {
        tryAgain(place);
        await vi.advanceTimersByTimeAsync(20_000);
        for (const call of [...calls]) await end(call, info(call.name));
      }
      const names = uploadsAt(getState().uploads, place).map(({ name }) => name);
      await expect(arrived(place)).resolves.toEqual(names.map(info));
    }),
    { numRuns: 60 },
  );
});
