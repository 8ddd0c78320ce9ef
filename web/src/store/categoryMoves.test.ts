import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ChannelCategory } from './categories';
import { accepts, categoryOf, homeOf, moved, reordered, sentOf } from './categoryMoves';

const category = (id: string, type: ChannelCategory['type'], ids: string[], sorting = ''): ChannelCategory => ({
  id,
  type,
  channel_ids: ids,
  sorting: sorting as ChannelCategory['sorting'],
  user_id: 'me',
  team_id: 'team',
  display_name: id,
  muted: false,
  collapsed: false,
});

const favourites = category('fav', 'favorites', ['a']);
const rooms = category('rooms', 'channels', ['b', 'c', 'd']);
const direct = category('direct', 'direct_messages', ['x'], 'recent');
const custom = category('own', 'custom', ['e', 'f'], 'alpha');
const all = [favourites, custom, rooms, direct];
const ids = (list: ChannelCategory[]) => Object.fromEntries(list.map((one) => [one.id, one.channel_ids]));

describe('accepts', () => {
  it('keeps channels and conversations to their homes', () => {
    expect(accepts(rooms, { type: 'D' })).toBe(false);
    expect(accepts(direct, { type: 'O' })).toBe(false);
    expect(accepts(custom, { type: 'G' })).toBe(true);
    expect(accepts(favourites, { type: 'P' })).toBe(true);
    expect(homeOf(all, { type: 'G' })).toBe(direct);
    expect(categoryOf(all, { id: 'new', type: 'P' })).toBe(rooms);
  });
});

describe('moved', () => {
  it('takes a channel out of one category and puts it first into another', () => {
    const changed = moved(all, { channelId: 'e', toId: 'fav' });
    expect(ids(changed)).toEqual({ own: ['f'], fav: ['e', 'a'] });
  });

  it('puts it before another, or at the end', () => {
    expect(ids(moved(all, { channelId: 'd', toId: 'rooms', before: 'b' }))).toEqual({ rooms: ['d', 'b', 'c'] });
    expect(ids(moved(all, { channelId: 'b', toId: 'rooms', before: null }))).toEqual({ rooms: ['c', 'd', 'b'] });
    expect(ids(moved(all, { channelId: 'a', toId: 'own', before: 'f' }))).toEqual({ fav: [], own: ['e', 'a', 'f'] });
  });

  it('has a category that sorts itself keep the order that one sees when a channel moves inside', () => {
    const [changed] = moved(all, { channelId: 'f', toId: 'own', before: 'e', shown: ['e', 'f'] });
    expect(changed).toMatchObject({ sorting: 'manual', channel_ids: ['f', 'e'] });
    const [, into] = moved(all, { channelId: 'a', toId: 'own', before: 'f' });
    expect(into?.sorting).toBe('alpha');
  });

  it('keeps what is not shown behind what is', () => {
    const [changed] = moved([rooms], { channelId: 'c', toId: 'rooms', before: null, shown: ['c', 'b'] });
    expect(changed?.channel_ids).toEqual(['b', 'd', 'c']);
  });

  it('loses and doubles no channel, wherever it goes', () => {
    const everyone = all.flatMap((one) => one.channel_ids).sort();
    fc.assert(
      fc.property(
        fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f'),
        fc.constantFrom('fav', 'own', 'rooms'),
        fc.constantFrom(undefined, null, 'a', 'b', 'c', 'f'),
        (channelId, toId, before) => {
          const changed = moved(all, { channelId, toId, ...(before !== undefined && { before }) });
          const after = all.map((one) => changed.find((other) => other.id === one.id) ?? one);
          expect(after.flatMap((one) => one.channel_ids).sort()).toEqual(everyone);
          expect(after.find((one) => one.channel_ids.includes(channelId))?.id).toBe(toId);
        },
      ),
    );
  });
});

describe('sentOf', () => {
  it('says nothing of homes that a channel left, or returns to without a place', () => {
    const away = { channelId: 'b', toId: 'fav' };
    expect(sentOf(moved(all, away), away).map((one) => one.id)).toEqual(['fav']);
    const back = { channelId: 'a', toId: 'rooms' };
    expect(sentOf(moved(all, back), back).map((one) => one.id)).toEqual(['fav']);
    const inside = { channelId: 'b', toId: 'rooms', before: 'd' };
    expect(sentOf(moved(all, inside), inside).map((one) => one.id)).toEqual(['rooms']);
  });
});

describe('reordered', () => {
  it('puts a category before another or at the end', () => {
    expect(reordered(['a', 'b', 'c'], 'c', 'a')).toEqual(['c', 'a', 'b']);
    expect(reordered(['a', 'b', 'c'], 'a', null)).toEqual(['b', 'c', 'a']);
    expect(reordered(['a', 'b', 'c'], 'b', 'c')).toEqual(['a', 'b', 'c']);
  });
});
