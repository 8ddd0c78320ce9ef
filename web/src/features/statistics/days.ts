import { lastDays } from '@/ui/DayBars';

/** Day is what was written on one day; `day` as 2026-03-09. */
export type Day = { day: string; messages: number; authors: number };

/** everyDay lists the last days up to a moment, the oldest first, those without messages with none. */
export function everyDay(days: readonly Day[], now: number): Day[] {
  const known = new Map(days.map((one) => [one.day, one]));
  return lastDays(now).map((day) => known.get(day) ?? { day, messages: 0, authors: 0 });
}
