/** Walking the rows of the sidebar by key. Pure. */
import { type Row, sectionKey } from './rows';

const pageRows = 12;

/** walked is the row that a key goes to from another; undefined when the key doesn't walk. */
export function walked(rows: readonly Row[], from: number, key: string): number | undefined {
  const last = rows.length - 1;
  const within = (at: number) => Math.max(0, Math.min(last, at));
  // A hint is no place to stand.
  const onward = (at: number, by: 1 | -1) => {
    let next = within(at);
    while (rows[next]?.kind === 'hint' && next + by >= 0 && next + by <= last) next += by;
    return rows[next]?.kind === 'hint' ? from : next;
  };
  switch (key) {
    case 'ArrowDown':
      return onward(from + 1, 1);
    case 'ArrowUp':
      return onward(from - 1, -1);
    case 'PageDown':
      return onward(from + pageRows, -1);
    case 'PageUp':
      return onward(from - pageRows, 1);
    case 'Home':
      return onward(0, 1);
    case 'End':
      return onward(last, -1);
    default:
      return undefined;
  }
}

/** headOf is the row of the section that a channel stands in. */
export function headOf(rows: readonly Row[], at: number): number | undefined {
  const row = rows[at];
  if (row?.kind !== 'channel') return undefined;
  const head = rows.findIndex((one) => one.key === sectionKey(row.section.id));
  return head < 0 ? undefined : head;
}

/** typed is the next row whose name begins with what was typed. */
export function typed(names: readonly string[], from: number, text: string): number | undefined {
  const wanted = text.toLocaleLowerCase();
  // A single letter goes on to the next; more letters may still fit where one stands.
  const start = text.length === 1 ? from + 1 : from;
  for (let i = 0; i < names.length; i++) {
    const at = (start + i) % names.length;
    if (names[at]?.toLocaleLowerCase().startsWith(wanted)) return at;
  }
  return undefined;
}
