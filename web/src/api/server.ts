/** What the server says of itself, roles, and what one person has set. */
import type { PreferenceType } from '@mattermost/types/preferences';
import type { Role } from '@mattermost/types/roles';
import { get, post, put } from './http';
import type { Ok } from './users';

export type { PreferenceType, Role };

/** ClientConfig is the flat configuration that the server shows to clients; every value is a string. */
export type ClientConfig = Record<string, string | undefined>;

export const getConfig = (): Promise<ClientConfig> => get('/config/client', { format: 'old' });
export const getRoles = (names: string[]): Promise<Role[]> => post('/roles/names', names);
export const getPreferences = (): Promise<PreferenceType[]> => get('/users/me/preferences');
export const savePreferences = (preferences: PreferenceType[]): Promise<Ok> =>
  put('/users/me/preferences', preferences);
export const deletePreferences = (preferences: PreferenceType[]): Promise<Ok> =>
  post('/users/me/preferences/delete', preferences);
export const getTimezones = (): Promise<string[]> => get('/system/timezones');
export const completeOnboarding = (): Promise<Ok> => post('/system/onboarding/complete', { install_plugins: [] });
export const ping = (): Promise<Ok> => get('/system/ping');
export const sendTestNotification = (): Promise<Ok> => post('/notifications/test');
