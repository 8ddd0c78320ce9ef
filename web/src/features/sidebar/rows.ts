/** The sidebar as one list of rows, which is walked, measured and virtualised. */
import type { Section } from './layout';

export type Row =
  | { key: string; kind: 'threads' }
  | { key: string; kind: 'drafts' }
  | { key: string; kind: 'section'; section: Section }
  | { key: string; kind: 'channel'; channelId: string; section: Section; position: number }
  /** A custom category in which nothing is yet. */
  | { key: string; kind: 'hint'; section: Section };

/** Heights in pixels; fingers need more. */
export type Heights = { channel: number; section: number; hint: number };
export const fine: Heights = { channel: 30, section: 40, hint: 34 };
export const coarse: Heights = { channel: 44, section: 48, hint: 44 };

export const heightOf = (row: Row, heights: Heights): number =>
  row.kind === 'section' ? heights.section : row.kind === 'hint' ? heights.hint : heights.channel;

export const channelKey = (channelId: string): string => `channel ${channelId}`;
export const sectionKey = (sectionId: string): string => `section ${sectionId}`;

/**
 * rowsOf lists the rows of sections, below those of threads and drafts. Drafts stand there before there are any: a row
 * that came with the first letter would move the others from under the pointer.
 */
export function rowsOf(sections: readonly Section[], threads: boolean): Row[] {
  const rows: Row[] = [];
  if (threads) rows.push({ key: 'threads', kind: 'threads' });
  rows.push({ key: 'drafts', kind: 'drafts' });
  for (const section of sections) {
    rows.push({ key: sectionKey(section.id), kind: 'section', section });
    section.ids.forEach((channelId, position) => {
      rows.push({ key: channelKey(channelId), kind: 'channel', channelId, section, position });
    });
    if (section.kind === 'custom' && section.empty && !section.category?.collapsed) {
      rows.push({ key: `hint ${section.id}`, kind: 'hint', section });
    }
  }
  return rows;
}

/** Placed is a row and where it stands in the list, in pixels: all heights are known. */
export type Placed = { row: Row; index: number; top: number; height: number };

/** measure works out where rows stand, and how long the list is. */
export function measure(rows: readonly Row[], heights: Heights): { places: Placed[]; height: number } {
  let top = 0;
  const places = rows.map((row, index) => {
    const height = heightOf(row, heights);
    const place = { row, index, top, height };
    top += height;
    return place;
  });
  return { places, height: top };
}

/** View is the part of the list that one sees: its edges in pixels. */
export type View = { from: number; to: number };

/** Lists up to this long are in the page as a whole, so that one can find in them. */
const wholeMost = 200;
/** Pixels above and below the view that are drawn too. */
const margin = 600;

/** drawnRows are those in view, and the one that has the focus; all of a list that isn't long. */
export function drawnRows(places: readonly Placed[], view: View, focused: string): readonly Placed[] {
  if (places.length <= wholeMost) return places;
  return places.filter(
    ({ row, top, height }) => row.key === focused || (top + height >= view.from - margin && top <= view.to + margin),
  );
}

/** Beyond says where the nearest unread row above and below the view stands, by its index. */
export type Beyond = { above?: number; below?: number };

/** beyondView looks for unread rows that are out of view. */
export function beyondView(places: readonly Placed[], view: View, isUnread: (channelId: string) => boolean): Beyond {
  const found: Beyond = {};
  for (const { row, index, top, height } of places) {
    if (row.kind !== 'channel' || !isUnread(row.channelId)) continue;
    if (top + height / 2 < view.from) found.above = index;
    else if (top + height / 2 > view.to) found.below ??= index;
  }
  return found;
}
