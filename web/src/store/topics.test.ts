import { expect, test } from 'vitest';
import type { Topic } from '@/api/topics';
import { initialState, reduce, type State } from './store';
import { topicOf, topicsIn } from './topics';

const topic = (root_id: string, update_at: number, more: Partial<Topic> = {}): Topic => ({
  root_id,
  channel_id: 'c',
  title: root_id.toUpperCase(),
  creator_id: 'u',
  create_at: 1,
  update_at,
  resolved_at: 0,
  resolved_by: '',
  reply_count: 0,
  last_reply_at: 0,
  ...more,
});
const heard = (state: State, one: Topic) => reduce(state, { type: 'topics/heard', topic: one });

test('the latest version of a topic stands, whatever comes first', () => {
  const page = { topics: [topic('a', 1), topic('b', 1, { last_reply_at: 9 })], following: true };
  let state = heard(initialState, topic('a', 3, { title: 'New' }));
  state = reduce(state, { type: 'topics/all', channelId: 'c', page });
  expect(topicOf(state, 'c', 'a')?.title).toBe('New');
  expect(topicsIn(state, 'c', false).map((one) => one.root_id)).toEqual(['b', 'a']);
  expect(state.topics.following.c).toBe(true);
  // Gone, and an old event after that.
  state = heard(heard(state, topic('a', 5, { title: '' })), topic('a', 4, { title: 'Late' }));
  expect(topicOf(state, 'c', 'a')).toBeUndefined();
  state = heard(state, topic('b', 6, { resolved_at: 6 }));
  expect(topicsIn(state, 'c', true).map((one) => one.root_id)).toEqual(['b']);
});
