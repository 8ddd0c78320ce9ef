/** Tells the server in which time zone one is, so that others see what time it is for one. */
import * as usersApi from '@/api/users';
import { myProfile } from '@/store/selectors';
import { dispatch, getState } from '@/store/store';
import { deviceZone } from './clock';

let telling = false;

async function tellZone(): Promise<void> {
  const zone = myProfile(getState())?.timezone;
  const device = deviceZone();
  // Who chose a time zone keeps it wherever they go.
  if (telling || !zone || String(zone.useAutomaticTimezone) === 'false' || zone.automaticTimezone === device) return;
  telling = true;
  try {
    const timezone = { useAutomaticTimezone: 'true', automaticTimezone: device, manualTimezone: zone.manualTimezone };
    dispatch({ type: 'users/me', user: await usersApi.patchMe({ timezone }) });
  } catch {
    // The next look at the page tries again.
  } finally {
    telling = false;
  }
}

/** watchZone does so now, and whenever somebody comes back to the page: they may have travelled. It returns how to stop. */
export function watchZone(): () => void {
  const look = () => {
    if (document.visibilityState === 'visible') void tellZone();
  };
  look();
  document.addEventListener('visibilitychange', look);
  return () => document.removeEventListener('visibilitychange', look);
}
