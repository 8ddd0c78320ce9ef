import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isOpen, type Upload, type UploadsAction, type UploadsState, uploads, uploadsAt } from './uploads';

const ids = ['a', 'b', 'c', 'd'] as const;
const places = ['town ', 'town root', 'me:1'] as const;
const size = 100;

const upload = (id: string, place: string): Upload => ({
  id,
  place,
  channelId: 'town',
  name: id,
  size,
  mime: 'text/plain',
  status: 'queued',
  sent: 0,
});
const file = (id: string) => ({ id: `file-${id}`, name: id, size }) as never;

const id = fc.constantFrom(...ids);
const action: fc.Arbitrary<UploadsAction> = fc.oneof(
  fc
    .record({ type: fc.constant('uploads/added' as const), uploads: fc.tuple(id, fc.constantFrom(...places)) })
    .map(({ type, uploads: [one, place] }): UploadsAction => ({ type, uploads: [upload(one, place)] })),
  fc.record({ type: fc.constant('uploads/removed' as const), ids: fc.array(id, { maxLength: 2 }) }),
  fc.record({
    type: fc.constant('uploads/moved' as const),
    from: fc.constantFrom(...places),
    to: fc.constantFrom(...places),
  }),
  fc.record({ type: fc.constantFrom('upload/started' as const, 'upload/cut' as const, 'upload/again' as const), id }),
  fc.record({ type: fc.constant('upload/progress' as const), id, sent: fc.integer({ min: -50, max: 200 }) }),
  fc.record({ type: fc.constant('upload/failed' as const), id, failure: fc.constant('why'), lost: fc.boolean() }),
  id.map((one): UploadsAction => ({ type: 'upload/done', id: one, file: file(one) })),
);

const statusOf = (state: UploadsState, one: string) => state.find((other) => other.id === one)?.status;

/** What each fact may make of a file, whatever came before. */
const leads: Partial<Record<UploadsAction['type'], Partial<Record<Upload['status'], Upload['status']>>>> = {
  'upload/started': { queued: 'sending', cut: 'sending' },
  'upload/cut': { queued: 'cut', sending: 'cut' },
  'upload/again': { failed: 'queued', cut: 'queued' },
  'upload/failed': { queued: 'failed', sending: 'failed', cut: 'failed' },
  'upload/done': { queued: 'done', sending: 'done', cut: 'done', failed: 'done' },
};

test('whatever is told in whatever order, a file goes only where it can, and none comes back by itself', () => {
  fc.assert(
    fc.property(fc.array(action, { maxLength: 60 }), (actions) => {
      let state: UploadsState = [];
      for (const told of actions) {
        const before = state;
        state = uploads(state, told);
        expect(new Set(state.map((one) => one.id)).size).toBe(state.length);
        for (const one of state) {
          expect(one.sent).toBeGreaterThanOrEqual(0);
          expect(one.sent).toBeLessThanOrEqual(one.size);
          expect(one.status === 'done').toBe(one.file !== undefined && one.status !== 'failed');
          expect(one.status === 'failed').toBe(one.failure !== undefined);
        }
        // Those that stay keep their order.
        const kept = (of: UploadsState, and: UploadsState) =>
          of.filter((one) => and.some((other) => other.id === one.id));
        expect(kept(state, before).map((one) => one.id)).toEqual(kept(before, state).map((one) => one.id));
        if (told.type !== 'uploads/added') expect(state.length).toBeLessThanOrEqual(before.length);
        if ('id' in told) {
          const was = before.find((one) => one.id === told.id);
          const next = was && leads[told.type]?.[was.status];
          const lost = told.type === 'upload/failed' && told.lost && was?.status === 'done';
          const stuck = told.type === 'upload/again' && was?.lost;
          expect(statusOf(state, told.id)).toBe(lost ? 'failed' : stuck ? was?.status : (next ?? was?.status));
        }
        if (told.type === 'uploads/moved' && told.from !== told.to) {
          expect(uploadsAt(state, told.from)).toEqual([]);
          expect(uploadsAt(state, told.to)).toHaveLength(
            uploadsAt(before, told.from).length + uploadsAt(before, told.to).length,
          );
        }
      }
    }),
    { numRuns: 400 },
  );
});

test('what changes nothing is the same state', () => {
  const state: UploadsState = [upload('a', 'town ')];
  const same: UploadsAction[] = [
    { type: 'uploads/removed', ids: ['x'] },
    { type: 'uploads/moved', from: 'nowhere ', to: 'me:1' },
    { type: 'upload/progress', id: 'a', sent: 5 },
    { type: 'upload/again', id: 'a' },
    { type: 'uploads/added', uploads: state },
  ];
  for (const told of same) expect(uploads(state, told)).toBe(state);
});

test('what another window did to the files of a draft is done here, without what is under way', () => {
  const whole = (one: string): Upload => ({ ...upload(one, 'town '), status: 'done', sent: size, file: file(one) });
  const state: UploadsState = [whole('a'), upload('b', 'town '), whole('c'), whole('d')];
  const next = uploads(state, { type: 'uploads/kept', place: 'town ', uploads: [whole('c'), whole('e')] });
  expect(next.map((one) => one.id)).toEqual(['b', 'c', 'e']);
  expect(next.filter(isOpen).map((one) => one.id)).toEqual(['b']);
  // Its own word comes back to nothing.
  expect(uploads(next, { type: 'uploads/kept', place: 'town ', uploads: [whole('c'), whole('e')] })).toBe(next);
  expect(uploads(next, { type: 'uploads/kept', place: 'town ', uploads: [] }).map((one) => one.id)).toEqual(['b']);
});
