/** When things end that people set for a while: "do not disturb" and custom statuses. In the device's own days. */

/** The ends that are offered for "do not disturb"; another one is asked for in a dialog. */
export const quietSpans = ['thirty_minutes', 'one_hour', 'two_hours', 'tomorrow'] as const;
export type QuietSpan = (typeof quietSpans)[number];

/** The ends that are offered for a custom status, as the protocol names them; the empty one is never. */
export const statusSpans = [
  '',
  'thirty_minutes',
  'one_hour',
  'four_hours',
  'today',
  'this_week',
  'date_and_time',
] as const;
export type StatusSpan = (typeof statusSpans)[number];

const minute = 60_000;
/** Who doesn't want to be disturbed until tomorrow means: until the day begins. */
const morning = 9;

function atHour(now: number, daysOn: number, hour: number): number {
  const day = new Date(now);
  // By the calendar, not by 24 hours: on some days the clock is moved.
  day.setDate(day.getDate() + daysOn);
  day.setHours(hour, 0, 0, 0);
  return day.getTime();
}

/** quietEnd is when "do not disturb" ends, in milliseconds. */
export function quietEnd(span: QuietSpan, now: number): number {
  switch (span) {
    case 'thirty_minutes':
      return now + 30 * minute;
    case 'one_hour':
      return now + 60 * minute;
    case 'two_hours':
      return now + 120 * minute;
    case 'tomorrow':
      return atHour(now, 1, morning);
  }
}

/** wholeMinutes is an end as the server counts it: in seconds, a whole minute, and never before what was promised. */
export const wholeMinutes = (end: number): number => Math.ceil(end / minute) * 60;

/** statusEnd is when a custom status ends, in milliseconds; 0 for never. `chosen` is the end for `date_and_time`. */
export function statusEnd(span: StatusSpan, now: number, chosen = 0): number {
  switch (span) {
    case '':
      return 0;
    case 'thirty_minutes':
      return now + 30 * minute;
    case 'one_hour':
      return now + 60 * minute;
    case 'four_hours':
      return now + 240 * minute;
    case 'today':
      return atHour(now, 1, 0) - 1;
    case 'this_week': {
      // The week ends with Sunday.
      const left = (7 - new Date(now).getDay()) % 7;
      return atHour(now, left + 1, 0) - 1;
    }
    case 'date_and_time':
      return chosen;
  }
}

/** nextHalfHour is a time to begin with when somebody chooses one: the next full or half hour that is not too near. */
export function nextHalfHour(now: number): number {
  const half = 30 * minute;
  return Math.ceil((now + 10 * minute) / half) * half;
}

/** WhenText is a moment as the fields for a date and a time hold it: `2026-03-09` and `14:30`. */
export type WhenText = { date: string; time: string };

const two = (number: number): string => String(number).padStart(2, '0');

/** whenText writes a moment for the fields, by the device's clock. */
export function whenText(at: number): WhenText {
  const day = new Date(at);
  return {
    date: `${day.getFullYear()}-${two(day.getMonth() + 1)}-${two(day.getDate())}`,
    time: `${two(day.getHours())}:${two(day.getMinutes())}`,
  };
}

/** momentOf reads the fields; undefined while they are no moment. */
export function momentOf({ date, time }: WhenText): number | undefined {
  // A text with a time and no zone is read by the device's clock.
  const at = new Date(`${date}T${time}`).getTime();
  return date === '' || time === '' || Number.isNaN(at) ? undefined : at;
}
