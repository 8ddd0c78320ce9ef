/** What the console's pages are made of beside `ui/listing`: pages of a list, sizes. */
import { useState } from 'react';
import { useText } from '@/i18n/text';
import { Button } from '@/ui/Button';
import styles from './parts.module.css';

export { Ago, Bar, type Column, Lead, Moment, Part, Table, type TableProps, Waiting } from '@/ui/listing';

/** usePages counts pages from 0. `Pager` turns them: forth as long as a page was full. */
export function usePages(): [number, (page: number) => void] {
  return useState(0);
}

export function Pager({ page, more, onTurn }: { page: number; more: boolean; onTurn: (page: number) => void }) {
  const t = useText();
  if (page === 0 && !more) return null;
  return (
    <div className={styles.pager}>
      <Button disabled={page === 0} onClick={() => onTurn(page - 1)}>
        {t('admin.previous')}
      </Button>
      <span>{t('admin.pageNumber', { page: page + 1 })}</span>
      <Button disabled={!more} onClick={() => onTurn(page + 1)}>
        {t('admin.next')}
      </Button>
    </div>
  );
}

const steps = ['byte', 'kilobyte', 'megabyte', 'gigabyte', 'terabyte'] as const;

/** sizeText is a number of bytes for people. */
export function sizeText(bytes: number, locale: string): string {
  const step = Math.min(steps.length - 1, bytes < 1 ? 0 : Math.floor(Math.log10(bytes) / 3));
  const value = bytes / 1000 ** step;
  const unit = steps[step] ?? 'byte';
  return new Intl.NumberFormat(locale, {
    style: 'unit',
    unit,
    maximumFractionDigits: value < 10 && step > 0 ? 1 : 0,
  }).format(value);
}
