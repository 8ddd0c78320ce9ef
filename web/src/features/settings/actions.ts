/**
 * Commands of the settings. What is set counts here at once; when the server refuses, the command fails with its
 * `ApiError` and all is as before.
 */
import * as serverApi from '@/api/server';
import * as usersApi from '@/api/users';
import { preference, prefKey } from '@/store/preferences';
import { myProfile } from '@/store/selectors';
import { dispatch, getState } from '@/store/store';

/** Setting names one preference and its value. */
export type Setting = { category: string; name: string; value: string };

/** savePreferences sets preferences. */
export async function savePreferences(settings: readonly Setting[]): Promise<void> {
  const { users, preferences: before } = getState();
  const wire = settings.map((one) => ({ user_id: users.me, ...one }));
  dispatch({ type: 'preferences/received', preferences: wire });
  try {
    await serverApi.savePreferences(wire);
  } catch (error) {
    const now = getState().preferences;
    for (const one of wire) {
      // What was set again meanwhile stays.
      if (preference(now, one.category, one.name) !== one.value) continue;
      const value = before[prefKey(one.category, one.name)];
      if (value === undefined) dispatch({ type: 'preferences/deleted', preferences: [one] });
      else dispatch({ type: 'preferences/received', preferences: [{ ...one, value }] });
    }
    throw error;
  }
}

/** deletePreferences makes preferences as if they had never been set. */
export async function deletePreferences(names: readonly Omit<Setting, 'value'>[]): Promise<void> {
  const { users, preferences: before } = getState();
  const wire = names.map((one) => ({ user_id: users.me, ...one, value: '' }));
  if (wire.length === 0) return;
  dispatch({ type: 'preferences/deleted', preferences: wire });
  try {
    // As many as one call takes.
    for (let i = 0; i < wire.length; i += 100) await serverApi.deletePreferences(wire.slice(i, i + 100));
  } catch (error) {
    const kept = wire.flatMap((one) => {
      const value = before[prefKey(one.category, one.name)];
      return value === undefined ? [] : [{ ...one, value }];
    });
    dispatch({ type: 'preferences/received', preferences: kept });
    throw error;
  }
}

/** saveMe changes fields of one's own profile, shown when the server has taken them. */
export async function saveMe(patch: usersApi.UserPatch): Promise<void> {
  dispatch({ type: 'users/me', user: await usersApi.patchMe(patch) });
}

type NotifyProps = usersApi.UserProfile['notify_props'];

// The wishes are sent one after the other; what waits is kept, so that the answer to an earlier one doesn't hide it.
let last: Promise<unknown> = Promise.resolve();
const waiting = new Set<Partial<NotifyProps>>();

function showNotify(user: usersApi.UserProfile, props: Partial<NotifyProps>): void {
  const all = Object.assign({}, user.notify_props, props, ...waiting);
  dispatch({ type: 'users/me', user: { ...user, notify_props: all } });
}

/** saveNotify changes what notifies. The server takes all of it at once, so the rest is sent along. */
export async function saveNotify(props: Partial<NotifyProps>): Promise<void> {
  const before = myProfile(getState());
  if (!before) return;
  waiting.add(props);
  showNotify(before, props);
  const send = last.then(async () => {
    const now = myProfile(getState());
    const answer = now && (await usersApi.patchMe({ notify_props: { ...now.notify_props, ...props } }));
    waiting.delete(props);
    if (answer) showNotify(answer, {});
  });
  last = send.catch(() => undefined);
  try {
    await send;
  } catch (error) {
    waiting.delete(props);
    const keys = Object.keys(props) as (keyof NotifyProps)[];
    const now = myProfile(getState());
    if (now) showNotify(now, Object.fromEntries(keys.map((key) => [key, before.notify_props[key]])));
    throw error;
  }
}

async function refreshMe(): Promise<void> {
  dispatch({ type: 'users/me', user: await usersApi.getMe() });
}

/** savePicture uploads a new picture of oneself. */
export async function savePicture(picture: Blob): Promise<void> {
  await usersApi.uploadPicture(picture);
  await refreshMe();
}

/** removePicture goes back to the drawn initials. */
export async function removePicture(): Promise<void> {
  await usersApi.removePicture();
  await refreshMe();
}

/** changePassword sets a new password. */
export const changePassword = (current: string, next: string): Promise<unknown> =>
  usersApi.changePassword(current, next);

/** beginMfa gets a new secret for the second step. */
export const beginMfa = (): Promise<usersApi.MfaSecret> => usersApi.generateMfa();

/** switchMfa turns the second step on with a code of the app, or off. */
export async function switchMfa(on: boolean, code = ''): Promise<void> {
  await usersApi.setMfa(on, code);
  await refreshMe();
}

/** deactivate takes one's own account out of use. */
export const deactivate = (): Promise<unknown> => usersApi.deactivateMe();

/** sendTest has the server write a message to oneself, which notifies as any other. */
export const sendTest = (): Promise<unknown> => serverApi.sendTestNotification();
