/** Who has read up to where: loaded for the channel that one looks at, and switched by those who run it. */
import * as api from '@/api/receipts';
import { onFrame, onMissed } from '@/realtime/live';
import { dispatch, getState, store } from '@/store/store';

// Channels that have been asked about since events were last missed.
let fresh = new Set<string>();

async function load(channelId: string): Promise<void> {
  if (!channelId || fresh.has(channelId) || !getState().channels.mine[channelId]) return;
  fresh.add(channelId);
  try {
    dispatch({ type: 'receipts/all', channelId, receipts: await api.getReceipts(channelId) });
  } catch {
    fresh.delete(channelId);
  }
}

/** watchReceipts follows the open channel from now on. It returns how to stop. */
export function watchReceipts(): () => void {
  const look = () => void load(getState().place.channelId);
  look();
  const stops = [
    store.subscribe((state, before) => state.place.channelId !== before.place.channelId && look()),
    onFrame((frame) => {
      if (frame.event !== 'parley_receipts_switched') return;
      fresh.delete(String(frame.data.channel_id));
      look();
    }),
    onMissed(() => {
      fresh = new Set();
      look();
    }),
  ];
  return () => {
    fresh = new Set();
    for (const stop of stops) stop();
  };
}

/** switchReceipts has a channel show who has read what, or not. It fails with an `ApiError`. */
export async function switchReceipts(channelId: string, enabled: boolean): Promise<void> {
  await api.switchReceipts(channelId, enabled);
  fresh.delete(channelId);
  await load(channelId);
}
