/** When one may be reminded: a few usual times, in the device's own days. */
export const reminderSpans = ['half_hour', 'one_hour', 'two_hours', 'tomorrow', 'monday', 'chosen'] as const;
export type ReminderSpan = (typeof reminderSpans)[number];

const minute = 60_000;
/** A working day begins. */
const morning = 9;

function atMorning(now: number, daysOn: number): number {
  const day = new Date(now);
  // By the calendar, not by 24 hours: on some days the clock is moved.
  day.setDate(day.getDate() + daysOn);
  day.setHours(morning, 0, 0, 0);
  return day.getTime();
}

/** reminderAt is the moment of a usual time, in milliseconds. */
export function reminderAt(span: Exclude<ReminderSpan, 'chosen'>, now: number): number {
  switch (span) {
    case 'half_hour':
      return now + 30 * minute;
    case 'one_hour':
      return now + 60 * minute;
    case 'two_hours':
      return now + 120 * minute;
    case 'tomorrow':
      return atMorning(now, 1);
    case 'monday':
      // On a Monday it means the next one.
      return atMorning(now, (8 - new Date(now).getDay()) % 7 || 7);
  }
}
