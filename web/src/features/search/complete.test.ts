import { describe, expect, it } from 'vitest';
import { type Action, initialState, reduce } from '@/store/store';
import { completed, completionsAt, dateOf, takesDay } from './complete';

const user = (id: string, username: string, first = '', last = '') => ({
  id,
  username,
  first_name: first,
  last_name: last,
  nickname: '',
  update_at: 1,
  delete_at: 0,
});
const channel = (id: string, name: string, display_name: string, type = 'O', team_id = 'team') => ({
  id,
  name,
  display_name,
  type,
  team_id,
  update_at: 1,
  delete_at: 0,
  last_post_at: 1,
});
const facts = [
  { type: 'users/me', user: user('me', 'me') },
  { type: 'users/received', users: [user('1', 'ana', 'Ana', 'Émile'), user('2', 'bob')] },
  {
    type: 'channels/received',
    channels: [
      channel('c1', 'town-square', 'Town Square'),
      channel('c2', 'off-topic', 'Off-Topic'),
      channel('c3', '1__me', '', 'D', ''),
      channel('c4', 'hash', 'ana, bob, me', 'G', ''),
    ],
  },
  { type: 'channels/mine', members: ['c1', 'c2', 'c3', 'c4'].map((id) => ({ channel_id: id, roles: '' })), asked: 0 },
  { type: 'place/team', teamId: 'team' },
] as unknown as Action[];
const state = facts.reduce(reduce, initialState);
const now = new Date(2026, 2, 9, 12);

const at = (text: string, recent: string[] = []) => completionsAt(state, text, text.length, recent, now);
const values = (text: string) =>
  at(text).map((one) => ('username' in one ? one.username : 'value' in one ? one.value : one.kind));

describe('completionsAt', () => {
  it('begins with what was searched for lately, and the filters', () => {
    expect(at('', ['plan']).map((one) => one.kind)).toEqual(['recent', ...Array(5).fill('filter')]);
  });

  it('proposes filters that begin like the word at the caret, excluded ones too', () => {
    expect(at('plan be')).toEqual([{ kind: 'filter', name: 'before', not: false }]);
    expect(at('plan -fr')).toEqual([{ kind: 'filter', name: 'from', not: true }]);
    expect(at('plan ')).toEqual([]);
  });

  it('finds people by any of their names, without accents; oneself last', () => {
    expect(values('from:')).toEqual(['ana', 'bob', 'me']);
    expect(values('from:emi')).toEqual(['ana']);
    expect(values('from:@b')).toEqual(['bob']);
  });

  it('finds channels, and conversations by who is in them', () => {
    expect(values('in:t')).toEqual(['off-topic', 'town-square']);
    expect(values('in:ana')).toEqual(['@ana', '@ana,bob']);
  });

  it('knows days', () => {
    expect(takesDay('on:', 3)).toBe(true);
    expect(at('before:2026-03-0')).toEqual([
      { kind: 'day', day: 'today', date: '2026-03-09' },
      { kind: 'day', day: 'yesterday', date: '2026-03-08' },
      { kind: 'day', day: 'week', date: '2026-03-02' },
    ]);
    expect(dateOf('month', new Date(2026, 0, 15))).toBe('2025-12-15');
    expect(dateOf('month', new Date(2026, 2, 31))).toBe('2026-02-28');
  });
});

describe('completed', () => {
  it('puts the proposal where it was asked for', () => {
    expect(completed('plan from:an', 12, { kind: 'person', userId: '1', username: 'ana' })).toEqual({
      text: 'plan from:ana ',
      caret: 14,
    });
    expect(completed('plan -fr', 8, { kind: 'filter', name: 'from', not: true })).toEqual({
      text: 'plan -from:',
      caret: 11,
    });
    expect(completed('', 0, { kind: 'filter', name: 'in', not: false })).toEqual({ text: 'in:', caret: 3 });
    expect(completed('x', 1, { kind: 'recent', terms: 'in:a b' }).text).toBe('in:a b');
  });
});
