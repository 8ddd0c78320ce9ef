/** Who has read up to where: loaded for the channel that one looks at, and switched by those who run it. */
import * as api from '@/api/receipts';
import { dispatch } from '@/store/store';
import { watchChannel } from './watchChannel';

const watch = watchChannel({
  load: async (channelId) => dispatch({ type: 'receipts/all', channelId, receipts: await api.getReceipts(channelId) }),
  asks: (state, channelId) => state.channels.mine[channelId] !== undefined,
  changed: 'parley_receipts_switched',
});

/** watchReceipts follows the open channel from now on. It returns how to stop. */
export const watchReceipts = watch.start;

/** switchReceipts has a channel show who has read what, or not. It fails with an `ApiError`. */
export async function switchReceipts(channelId: string, enabled: boolean): Promise<void> {
  await api.switchReceipts(channelId, enabled);
  await watch.again(channelId);
}
