/** Why one can't write somewhere, so that a sentence stands in the place of the box. */
import { can, partnerId } from '@/store/selectors';
import type { State } from '@/store/store';

export type Closed = 'archived' | 'deactivated' | 'outside' | 'forbidden';

/** closedBy returns the reason, or undefined where one may write. The server has the last word. */
export function closedBy(state: State, channelId: string): Closed | undefined {
  const channel = state.channels.channels[channelId];
  if (!channel) return undefined;
  if (channel.delete_at > 0) return 'archived';
  if (channel.type === 'D') {
    const partner = state.users.profiles[partnerId(channel, state.users.me)];
    if (partner && partner.delete_at > 0) return 'deactivated';
  }
  if (!state.channels.mine[channelId]) return 'outside';
  // Rights are unknown until the roles have been loaded.
  const known = Object.keys(state.server.roles).length > 0;
  return known && !can(state, 'create_post', { channelId }) ? 'forbidden' : undefined;
}
