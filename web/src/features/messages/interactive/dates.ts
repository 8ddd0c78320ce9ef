/** Dates in dialogs: written out, or told from today as `today`, `tomorrow`, `+3d`, `-1w`, `+2m`. */

/** Wall is a date and a time as a clock on a wall shows them. */
export interface Wall {
  /** `2026-03-09` */
  date: string;
  /** `14:30` */
  time: string;
}

const two = (number: number): string => String(number).padStart(2, '0');

function wallAt(at: number, zone: string): Wall {
  const parts: Record<string, string> = {};
  const format = new Intl.DateTimeFormat('en-US', {
    ...(zone && { timeZone: zone }),
    hourCycle: 'h23',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
  });
  for (const { type, value } of format.formatToParts(at)) parts[type] = value;
  return { date: `${parts.year}-${parts.month}-${parts.day}`, time: `${parts.hour}:${parts.minute}` };
}

/** dateOf reads a date; empty when it isn't one. Days are counted by the device's clock. */
export function dateOf(words: string, now: number): string {
  const told = words.trim().toLowerCase();
  if (/^\d{4}-\d{2}-\d{2}/.test(told)) return Number.isNaN(Date.parse(told.slice(0, 10))) ? '' : told.slice(0, 10);
  const named = { today: 0, tomorrow: 1, yesterday: -1 }[told];
  const counted = /^([+-]\d{1,4})([dwm])$/.exec(told);
  if (named === undefined && !counted) return '';
  const day = new Date(now);
  const by = named ?? Number(counted?.[1]);
  if (counted?.[2] === 'm') day.setMonth(day.getMonth() + by);
  else day.setDate(day.getDate() + by * (counted?.[2] === 'w' ? 7 : 1));
  return `${day.getFullYear()}-${two(day.getMonth() + 1)}-${two(day.getDate())}`;
}

/** wallOf reads a moment as the clock of a zone shows it; the device's when that is empty. */
export function wallOf(words: string, now: number, zone: string): Wall {
  const told = words.trim();
  const exact = /^\d{4}-\d{2}-\d{2}T/.test(told) ? Date.parse(told) : Number.NaN;
  if (!Number.isNaN(exact)) return wallAt(exact, zone);
  const date = dateOf(told, now);
  return { date, time: date && '00:00' };
}

/** momentOf is when a clock shows that: `2026-03-09T13:30:00Z`. On days with a moved clock, the nearest there is. */
export function momentOf(wall: Wall, zone: string): string {
  const wanted = Date.parse(`${wall.date}T${wall.time}:00Z`);
  let at = wanted;
  for (let turn = 0; turn < 2; turn += 1) {
    const shown = wallAt(at, zone);
    at += wanted - Date.parse(`${shown.date}T${shown.time}:00Z`);
  }
  return `${new Date(at).toISOString().slice(0, 19)}Z`;
}
