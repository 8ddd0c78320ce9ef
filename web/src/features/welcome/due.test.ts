import { expect, test } from 'vitest';
import { initialState, reduce, type State } from '@/store/store';
import { appLinks, category, hasOwnChannel, welcomeDue } from './due';

const user = { id: 'me', create_at: Date.now(), update_at: 1, username: 'ada' };
const channel = (id: string, name: string) => ({ id, name, team_id: 't', type: 'O', delete_at: 0, update_at: 1 });

function stateWith(create_at: number): State {
  const channels = [channel('a', 'town-square'), channel('b', 'off-topic'), channel('c', 'plans')];
  const facts = [
    { type: 'users/me', user: { ...user, create_at } },
    { type: 'channels/received', channels },
  ];
  return facts.reduce((state, fact) => reduce(state, fact as never), initialState);
}

test('newcomers are welcomed in Town Square until they put the welcome away', () => {
  const state = stateWith(Date.now() - 1000);
  expect(welcomeDue(state, 'a')).toBe(true);
  expect(welcomeDue(state, 'b')).toBe(false);
  expect(welcomeDue(stateWith(Date.now() - 30 * 86_400_000), 'a')).toBe(false);
  const preferences = [{ user_id: 'me', category, name: 'hidden', value: 'true' }];
  expect(welcomeDue(reduce(state, { type: 'preferences/received', preferences }), 'a')).toBe(false);
  expect(welcomeDue(initialState, 'a')).toBe(false);
});

test('a channel beyond those of everybody counts as made room for', () => {
  const state = stateWith(0);
  const mine = (...ids: string[]) => ({
    ...state,
    channels: { ...state.channels, mine: Object.fromEntries(ids.map((id) => [id, { channel_id: id }])) as never },
  });
  expect(hasOwnChannel(mine('a', 'b'), 't')).toBe(false);
  expect(hasOwnChannel(mine('a', 'b', 'c'), 't')).toBe(true);
  expect(hasOwnChannel(mine('c'), 'other')).toBe(false);
});

test('only addresses of pages are offered as apps', () => {
  expect(appLinks({ AppDownloadLink: 'https://example.com/apps', IosAppDownloadLink: 'javascript:alert(1)' })).toEqual([
    { device: 'desktop', href: 'https://example.com/apps' },
  ]);
});
