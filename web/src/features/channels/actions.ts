/** Commands about channels: make, join, leave, change. Each fails with an `ApiError` that a form or toast can show. */
import * as channelsApi from '@/api/channels';
import * as load from '@/realtime/load';
import type { Channel } from '@/store/channels';
import { getState } from '@/store/store';

/** direct finds or makes the direct channel with somebody. */
export async function direct(userId: string): Promise<Channel | undefined> {
  const { me } = getState().users;
  const name = [me, userId].sort().join('__');
  const known = Object.values(getState().channels.channels).find((channel) => channel.name === name);
  if (known && getState().channels.mine[known.id]) return known;
  const made = await channelsApi.createDirect(me, userId);
  await load.loadChannel(made.id);
  return getState().channels.channels[made.id];
}
