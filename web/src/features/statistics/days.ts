/** Day is what was written on one day; `day` as 2026-03-09. */
export type Day = { day: string; messages: number; authors: number };

/** So many days are shown, today included. */
export const shownDays = 31;

const length = 86_400_000;

/** everyDay lists the last days up to a moment, the oldest first, those without messages with none. */
export function everyDay(days: readonly Day[], now: number): Day[] {
  const known = new Map(days.map((one) => [one.day, one]));
  return Array.from({ length: shownDays }, (_, at) => {
    const day = new Date(now - (shownDays - 1 - at) * length).toISOString().slice(0, 10);
    return known.get(day) ?? { day, messages: 0, authors: 0 };
  });
}
