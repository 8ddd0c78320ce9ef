import { expect, test } from 'vitest';
import { type Priority, priorities, priorityIn } from './priorities';

const urgent: Priority = { priority: 'urgent', requested_ack: true, persistent_notifications: false };
const kept = { 'c ': { message: 'x', updatedAt: 1, rest: { priority: urgent } } };

test('what is chosen here stands before what a draft brought along', () => {
  const at = { channelId: 'c', rootId: '' };
  expect(priorityIn({ priorities: {}, drafts: {} }, 'c', '')).toBeUndefined();
  expect(priorityIn({ priorities: {}, drafts: kept }, 'c', '')).toEqual(urgent);
  const ordinary = priorities({}, { type: 'priorities/chosen', ...at, priority: null });
  expect(priorityIn({ priorities: ordinary, drafts: kept }, 'c', '')).toBeUndefined();
  const chosen = priorities(ordinary, { type: 'priorities/chosen', ...at, priority: urgent });
  expect(priorityIn({ priorities: chosen, drafts: {} }, 'c', '')).toEqual(urgent);
  expect(priorities(chosen, { type: 'priorities/chosen', ...at })).toEqual({});
  expect(priorityIn({ priorities: chosen, drafts: {} }, 'c', 'root')).toBeUndefined();
});
