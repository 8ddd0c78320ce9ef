/** How many there are of each kind, for the overview. */
import { getBots } from '@/api/bots';
import { getDeliveries, getSubscriptions } from '@/api/deliveries';
import { getCommands, getIncoming, getOutgoing } from '@/api/integrations';
import { getApps, getConnections } from '@/api/oauth';
import type { IntegrationKind } from '@/store/integrations';

const failedMost = 100;

const asks: Record<IntegrationKind, (teamId: string) => Promise<readonly unknown[]>> = {
  incoming: getIncoming,
  outgoing: getOutgoing,
  commands: getCommands,
  bots: getBots,
  apps: getApps,
  connections: getConnections,
  subscriptions: getSubscriptions,
  deliveries: async (teamId) =>
    (await getDeliveries({ team_id: teamId, outcome: 'failed', page: 0, per_page: failedMost })).deliveries,
};

/** countOf counts what one may see of a kind; of deliveries, those that failed, up to a hundred. */
export const countOf = async (kind: IntegrationKind, teamId: string): Promise<number> =>
  (await asks[kind](teamId)).length;
