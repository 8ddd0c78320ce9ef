/** The rows of the picker and the way of the arrow keys through them. */
import type { EmojiEntry, GroupId } from './data';

/** SectionId is a group, or what stands before the groups: the recently used, or what was found. */
export type SectionId = GroupId | 'recent' | 'found';

/** Section is a titled run of emojis. */
export interface Section {
  id: SectionId;
  entries: readonly EmojiEntry[];
}

/** Row is a title or a line of emojis. */
export type Row = { kind: 'title'; id: SectionId } | { kind: 'emojis'; id: SectionId; entries: readonly EmojiEntry[] };

/** Cell is a place in the grid: a row, counted with the titles, and a column. */
export interface Cell {
  row: number;
  column: number;
}

/** rowsOf lays sections out in lines of so many columns. */
export function rowsOf(sections: readonly Section[], columns: number): Row[] {
  const rows: Row[] = [];
  for (const { id, entries } of sections) {
    if (entries.length === 0) continue;
    rows.push({ kind: 'title', id });
    for (let at = 0; at < entries.length; at += columns) {
      rows.push({ kind: 'emojis', id, entries: entries.slice(at, at + columns) });
    }
  }
  return rows;
}

const widthOf = (row: Row | undefined): number => (row?.kind === 'emojis' ? row.entries.length : 0);

/** firstCell is the first emoji at or below a row. */
export function firstCell(rows: readonly Row[], from = 0): Cell | undefined {
  const row = rows.findIndex((one, index) => index >= from && one.kind === 'emojis');
  return row < 0 ? undefined : { row, column: 0 };
}

/** entryAt returns the emoji in a place. */
export function entryAt(rows: readonly Row[], cell: Cell | undefined): EmojiEntry | undefined {
  const row = cell && rows[cell.row];
  return row?.kind === 'emojis' ? row.entries[cell?.column ?? 0] : undefined;
}

function lineFrom(rows: readonly Row[], from: number, step: 1 | -1): number | undefined {
  for (let row = from + step; row >= 0 && row < rows.length; row += step) if (widthOf(rows[row]) > 0) return row;
  return undefined;
}

/** move returns where a key leads; the same cell when there is nothing further that way. */
export function move(rows: readonly Row[], cell: Cell, key: string): Cell {
  const width = widthOf(rows[cell.row]);
  switch (key) {
    case 'ArrowRight': {
      if (cell.column + 1 < width) return { ...cell, column: cell.column + 1 };
      const next = lineFrom(rows, cell.row, 1);
      return next === undefined ? cell : { row: next, column: 0 };
    }
    case 'ArrowLeft': {
      if (cell.column > 0) return { ...cell, column: cell.column - 1 };
      const previous = lineFrom(rows, cell.row, -1);
      return previous === undefined ? cell : { row: previous, column: widthOf(rows[previous]) - 1 };
    }
    case 'ArrowDown':
      return along(rows, cell, 1, 1);
    case 'ArrowUp':
      return along(rows, cell, -1, 1);
    case 'PageDown':
      return along(rows, cell, 1, 6);
    case 'PageUp':
      return along(rows, cell, -1, 6);
    default:
      return cell;
  }
}

function along(rows: readonly Row[], cell: Cell, step: 1 | -1, lines: number): Cell {
  let row = cell.row;
  for (let i = 0; i < lines; i++) row = lineFrom(rows, row, step) ?? row;
  return { row, column: Math.min(cell.column, widthOf(rows[row]) - 1) };
}
