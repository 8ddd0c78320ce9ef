/** When a message may be sent later: a few usual times, in the device's own days. */
export const laterSpans = ['tomorrow', 'monday'] as const;
export type LaterSpan = (typeof laterSpans)[number];

/** A working day begins. */
const morning = 9;

/** laterAt is the moment of a usual time, in milliseconds. On a Monday, `monday` is the next one. */
export function laterAt(span: LaterSpan, now: number): number {
  const day = new Date(now);
  // By the calendar, not by 24 hours: on some days the clock is moved.
  day.setDate(day.getDate() + (span === 'tomorrow' ? 1 : (8 - day.getDay()) % 7 || 7));
  day.setHours(morning, 0, 0, 0);
  return day.getTime();
}

/** laterOffers are the times to offer: on a Sunday tomorrow is Monday, and stands once. */
export function laterOffers(now: number): { span: LaterSpan; at: number }[] {
  const all = laterSpans.map((span) => ({ span, at: laterAt(span, now) }));
  return all.filter(({ at }, index) => all.findIndex((one) => one.at === at) === index);
}
