/** Saves what somebody set. It counts here at once, and no longer when the server refuses it. */
import * as serverApi from '@/api/server';
import { prefKey } from '@/store/preferences';
import { dispatch, getState } from '@/store/store';

export type Wish = { category: string; name: string; value: string };

/** savePreferences sets preferences. It fails with an `ApiError`, and then they are as before. */
export async function savePreferences(wishes: readonly Wish[]): Promise<void> {
  const { users, preferences: before } = getState();
  const preferences = wishes.map((wish) => ({ ...wish, user_id: users.me }));
  dispatch({ type: 'preferences/received', preferences });
  try {
    await serverApi.savePreferences(preferences);
  } catch (error) {
    for (const one of preferences) {
      const key = prefKey(one.category, one.name);
      // Somebody may have changed it once more meanwhile: that stands.
      if (getState().preferences[key] !== one.value) continue;
      const old = before[key];
      if (old === undefined) dispatch({ type: 'preferences/deleted', preferences: [one] });
      else dispatch({ type: 'preferences/received', preferences: [{ ...one, value: old }] });
    }
    throw error;
  }
}

/** savePreference sets one preference. */
export const savePreference = (category: string, name: string, value: string): Promise<void> =>
  savePreferences([{ category, name, value }]);
