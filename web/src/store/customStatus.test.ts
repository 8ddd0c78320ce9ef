import { describe, expect, it } from 'vitest';
import { customStatusOf, readStatus, recentStatuses } from './customStatus';
import { initialState } from './store';

const now = Date.parse('2026-03-09T10:00:00Z');
const user = (status: unknown) => ({
  props: { customStatus: typeof status === 'string' ? status : JSON.stringify(status) },
});

describe('a custom status', () => {
  const never = '0001-01-01T00:00:00Z';
  it.each([
    ['without an end stays', { emoji: 'house', text: 'At home', duration: '', expires_at: never }, 'At home'],
    ['lasts until its end', { emoji: 'a', text: 'b', duration: 'one_hour', expires_at: '2026-03-09T10:00:01Z' }, 'b'],
    [
      'is over at its end',
      { emoji: 'a', text: 'b', duration: 'one_hour', expires_at: '2026-03-09T10:00:00Z' },
      undefined,
    ],
    ['is over after it', { emoji: 'a', text: 'b', duration: 'today', expires_at: '2026-03-08T23:59:59Z' }, undefined],
    ['with an end that makes no sense stays', { emoji: 'a', text: 'b', duration: 'today', expires_at: 'soon' }, 'b'],
    ['that was cleared is none', '', undefined],
    ['of nothing is none', { emoji: '', text: '', duration: '' }, undefined],
    ['that is no JSON is none', '{', undefined],
    ['that is null is none', 'null', undefined],
  ])('%s', (_, status, text) => {
    expect(customStatusOf(user(status), now)?.text).toBe(text);
  });

  it('of words alone has an emoji all the same', () => {
    expect(readStatus(JSON.stringify({ text: 'Writing' }))).toMatchObject({ emoji: 'speech_balloon', expiresAt: 0 });
  });
  it('is the same object for the same text, so that rows are not drawn again', () => {
    const text = JSON.stringify({ emoji: 'a', text: 'same' });
    expect(readStatus(text)).toBe(readStatus(text));
  });
  it('is remembered among the recent ones', () => {
    const list = [{ emoji: 'a', text: 'one', duration: 'today' }, { emoji: '', text: '' }, 'x'];
    const state = { ...initialState, preferences: { 'custom_status recent_custom_statuses': JSON.stringify(list) } };
    expect(recentStatuses(state).map((one) => one.text)).toEqual(['one']);
    expect(recentStatuses(state)[0]).toBe(recentStatuses(state)[0]);
    expect(recentStatuses({ ...initialState, preferences: { 'custom_status recent_custom_statuses': '{' } })).toEqual(
      [],
    );
  });
});
