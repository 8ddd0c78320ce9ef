/** The emoji and words that people show beside their names, until they expire. They stand in the props of a profile. */
import type { UserCustomStatus, UserProfile } from '@mattermost/types/users';
import { preference } from './preferences';
import type { State } from './store';

/** CustomStatus is what somebody shows. `expiresAt` is in milliseconds, 0 for never. */
export type CustomStatus = { emoji: string; text: string; duration: string; expiresAt: number };

/** The longest text, in characters. */
export const statusTextMost = 100;
export const defaultStatusEmoji = 'speech_balloon';

const read = new Map<string, CustomStatus | undefined>();
const readMost = 500;

function parsed(value: string): CustomStatus | undefined {
  let raw: Partial<UserCustomStatus> | null;
  try {
    raw = JSON.parse(value);
  } catch {
    return undefined;
  }
  if (!raw || typeof raw !== 'object' || (!raw.emoji && !raw.text)) return undefined;
  const ends = raw.duration ? Date.parse(raw.expires_at ?? '') : 0;
  return {
    emoji: raw.emoji || defaultStatusEmoji,
    text: String(raw.text ?? ''),
    duration: String(raw.duration ?? ''),
    // An end before all time is how the protocol writes "never".
    expiresAt: Number.isFinite(ends) && ends > 0 ? ends : 0,
  };
}

/** readStatus reads a status as it is stored; the same text gives the same object. Nothing and nonsense are undefined. */
export function readStatus(value: string | undefined): CustomStatus | undefined {
  if (!value) return undefined;
  if (!read.has(value)) {
    if (read.size >= readMost) read.clear();
    read.set(value, parsed(value));
  }
  return read.get(value);
}

/** customStatusOf is what somebody shows now; undefined when nothing, or no longer. */
export function customStatusOf(
  user: Pick<UserProfile, 'props'> | undefined,
  now = Date.now(),
): CustomStatus | undefined {
  const status = readStatus(user?.props?.customStatus);
  return status && (status.expiresAt === 0 || status.expiresAt > now) ? status : undefined;
}

/** recentStatuses lists what one showed lately, the last first; the same ones are the same objects. */
export function recentStatuses(state: State): CustomStatus[] {
  const value = preference(state.preferences, 'custom_status', 'recent_custom_statuses', '[]');
  let list: unknown;
  try {
    list = JSON.parse(value);
  } catch {
    return [];
  }
  if (!Array.isArray(list)) return [];
  return list.map((one) => readStatus(JSON.stringify(one))).filter((one) => one !== undefined);
}
