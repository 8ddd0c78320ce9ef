/** The server as the client knows it: its public settings, the roles that count here, and the connection. */
import type { Role } from '@mattermost/types/roles';

export type ServerState = {
  /** Public settings, flat, every value a string. */
  config: Readonly<Record<string, string | undefined>>;
  /** Permissions by role name, as far as loaded. */
  roles: Readonly<Record<string, readonly string[]>>;
  /** `online`: the websocket is open. `connecting`: for the first time or again. `offline`: tried and failed. */
  connection: 'connecting' | 'online' | 'offline';
  /** Everything needed for the first screen has been loaded. */
  ready: boolean;
};

export type ServerAction =
  | { type: 'server/config'; config: ServerState['config'] }
  | { type: 'server/roles'; roles: readonly Role[] }
  | { type: 'server/connection'; connection: ServerState['connection'] }
  | { type: 'server/ready' };

export const noServer: ServerState = { config: {}, roles: {}, connection: 'connecting', ready: false };

/** server is the reducer of this domain. */
export function server(state: ServerState, action: ServerAction): ServerState {
  switch (action.type) {
    case 'server/config':
      return { ...state, config: action.config };
    case 'server/roles': {
      const roles = { ...state.roles };
      for (const role of action.roles) roles[role.name] = role.permissions;
      return { ...state, roles };
    }
    case 'server/connection':
      return state.connection === action.connection ? state : { ...state, connection: action.connection };
    case 'server/ready':
      return { ...state, ready: true };
  }
}
