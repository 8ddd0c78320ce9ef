import { expect, test } from 'vitest';
import { integrationKinds, managesIntegrations, managesKind } from './integrations';
import { getState, type State } from './store';

/** one's state with a role that holds some permissions, in one team, and with some settings of the server. */
function holding(permissions: string[], config: Record<string, string> = {}): State {
  const state = getState();
  return {
    ...state,
    server: { ...state.server, config, roles: { team_integrator: permissions } },
    teams: { ...state.teams, mine: { garden: { roles: 'team_user team_integrator' } as never } },
  };
}

const kinds = (state: State, teamId: string) => integrationKinds.filter((kind) => managesKind(state, kind, teamId));

test('one manages the kinds that a role in the team is enough for, and none elsewhere', () => {
  const state = holding(['manage_own_slash_commands']);
  expect(kinds(state, 'garden')).toEqual(['commands', 'deliveries']);
  expect(managesIntegrations(state, 'garden')).toBe(true);
  expect(managesIntegrations(state, 'kitchen')).toBe(false);
  expect(managesIntegrations(holding(['create_post']), 'garden')).toBe(false);
});

test('a kind that the server has off is left out, and one that it says nothing of is asked for', () => {
  const permissions = ['manage_own_incoming_webhooks', 'manage_own_slash_commands', 'manage_oauth'];
  const state = holding(permissions, { EnableIncomingWebhooks: 'false', EnableCommands: 'true' });
  expect(kinds(state, 'garden')).toEqual(['commands', 'apps', 'deliveries']);
});
