/** Time zones to choose from. */
import { offsetAt } from '@/features/people/clock';

/** Zone is one: its name, how far it is from UTC in minutes, and how it is written. */
export type Zone = { name: string; offset: number; label: string };

const two = (number: number): string => String(number).padStart(2, '0');

/** offsetText writes minutes as `UTC+05:30`. */
export function offsetText(minutes: number): string {
  const size = Math.abs(minutes);
  return `UTC${minutes < 0 ? '−' : '+'}${two(Math.floor(size / 60))}:${two(size % 60)}`;
}

/** `America/Argentina/Buenos_Aires` is read as `Buenos Aires, America/Argentina`. */
function placeText(name: string): string {
  const parts = name.replaceAll('_', ' ').split('/');
  const place = parts.pop() ?? name;
  return parts.length > 0 ? `${place}, ${parts.join('/')}` : place;
}

let made: { at: number; zones: readonly Zone[] } | undefined;
const day = 86_400_000;

/** zones lists those that this device knows, from west to east. Made once a day: summer time moves them. */
export function zones(now = Date.now()): readonly Zone[] {
  if (!made || now - made.at > day) {
    const all = Intl.supportedValuesOf('timeZone').map((name) => {
      const offset = offsetAt(name, now);
      return { name, offset, label: `${offsetText(offset)} · ${placeText(name)}` };
    });
    made = { at: now, zones: all.sort((a, b) => a.offset - b.offset || a.label.localeCompare(b.label)) };
  }
  return made.zones;
}

/** zoneLabel writes one zone, also one that the list lacks. */
export const zoneLabel = (name: string, now = Date.now()): string =>
  name ? `${offsetText(offsetAt(name, now))} · ${placeText(name)}` : '';
