/** People: profiles and presence by user id. */
import type { UserProfile, UserStatus } from '@mattermost/types/users';

export type Presence = 'online' | 'away' | 'dnd' | 'offline';

export type UsersState = {
  /** One's own id; empty while signed out. */
  me: string;
  profiles: Readonly<Record<string, UserProfile>>;
  presence: Readonly<Record<string, Presence>>;
  /** When people were last there, in milliseconds, as of when their presence was asked for. */
  lastActive: Readonly<Record<string, number>>;
  /** When one's own "do not disturb" ends, in seconds since 1970; 0 for never. */
  dndEnd: number;
  /** One's automatic replies are on. */
  outOfOffice: boolean;
};

export type UsersAction =
  | { type: 'users/me'; user: UserProfile }
  | { type: 'users/received'; users: readonly UserProfile[] }
  | { type: 'users/presence'; statuses: readonly UserStatus[] };

export const noUsers: UsersState = {
  me: '',
  profiles: {},
  presence: {},
  lastActive: {},
  dndEnd: 0,
  outOfOffice: false,
};

const presences: readonly string[] = ['online', 'away', 'dnd', 'offline'];
/** presenceOf reads a status of the wire; out-of-office counts as away. */
export const presenceOf = (status: string): Presence =>
  presences.includes(status) ? (status as Presence) : status === 'ooo' ? 'away' : 'offline';

/** Profiles that others may see lack some of one's own fields: those that are known stay. */
function newer(known: UserProfile | undefined, came: UserProfile): UserProfile {
  if (!known) return came;
  if (known.update_at > came.update_at) return known;
  const keep = came.notify_props && Object.keys(came.notify_props).length > 0 ? came.notify_props : known.notify_props;
  // The wire leaves out what is empty, which must not keep what was there.
  const { props = {}, last_picture_update = 0 } = came;
  return { ...known, ...came, props, last_picture_update, email: came.email || known.email, notify_props: keep };
}

function received(state: UsersState, users: readonly UserProfile[]): UsersState {
  const profiles = { ...state.profiles };
  let changed = false;
  for (const user of users) {
    const next = newer(profiles[user.id], user);
    if (next === profiles[user.id]) continue;
    profiles[user.id] = next;
    changed = true;
  }
  return changed ? { ...state, profiles } : state;
}

/** users is the reducer of this domain. */
export function users(state: UsersState, action: UsersAction): UsersState {
  switch (action.type) {
    case 'users/me':
      // One's own whole profile: without the second step the wire says nothing of it.
      return {
        ...received(state, [{ ...action.user, mfa_active: action.user.mfa_active === true }]),
        me: action.user.id,
      };
    case 'users/received':
      return received(state, action.users);
    case 'users/presence': {
      const presence = { ...state.presence };
      const lastActive = { ...state.lastActive };
      let { dndEnd, outOfOffice } = state;
      for (const status of action.statuses) {
        presence[status.user_id] = presenceOf(status.status);
        if (status.last_activity_at) lastActive[status.user_id] = status.last_activity_at;
        if (status.user_id !== state.me) continue;
        outOfOffice = status.status === 'ooo';
        if (status.dnd_end_time !== undefined) dndEnd = status.dnd_end_time;
      }
      return { ...state, presence, lastActive, dndEnd, outOfOffice };
    }
  }
}
