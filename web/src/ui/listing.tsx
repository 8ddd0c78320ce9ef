/** What pages that list things are made of: tables that become cards on a phone, bars above them, times. */
import type { ReactNode } from 'react';
import { FormattedDate, FormattedRelativeTime } from 'react-intl';
import { EmptyState } from './EmptyState';
import { ErrorState } from './ErrorState';
import styles from './listing.module.css';
import { SkeletonRow } from './Skeleton';
import type { Loaded } from './useLoaded';

export interface Column<R> {
  id: string;
  title: string;
  cell: (row: R) => ReactNode;
  /** Figures stand at the end, in columns. */
  figures?: boolean;
}

export interface TableProps<R> {
  label: string;
  columns: readonly Column<R>[];
  rows: readonly R[];
  keyOf: (row: R) => string;
  /** Said when there are none. */
  empty: string;
}

/** Table is a list with columns. The first cell of a row names it. On a phone each row is a card. */
export function Table<R>({ label, columns, rows, keyOf, empty }: TableProps<R>) {
  if (rows.length === 0) return <EmptyState title={empty} />;
  return (
    // It may be wider than a phone: then it is moved sideways, also with the keyboard.
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls can be reached by keys
    <section className={styles.scroll} aria-label={label} tabIndex={0}>
      <table className={styles.table}>
        <thead>
          <tr>
            {columns.map((column) => (
              <th key={column.id} scope="col" data-figures={column.figures || undefined}>
                {column.title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={keyOf(row)}>
              {columns.map((column, at) =>
                at === 0 ? (
                  <th key={column.id} scope="row">
                    {column.cell(row)}
                  </th>
                ) : (
                  <td key={column.id} data-figures={column.figures || undefined} data-title={column.title}>
                    {column.cell(row)}
                  </td>
                ),
              )}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

/** Bar holds what picks and does something, above a list. */
export const Bar = ({ children }: { children: ReactNode }) => <div className={styles.bar}>{children}</div>;

/** Lead says in a sentence what a page is for. */
export const Lead = ({ children }: { children: ReactNode }) => <p className={styles.lead}>{children}</p>;

/** Part is a titled part of a page. */
export function Part({ title, children }: { title: ReactNode; children: ReactNode }) {
  return (
    <section className={styles.part}>
      <h2>{title}</h2>
      {children}
    </section>
  );
}

/** Waiting shows what was loaded, that it is on its way, or why it isn't there. */
export function Waiting<T>({ of, children }: { of: Loaded<T>; children: (value: T) => ReactNode }) {
  if (of.value !== undefined) return <>{children(of.value)}</>;
  if (of.error !== undefined) return <ErrorState error={of.error} onRetry={() => void of.reload()} />;
  return (
    <div aria-busy="true">
      <SkeletonRow rows={6} picture={28} />
    </div>
  );
}

/** Moment is a date with its time. */
export const Moment = ({ at }: { at: number }) => (
  <time dateTime={new Date(at).toISOString()} className={styles.moment}>
    <FormattedDate value={at} dateStyle="medium" timeStyle="short" />
  </time>
);

const units = [
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
] as const;

/** Ago is how long ago something was. */
export function Ago({ at }: { at: number }) {
  const past = Date.now() - at;
  const [unit, length] = units.find(([, one]) => past >= one) ?? ['second', 1000];
  return <FormattedRelativeTime value={-Math.round(past / length)} unit={unit} numeric="auto" />;
}
