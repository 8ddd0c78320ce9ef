/** The reader's clock and time zone, and those of others. */
import type { UserTimezone } from '@mattermost/types/users';
import { useIntl } from 'react-intl';
import { preference } from '@/store/preferences';
import { myProfile } from '@/store/selectors';
import { type State, useApp } from '@/store/store';

/** deviceZone is the time zone of this device. */
export const deviceZone = (): string => Intl.DateTimeFormat().resolvedOptions().timeZone || 'UTC';

/** isZone tells whether this device knows a time zone by its name. */
export function isZone(name: string): boolean {
  try {
    Intl.DateTimeFormat('en', { timeZone: name });
    return name !== '';
  } catch {
    return false;
  }
}

/** zoneOf is the time zone that somebody is in, as they said or as their device did; empty when neither did. */
export function zoneOf(zone: UserTimezone | undefined): string {
  if (!zone) return '';
  const name = String(zone.useAutomaticTimezone) === 'false' ? zone.manualTimezone : zone.automaticTimezone;
  return isZone(name) ? name : '';
}

/** ownZone is the time zone in which one reads. */
export function ownZone(state: State): string {
  const zone = myProfile(state)?.timezone;
  return (String(zone?.useAutomaticTimezone) === 'false' && zoneOf(zone)) || deviceZone();
}

/** hourCycle is the clock that one chose; undefined is that of the language. */
export function hourCycle(state: State): 'h12' | 'h23' | undefined {
  const wished = preference(state.preferences, 'display_settings', 'use_military_time');
  return wished === 'true' ? 'h23' : wished === 'false' ? 'h12' : undefined;
}

/** offsetAt is how far a time zone is ahead of UTC, in minutes. */
export function offsetAt(zone: string, at: number): number {
  const parts = new Intl.DateTimeFormat('en-US', {
    timeZone: zone,
    hourCycle: 'h23',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
  }).formatToParts(at);
  const part = (type: string) => Number(parts.find((one) => one.type === type)?.value ?? 0);
  const wall = Date.UTC(part('year'), part('month') - 1, part('day'), part('hour'), part('minute'));
  return Math.round((wall - Math.floor(at / 60_000) * 60_000) / 60_000);
}

/** Clock writes moments for the reader. `zone` is the one in which they are told; the reader's unless given. */
export interface Clock {
  time(at: number, zone?: string): string;
  /** Such as `Monday 14:30`; with the date when it is not within a week. */
  near(at: number): string;
  date(at: number): string;
}

/** useClock returns the clock of the reader. */
export function useClock(): Clock {
  const intl = useIntl();
  const zone = useApp(ownZone);
  const cycle = useApp(hourCycle);
  const hours = cycle ? { hourCycle: cycle } : {};
  const format = (at: number, options: Intl.DateTimeFormatOptions) =>
    new Intl.DateTimeFormat(intl.locale, options).format(at);
  const time = (at: number, other = zone) =>
    format(at, { hour: 'numeric', minute: '2-digit', timeZone: other, ...hours });
  const dayNumber = (at: number) => Math.floor((at + offsetAt(zone, at) * 60_000) / 86_400_000);
  return {
    time,
    date: (at) => format(at, { dateStyle: 'medium', timeZone: zone }),
    near(at) {
      const days = dayNumber(at) - dayNumber(Date.now());
      if (days === 0) return time(at);
      const clock = { hour: 'numeric', minute: '2-digit', timeZone: zone, ...hours } as const;
      if (days > 0 && days < 7) return format(at, { weekday: 'long', ...clock });
      return format(at, { day: 'numeric', month: 'short', ...clock });
    },
  };
}
