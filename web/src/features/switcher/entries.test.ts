import type { UserProfile } from '@mattermost/types/users';
import { beforeEach, describe, expect, it } from 'vitest';
import type { Channel, ChannelMembership } from '@/store/channels';
import { remember } from '@/store/recent';
import { initialState, type State } from '@/store/store';
import { found, offered, shownMost } from './entries';

const room = (id: string, name: string, more: Partial<Channel> = {}): Channel =>
  ({
    id,
    name: id,
    display_name: name,
    team_id: 'team',
    type: 'O',
    delete_at: 0,
    create_at: 1,
    last_post_at: 1,
    ...more,
  }) as Channel;

const person = (id: string, first: string, more: Partial<UserProfile> = {}): UserProfile =>
  ({ id, username: id, first_name: first, last_name: '', nickname: '', delete_at: 0, ...more }) as UserProfile;

const member = (mentions = 0): ChannelMembership =>
  ({ msg_count: 1, msg_count_root: 1, mention_count: mentions, mention_count_root: mentions }) as ChannelMembership;

function world(channels: Channel[], people: UserProfile[] = [], mentions: Record<string, number> = {}): State {
  const byId = <T extends { id: string }>(list: T[]) => Object.fromEntries(list.map((one) => [one.id, one]));
  return {
    ...initialState,
    server: { ...initialState.server, config: { TeammateNameDisplay: 'full_name' } },
    users: { ...initialState.users, me: 'me', profiles: byId([person('me', 'Me'), ...people]) },
    channels: {
      ...initialState.channels,
      channels: byId(channels),
      mine: Object.fromEntries(channels.map(({ id }) => [id, member(mentions[id])])),
      counts: Object.fromEntries(channels.map(({ id }) => [id, { total: 1, root: 1, at: 1, live: [] }])),
    },
    place: { ...initialState.place, teamId: 'team', channelId: 'here' },
  };
}

const labels = (state: State, query: string, more: Channel[] = []) =>
  found(state, query, more, 'Threads').map((entry) => entry.label);

beforeEach(() => localStorage.clear());

describe('found', () => {
  it('finds channels, people with and without a conversation, each once', () => {
    const direct = room('eva__me', '', { type: 'D', team_id: '', name: 'eva__me' });
    const state = world([room('a', 'Evaluation'), direct], [person('eva', 'Eva'), person('evan', 'Evan')]);
    expect(labels(state, 'eva')).toEqual(['Eva', 'Evaluation', 'Evan']);
    expect(labels(state, '@eva')).toEqual(['Eva', 'Evan']);
    expect(labels(state, '~eva')).toEqual(['Evaluation']);
  });

  it('puts what one is in before what one may join, and other teams and archived ones last', () => {
    const state = world([
      room('a', 'Plans old', { delete_at: 5 }),
      room('b', 'Plans there', { team_id: 'other' }),
      room('c', 'Plans here'),
    ]);
    const more = [room('d', 'Plans open'), room('c', 'Plans here')];
    expect(labels(state, 'plans', more)).toEqual(['Plans here', 'Plans open', 'Plans there', 'Plans old']);
  });

  it('prefers where one was lately, then what waits', () => {
    const state = world([room('a', 'Design'), room('b', 'Design x'), room('c', 'Design y')], [], { b: 1 });
    expect(labels(state, 'des')).toEqual(['Design x', 'Design', 'Design y']);
    remember('team', 'c');
    expect(labels(state, 'des')[0]).toBe('Design y');
  });

  it('never shows more than there is room for', () => {
    const many = Array.from({ length: 300 }, (_, i) => room(`r${i}`, `Room ${i}`));
    expect(labels(world(many), 'room')).toHaveLength(shownMost);
  });
});

describe('offered', () => {
  it('lists what waits, mentions first, then where one was, then what is alive', () => {
    const state = world(
      [
        room('here', 'Here', { last_post_at: 99 }),
        room('a', 'A', { last_post_at: 4 }),
        room('b', 'B', { last_post_at: 9 }),
        room('c', 'C', { last_post_at: 2 }),
        room('gone', 'Gone', { delete_at: 3 }),
        room('d', 'D', { last_post_at: 3 }),
      ],
      [],
      { c: 2 },
    );
    remember('team', 'd');
    const { unread, recent } = offered(state);
    expect(unread.map((entry) => entry.label)).toEqual(['C']);
    expect(recent.map((entry) => entry.label)).toEqual(['D', 'B', 'A']);
  });
});
