/** Which integrations one may manage in a team: what the menus and the pages offer. The server has the last word. */
import { can, isOn } from './selectors';
import type { State } from './store';

export type IntegrationKind =
  | 'incoming'
  | 'outgoing'
  | 'commands'
  | 'bots'
  | 'apps'
  | 'connections'
  | 'subscriptions'
  | 'deliveries';

/** Each kind's permissions, of which one is enough, and the switch of the server that it stands under. */
const rules: Record<IntegrationKind, { needs: readonly string[]; on?: string }> = {
  incoming: {
    needs: ['manage_own_incoming_webhooks', 'manage_others_incoming_webhooks'],
    on: 'EnableIncomingWebhooks',
  },
  outgoing: {
    needs: ['manage_own_outgoing_webhooks', 'manage_others_outgoing_webhooks'],
    on: 'EnableOutgoingWebhooks',
  },
  commands: { needs: ['manage_own_slash_commands', 'manage_others_slash_commands'], on: 'EnableCommands' },
  bots: { needs: ['read_bots', 'read_others_bots', 'create_bot'] },
  apps: { needs: ['manage_oauth'], on: 'EnableOAuthServiceProvider' },
  connections: { needs: ['manage_outgoing_oauth_connections'], on: 'EnableOutgoingOAuthConnections' },
  subscriptions: {
    needs: ['manage_own_outgoing_webhooks', 'manage_others_outgoing_webhooks'],
    on: 'EnableOutgoingWebhooks',
  },
  deliveries: {
    needs: ['manage_own_outgoing_webhooks', 'manage_own_slash_commands', 'manage_others_outgoing_webhooks'],
  },
};

export const integrationKinds = Object.keys(rules) as IntegrationKind[];

/** managesKind tells whether one may manage integrations of a kind in a team. */
export function managesKind(state: State, kind: IntegrationKind, teamId: string): boolean {
  const { needs, on } = rules[kind];
  // A server that doesn't say how a switch stands is asked.
  const off = on !== undefined && state.server.config[on] !== undefined && !isOn(state, on);
  return !off && needs.some((permission) => can(state, permission, { teamId }));
}

/** managesIntegrations tells whether one may manage any. */
export const managesIntegrations = (state: State, teamId: string): boolean =>
  integrationKinds.some((kind) => managesKind(state, kind, teamId));
