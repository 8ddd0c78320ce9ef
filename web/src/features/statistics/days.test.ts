import { expect, test } from 'vitest';
import { shownDays } from '@/ui/DayBars';
import { everyDay } from './days';

test('a month is shown day by day, quiet days too, and ends today', () => {
  const now = Date.parse('2026-03-09T23:59:59Z');
  const busy = { day: '2026-03-07', messages: 4, authors: 2 };
  const all = everyDay([busy, { day: '2025-01-01', messages: 9, authors: 9 }], now);
  expect(all).toHaveLength(shownDays);
  expect(all.at(0)?.day).toBe('2026-02-07');
  expect(all.at(-1)).toEqual({ day: '2026-03-09', messages: 0, authors: 0 });
  expect(all.filter((one) => one.messages > 0)).toEqual([busy]);
});
