/** Times and days as one reads them: in one's language, time zone and clock. */
import { useMemo, useSyncExternalStore } from 'react';
import { useIntl } from 'react-intl';
import { useReading } from './reading';
import { useView, type View } from './view';

/** Day is one day of a time zone: its date, and when the next one begins. */
export interface Day {
  /** `2026-03-09` */
  date: string;
  start: number;
  end: number;
}

const fields = new Map<string, Intl.DateTimeFormat>();

function fieldsOf(timeZone: string): Intl.DateTimeFormat {
  let format = fields.get(timeZone);
  if (!format) {
    format = new Intl.DateTimeFormat('en-US', {
      timeZone,
      hourCycle: 'h23',
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
      hour: '2-digit',
      minute: '2-digit',
      second: '2-digit',
    });
    fields.set(timeZone, format);
  }
  return format;
}

/** The clock on the wall of a time zone, as if it were UTC. */
function wallTime(at: number, timeZone: string): Date {
  const part: Record<string, number> = {};
  for (const { type, value } of fieldsOf(timeZone).formatToParts(at)) part[type] = Number(value);
  const { year = 1970, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = part;
  return new Date(Date.UTC(year, month - 1, day, hour, minute, second));
}

/** startOfDay is when a date begins in a time zone; on some days the clock is moved. */
export function startOfDay(date: string, timeZone: string): number {
  const wall = Date.parse(`${date}T00:00:00Z`);
  const offsetAt = (at: number) => wallTime(at, timeZone).getTime() - Math.floor(at / 1000) * 1000;
  const guess = wall - offsetAt(wall);
  return wall - offsetAt(guess);
}

const dateText = (day: Date): string => day.toISOString().slice(0, 10);

/** dayOf finds the day of a moment. */
export function dayOf(at: number, timeZone: string): Day {
  const wall = wallTime(at, timeZone);
  const date = dateText(wall);
  const next = new Date(Date.UTC(wall.getUTCFullYear(), wall.getUTCMonth(), wall.getUTCDate() + 1));
  return { date, start: startOfDay(date, timeZone), end: startOfDay(dateText(next), timeZone) };
}

/** Times writes moments. Every function is cheap: formats are made once. */
export interface Times {
  /** `10:32` */
  clock(at: number): string;
  /** The same without AM or PM, for the narrow edge of a row. */
  gutter(at: number): string;
  /** `Monday, March 9, 2026 at 10:32` */
  full(at: number): string;
  /** `Today`, `Yesterday`, `Monday, March 9`; with the year when it is another one. */
  day(at: number): string;
  /** A time to come: `today at 10:32`, `Monday at 9:00`. */
  soon(at: number): string;
  /** `March 9, 2026` */
  date(at: number): string;
  /** A time of today, else a day: for the last reply of a thread. */
  brief(at: number): string;
}

const known = new Map<string, Times>();
const dayLength = 86_400_000;

function make(locale: string, timeZone: string, clock: View['clock']): Times {
  const cycle: Intl.DateTimeFormatOptions = clock ? { hourCycle: clock } : {};
  const format = (options: Intl.DateTimeFormatOptions) =>
    new Intl.DateTimeFormat(locale, { timeZone, ...cycle, ...options });
  const time = format({ hour: 'numeric', minute: '2-digit' });
  const full = format({ dateStyle: 'full', timeStyle: 'short' });
  const plain = new Intl.DateTimeFormat(locale, { timeZone, weekday: 'long', month: 'long', day: 'numeric' });
  const withYear = new Intl.DateTimeFormat(locale, { timeZone, dateStyle: 'full' });
  const weekday = format({ weekday: 'long', month: 'long', day: 'numeric', hour: 'numeric', minute: '2-digit' });
  const date = new Intl.DateTimeFormat(locale, { timeZone, dateStyle: 'long' });
  const short = new Intl.DateTimeFormat(locale, { timeZone, month: 'short', day: 'numeric' });
  const shortWithYear = new Intl.DateTimeFormat(locale, { timeZone, dateStyle: 'medium' });
  const near = new Intl.RelativeTimeFormat(locale, { numeric: 'auto' });
  const relative = (days: number) => capital(near.format(days, 'day'), locale);
  const distance = (at: number) => {
    const today = dayOf(Date.now(), timeZone);
    return Math.round((today.start - dayOf(at, timeZone).start) / dayLength);
  };
  const sameYear = (at: number) =>
    wallTime(at, timeZone).getUTCFullYear() === wallTime(Date.now(), timeZone).getUTCFullYear();
  return {
    clock: (at) => time.format(at),
    gutter: (at) => withoutPeriod(time.formatToParts(at)),
    full: (at) => full.format(at),
    day(at) {
      const days = distance(at);
      if (days === 0 || days === 1) return relative(-days);
      return capital(sameYear(at) ? plain.format(at) : withYear.format(at), locale);
    },
    soon(at) {
      const days = -distance(at);
      if (days > 1) return weekday.format(at);
      return `${near.format(days, 'day')}, ${time.format(at)}`;
    },
    date: (at) => date.format(at),
    brief(at) {
      const days = distance(at);
      if (days === 0) return time.format(at);
      if (days === 1) return near.format(-1, 'day');
      return sameYear(at) ? short.format(at) : shortWithYear.format(at);
    },
  };
}

const withoutPeriod = (parts: Intl.DateTimeFormatPart[]): string =>
  parts
    .filter((part) => part.type !== 'dayPeriod')
    .map((part) => part.value)
    .join('')
    .trim();

const capital = (text: string, locale: string) => text.charAt(0).toLocaleUpperCase(locale) + text.slice(1);

/** timesOf returns the writer of a language, a time zone and a clock. */
export function timesOf(locale: string, timeZone: string, clock: View['clock']): Times {
  const key = `${locale} ${timeZone} ${clock ?? ''}`;
  let times = known.get(key);
  if (!times) {
    times = make(locale, timeZone, clock);
    known.set(key, times);
  }
  return times;
}

/** useTimes returns the writer of the reader. */
export function useTimes(): Times {
  const { locale } = useIntl();
  const { timeZone, clock } = useView();
  return useReading()?.times ?? timesOf(locale, timeZone, clock);
}

const waiting = new Set<() => void>();
let midnight: ReturnType<typeof setTimeout> | undefined;

function wake(): void {
  // Days begin at whole quarters of an hour in every time zone.
  const quarter = 900_000;
  clearTimeout(midnight);
  midnight = setTimeout(
    () => {
      for (const tell of waiting) tell();
      wake();
    },
    quarter - (Date.now() % quarter) + 50,
  );
}

function subscribe(tell: () => void): () => void {
  waiting.add(tell);
  if (waiting.size === 1) wake();
  return () => {
    waiting.delete(tell);
    if (waiting.size === 0) clearTimeout(midnight);
  };
}

/** useToday is the date of today; who uses it is drawn again at midnight. */
export function useToday(timeZone: string): string {
  const today = useMemo(() => () => dayOf(Date.now(), timeZone).date, [timeZone]);
  return useSyncExternalStore(subscribe, today, today);
}
