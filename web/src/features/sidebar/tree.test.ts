import { describe, expect, it } from 'vitest';
import type { ChannelCategory } from '@/store/categories';
import { initialState, type State } from '@/store/store';
import { type Dragged, dropAt } from './drag';
import type { Section } from './layout';
import { beyondView, drawnRows, fine, measure, rowsOf } from './rows';
import { nextStop, stopsOf } from './steps';
import { headOf, typed, walked } from './walk';

const section = (id: string, kind: Section['kind'], ids: string[], more: Partial<ChannelCategory> = {}): Section => ({
  id,
  kind,
  ids,
  empty: ids.length === 0,
  ...(kind !== 'unread' && {
    category: { id, type: kind, sorting: '', collapsed: false, channel_ids: ids, ...more } as ChannelCategory,
  }),
});

const sections = [
  section('fav', 'favorites', ['a']),
  section('own', 'custom', []),
  section('rooms', 'channels', ['b', 'c', 'd']),
  section('dms', 'direct_messages', ['x', 'y']),
];
const rows = rowsOf(sections, true);
const { places, height } = measure(rows, fine);
const topOf = (key: string) => places.find((place) => place.row.key === key)?.top ?? Number.NaN;

describe('rows', () => {
  it('lists threads, drafts, sections, channels, and a hint where nothing is yet', () => {
    expect(rows.map((row) => row.kind[0]).join('')).toBe('tdscshscccscc');
    expect(height).toBe(8 * fine.channel + 4 * fine.section + fine.hint);
  });

  it('draws a short list as a whole, and of a long one what is in view and what has the focus', () => {
    expect(drawnRows(places, { from: 0, to: 10 }, '')).toHaveLength(rows.length);
    const long = rowsOf(
      [
        section(
          'rooms',
          'channels',
          Array.from({ length: 900 }, (_, i) => `r${i}`),
        ),
      ],
      false,
    );
    const drawn = drawnRows(measure(long, fine).places, { from: 9000, to: 9600 }, 'channel r5');
    expect(drawn.length).toBeLessThan(80);
    expect(drawn.map((place) => place.row.key)).toContain('channel r5');
    expect(drawn.map((place) => place.row.key)).toContain('channel r310');
  });

  it('finds what is unread above and below the view, the nearest of each', () => {
    const unread = new Set(['a', 'b', 'x', 'y']);
    const view = { from: topOf('channel c'), to: topOf('channel d') + 30 };
    const found = beyondView(places, view, (id) => unread.has(id));
    expect(places[found.above ?? -1]?.row.key).toBe('channel b');
    expect(places[found.below ?? -1]?.row.key).toBe('channel x');
    expect(beyondView(places, { from: 0, to: height }, () => true)).toEqual({});
  });
});

describe('dropAt', () => {
  const channel = (id: string, type: 'O' | 'D' = 'O'): Dragged => ({ kind: 'channel', channel: { id, type } });
  const move = (y: number, dragged: Dragged) => dropAt(places, y, dragged)?.act;

  it('puts a channel before or behind the one under the pointer', () => {
    expect(move(topOf('channel c') + 2, channel('d'))).toMatchObject({ move: { toId: 'rooms', before: 'c' } });
    expect(move(topOf('channel c') + 25, channel('a'))).toMatchObject({ move: { toId: 'rooms', before: 'd' } });
    expect(move(topOf('channel d') + 25, channel('a'))).toMatchObject({ move: { before: null } });
    expect(move(topOf('section rooms') + 20, channel('a'))).toMatchObject({ move: { before: 'b' } });
  });

  it('does nothing where it stands already', () => {
    expect(move(topOf('channel c') + 2, channel('c'))).toBeUndefined();
    expect(move(topOf('channel c') + 25, channel('c'))).toBeUndefined();
    expect(move(topOf('channel b') + 25, channel('c'))).toBeUndefined();
  });

  it('puts it into an empty category, and keeps channels and conversations apart', () => {
    expect(move(topOf('hint own') + 5, channel('b'))).toMatchObject({ move: { toId: 'own' } });
    expect(move(topOf('channel x') + 5, channel('b'))).toBeUndefined();
    expect(move(topOf('channel c') + 5, channel('x', 'D'))).toBeUndefined();
    expect(move(topOf('channel a') + 5, channel('x', 'D'))).toMatchObject({ move: { toId: 'fav', before: 'a' } });
  });

  it('gives no places among conversations, which sort themselves, but takes one back', () => {
    expect(move(topOf('channel y') + 5, channel('x', 'D'))).toBeUndefined();
    const back = dropAt(places, topOf('channel y') + 5, channel('z', 'D'));
    expect(back?.act).toEqual({ kind: 'channel', move: { channelId: 'z', toId: 'dms' } });
    expect(back?.area?.top).toBe(topOf('section dms'));
  });

  it('puts a category before or behind another', () => {
    const own: Dragged = { kind: 'section', id: 'own' };
    expect(move(topOf('section fav') + 2, own)).toEqual({ kind: 'section', id: 'own', before: 'fav' });
    expect(move(topOf('channel d') + 25, own)).toEqual({ kind: 'section', id: 'own', before: 'dms' });
    expect(move(height - 2, own)).toEqual({ kind: 'section', id: 'own', before: null });
    expect(move(topOf('hint own') + 5, own)).toBeUndefined();
  });
});

describe('walking', () => {
  it('goes from row to row, passes over hints, and stops at the ends', () => {
    const at = (key: string) => rows.findIndex((row) => row.key === key);
    expect(walked(rows, at('section own'), 'ArrowDown')).toBe(at('section rooms'));
    expect(walked(rows, at('section rooms'), 'ArrowUp')).toBe(at('section own'));
    expect(walked(rows, 0, 'ArrowUp')).toBe(0);
    expect(walked(rows, 3, 'End')).toBe(rows.length - 1);
    expect(walked(rows, 3, 'x')).toBeUndefined();
    expect(headOf(rows, at('channel c'))).toBe(at('section rooms'));
    expect(headOf(rows, at('section rooms'))).toBeUndefined();
  });

  it('goes on to the next name that begins with what was typed', () => {
    const names = ['Threads', 'Design', 'Data', 'Engineering'];
    expect(typed(names, 1, 'd')).toBe(2);
    expect(typed(names, 2, 'd')).toBe(1);
    expect(typed(names, 1, 'de')).toBe(1);
    expect(typed(names, 0, 'q')).toBeUndefined();
  });
});

describe('steps', () => {
  const state: State = {
    ...initialState,
    server: { ...initialState.server, config: { CollapsedThreads: 'always_on' } },
    place: { ...initialState.place, teamId: 'team', view: 'channel', channelId: 'c' },
  };
  const stops = stopsOf(state, sections);
  const idOf = (by: 1 | -1, from: State, unread = false) => {
    const stop = nextStop(from, stops, by, unread);
    return stop?.kind === 'channel' ? stop.channelId : stop?.kind;
  };

  it('goes up and down the sidebar, round and round', () => {
    expect(idOf(1, state)).toBe('d');
    expect(idOf(-1, state)).toBe('b');
    const last = { ...state, place: { ...state.place, channelId: 'y' } };
    expect(idOf(1, last)).toBe('threads');
    const elsewhere = { ...state, place: { ...state.place, channelId: 'nowhere' } };
    expect(idOf(1, elsewhere)).toBe('threads');
    expect(idOf(-1, elsewhere)).toBe('y');
  });

  it('goes to unread places alone when that is wanted, and nowhere when there is none', () => {
    expect(idOf(1, state, true)).toBeUndefined();
    const waiting: State = {
      ...state,
      threads: { ...state.threads, totals: { team: { total: 1, unread: 1, mentions: 0 } } },
    };
    expect(idOf(1, waiting, true)).toBe('threads');
  });
});
