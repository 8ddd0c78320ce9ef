/** Whether the channel that one looks at can be read by anybody on the web, and switching that. */
import * as api from '@/api/webPublic';
import { onFrame, onMissed } from '@/realtime/live';
import { dispatch, getState, store } from '@/store/store';

// Channels that have been asked about since events were last missed.
let fresh = new Set<string>();

async function load(channelId: string): Promise<void> {
  if (!channelId || fresh.has(channelId) || getState().channels.channels[channelId]?.type !== 'O') return;
  fresh.add(channelId);
  try {
    dispatch({ type: 'webPublic/known', channelId, state: await api.getWebPublic(channelId) });
  } catch {
    fresh.delete(channelId);
  }
}

/** watchWebPublic follows the open channel from now on. It returns how to stop. */
export function watchWebPublic(): () => void {
  const look = () => void load(getState().place.channelId);
  look();
  const stops = [
    store.subscribe((state, before) => {
      const id = state.place.channelId;
      if (id !== before.place.channelId || state.channels.channels[id] !== before.channels.channels[id]) look();
    }),
    onFrame((frame) => {
      if (frame.event !== 'parley_web_public_changed') return;
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

/** switchWebPublic puts a channel on the web, or takes it off. It fails with an `ApiError`. */
export async function switchWebPublic(channelId: string, enabled: boolean, history: boolean): Promise<void> {
  dispatch({ type: 'webPublic/known', channelId, state: await api.putWebPublic(channelId, { enabled, history }) });
}
