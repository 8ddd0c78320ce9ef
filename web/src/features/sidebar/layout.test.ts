import type { UserProfile } from '@mattermost/types/users';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ChannelCategory } from '@/store/categories';
import type { Channel, ChannelMembership } from '@/store/channels';
import { initialState, type State } from '@/store/store';
import { held, limited, type Section, sectionsOf, shared } from './layout';

const team = 'team';
const me = 'me';

type Room = Partial<Channel> & { id: string; unread?: number; mentions?: number; muted?: boolean };

const category = (id: string, type: ChannelCategory['type'], ids: string[], more: Partial<ChannelCategory> = {}) => ({
  id,
  type,
  channel_ids: ids,
  sorting: '' as ChannelCategory['sorting'],
  user_id: me,
  team_id: team,
  display_name: id,
  muted: false,
  collapsed: false,
  ...more,
});

/** world is a state with channels, categories and preferences. Channels of two ids joined by `__` are direct ones. */
function world(rooms: Room[], categories: ChannelCategory[], more: Partial<State> = {}): State {
  const channels: Record<string, Channel> = {};
  const mine: Record<string, ChannelMembership> = {};
  const counts: State['channels']['counts'] = {};
  const countsOf = counts as Record<string, State['channels']['counts'][string]>;
  const profiles: Record<string, UserProfile> = {};
  for (const { unread = 0, mentions = 0, muted, ...room } of rooms) {
    const direct = room.id.includes('__');
    const other = room.id.split('__').find((id) => id !== me) ?? '';
    if (direct) profiles[other] = { id: other, username: other, delete_at: 0 } as UserProfile;
    channels[room.id] = {
      name: room.id,
      display_name: room.id,
      team_id: direct ? '' : team,
      type: direct ? 'D' : 'O',
      delete_at: 0,
      create_at: 1,
      last_post_at: 1,
      last_root_post_at: 0,
      ...room,
    } as Channel;
    countsOf[room.id] = { total: 10 + unread, root: 10 + unread, at: 1, live: [] };
    mine[room.id] = {
      channel_id: room.id,
      msg_count: 10,
      msg_count_root: 10,
      mention_count: mentions,
      mention_count_root: mentions,
      last_viewed_at: 5,
      notify_props: muted ? { mark_unread: 'mention' } : {},
    } as ChannelMembership;
  }
  return {
    ...initialState,
    users: { ...initialState.users, me, profiles },
    channels: { ...initialState.channels, channels, mine, counts },
    categories: {
      [team]: {
        byId: Object.fromEntries(categories.map((one) => [one.id, one])),
        order: categories.map((one) => one.id),
      },
    },
    place: { ...initialState.place, teamId: team, view: 'channel' },
    ...more,
  };
}

const usual = (...customs: ChannelCategory[]): ChannelCategory[] => [
  category('fav', 'favorites', []),
  ...customs,
  category('rooms', 'channels', []),
  category('dms', 'direct_messages', [], { sorting: 'recent' as ChannelCategory['sorting'] }),
];

const shown = (state: State, unreadOnly = false) =>
  Object.fromEntries((sectionsOf(state, unreadOnly) ?? []).map((section) => [section.id, section.ids]));

const at = (state: State, channelId: string): State => ({ ...state, place: { ...state.place, channelId } });
const prefer = (state: State, preferences: Record<string, string>): State => ({ ...state, preferences });

describe('sectionsOf', () => {
  it('knows nothing before the categories are loaded', () => {
    expect(sectionsOf({ ...world([], []), categories: {} }, false)).toBeUndefined();
  });

  it('puts what is listed nowhere into its home, by name, and leaves empty favourites out', () => {
    const state = world([{ id: 'b' }, { id: 'a10' }, { id: 'a9' }, { id: 'me__zoe' }], usual());
    expect(shown(state)).toEqual({ rooms: ['a9', 'a10', 'b'], dms: ['me__zoe'] });
  });

  it('keeps the order that the server keeps, and puts newcomers behind it', () => {
    const rooms = category('rooms', 'channels', ['c', 'a']);
    const state = world([{ id: 'a' }, { id: 'b' }, { id: 'c' }], [rooms]);
    expect(shown(state)).toEqual({ rooms: ['c', 'a', 'b'] });
  });

  it('sorts by name with the muted last, or by the latest message', () => {
    const rooms: Room[] = [
      { id: 'Zebra', last_post_at: 9 },
      { id: 'été', last_post_at: 5 },
      { id: 'eton', last_post_at: 7, muted: true },
      { id: 'alpha', last_post_at: 3 },
    ];
    const ids = rooms.map((room) => room.id);
    const alpha = category('x', 'custom', ids, { sorting: 'alpha' as ChannelCategory['sorting'] });
    const recent = category('x', 'custom', ids, { sorting: 'recent' as ChannelCategory['sorting'] });
    expect(shown(world(rooms, [alpha])).x).toEqual(['alpha', 'été', 'Zebra', 'eton']);
    expect(shown(world(rooms, [recent])).x).toEqual(['Zebra', 'eton', 'été', 'alpha']);
  });

  it('shows of a folded category what is unread and what is open', () => {
    const folded = category('x', 'custom', ['a', 'b', 'c', 'd'], { collapsed: true });
    const state = world(
      [{ id: 'a' }, { id: 'b', unread: 2 }, { id: 'c' }, { id: 'd', unread: 1, muted: true }],
      [folded],
    );
    expect(shown(at(state, 'c')).x).toEqual(['b', 'c']);
  });

  it('shows an archived channel only while it is open', () => {
    const state = world([{ id: 'a' }, { id: 'old', delete_at: 7 }], usual());
    expect(shown(state).rooms).toEqual(['a']);
    expect(shown(at(state, 'old')).rooms).toEqual(['a', 'old']);
    expect(shown({ ...at(state, 'old'), place: { ...state.place, view: 'threads' } }).rooms).toEqual(['a']);
  });

  it('leaves closed conversations out until something comes, and while they are open', () => {
    const closed = { 'direct_channel_show bob': 'false', 'group_channel_show grp': 'false' };
    const group = { id: 'grp', type: 'G', team_id: '' } as const;
    const state = prefer(world([{ id: 'bob__me' }, group, { id: 'eva__me' }], usual()), closed);
    expect(shown(state).dms).toEqual(['eva__me']);
    expect(shown(at(state, 'bob__me')).dms).toContain('bob__me');
    const news = prefer(world([{ id: 'bob__me', unread: 1, mentions: 1 }, group], usual()), closed);
    expect(shown(news).dms).toEqual(['bob__me']);
  });

  it('leaves people out who were deactivated after one was there last', () => {
    const state = world([{ id: 'bob__me' }], usual());
    const gone = (delete_at: number): State => ({
      ...state,
      users: { ...state.users, profiles: { bob: { id: 'bob', username: 'bob', delete_at } as UserProfile } },
    });
    expect(shown(gone(9)).dms).toEqual([]);
    expect(shown(gone(3)).dms).toEqual(['bob__me']);
  });

  it('gathers what is unread at the top when one wants that, mentions first', () => {
    const rooms: Room[] = [
      { id: 'a', unread: 1, last_post_at: 5 },
      { id: 'b' },
      { id: 'c', unread: 1, mentions: 1, last_post_at: 2 },
      { id: 'd', unread: 3, muted: true },
      { id: 'bob__me', unread: 1, mentions: 1, last_post_at: 8 },
    ];
    const state = prefer(world(rooms, usual()), { 'sidebar_settings show_unread_section': 'true' });
    expect(shown(state)).toEqual({ unread: ['bob__me', 'c', 'a'], rooms: ['b', 'd'], dms: [] });
    expect(Object.keys(shown(world(rooms, usual())))).not.toContain('unread');
  });

  it('shows nothing but what is unread and open when that is asked for', () => {
    const state = at(world([{ id: 'a' }, { id: 'b', unread: 1 }, { id: 'c' }], usual()), 'c');
    expect(shown(state, true)).toEqual({ unread: ['b', 'c'] });
    expect(shown(world([{ id: 'a' }], usual()), true)).toEqual({ unread: [] });
  });
});

describe('limited', () => {
  const many = Array.from({ length: 60 }, (_, i): Room => ({ id: `me__u${i}`, last_post_at: i }));
  const dms = (state: State) => shown(state).dms ?? [];

  it('shows the latest conversations, twenty unless one says otherwise', () => {
    const state = world(many, usual());
    expect(dms(state)).toHaveLength(20);
    expect(dms(state)[0]).toBe('me__u59');
    const key = 'sidebar_settings limit_visible_dms_gms';
    expect(dms(prefer(state, { [key]: '10' }))).toHaveLength(10);
    expect(dms(prefer(state, { [key]: '500' }))).toHaveLength(40);
    expect(dms(prefer(state, { [key]: '10000' }))).toHaveLength(60);
    expect(dms(prefer(state, { [key]: 'x' }))).toHaveLength(20);
  });

  it('never leaves out what is unread or open', () => {
    const rooms = many.map((room, i) => (i < 30 ? { ...room, unread: 1, mentions: 1 } : room));
    const state = at(world(rooms, usual()), 'me__u40');
    const list = dms(state);
    expect(list).toHaveLength(31);
    expect(list).toContain('me__u0');
    expect(list).toContain('me__u40');
    expect(limited(state, [])).toEqual([]);
  });
});

const section = (id: string, ids: string[]): Section => ({ id, kind: 'custom', ids, empty: ids.length === 0 });
const idsOf = (sections: readonly Section[]) => sections.map((one) => [one.id, one.ids]);

describe('held', () => {
  it('keeps the order and the section while something is in the way', () => {
    const before = [section('x', ['a', 'b', 'c'])];
    const next = [section('unread', ['c']), section('x', ['b', 'a'])];
    expect(idsOf(held(before, next, () => true))).toEqual([
      ['unread', []],
      ['x', ['a', 'b', 'c']],
    ]);
  });

  it('takes out what is gone and puts newcomers beside their neighbour', () => {
    const before = [section('x', ['a', 'b', 'c'])];
    const next = [section('x', ['c', 'new', 'a', 'first'])];
    expect(idsOf(held(before, next, (id) => id !== 'b'))).toEqual([['x', ['a', 'first', 'c', 'new']]]);
  });

  it('keeps a section that ran empty as long as something stands in it', () => {
    const before = [section('unread', ['a']), section('x', ['b'])];
    expect(idsOf(held(before, [section('x', ['b', 'a'])], () => true))).toEqual([
      ['unread', ['a']],
      ['x', ['b']],
    ]);
    expect(idsOf(held([section('unread', []), section('x', [])], [section('x', [])], () => true))).toEqual([['x', []]]);
  });

  it('shows each channel once, moves none that stood there, and loses none', () => {
    const ids = fc.uniqueArray(fc.constantFrom(...'abcdefgh'), { maxLength: 8 });
    const cut = fc.nat(8);
    fc.assert(
      fc.property(ids, cut, ids, cut, (one, i, other, j) => {
        const before = [section('x', one.slice(0, i)), section('y', one.slice(i))];
        const next = [section('y', other.slice(0, j)), section('z', other.slice(j))];
        const after = held(before, next, () => true).flatMap((list) => list.ids);
        expect(new Set(after).size).toBe(after.length);
        expect([...new Set([...one, ...other])].sort()).toEqual([...after].sort());
        expect(after.filter((id) => one.slice(0, i).includes(id))).toEqual(one.slice(0, i));
      }),
    );
  });
});

describe('shared', () => {
  it('keeps the identity of what is the same', () => {
    const before = [section('x', ['a']), section('y', ['b'])];
    expect(shared(before, [section('x', ['a']), section('y', ['b'])])).toBe(before);
    const next = shared(before, [section('x', ['a']), section('y', ['c'])]);
    expect(next[0]).toBe(before[0]);
    expect(next[1]).not.toBe(before[1]);
  });
});
