/** Whether the channel that one looks at can be read by anybody on the web, and switching that. */
import * as api from '@/api/webPublic';
import { dispatch } from '@/store/store';
import { watchChannel } from './watchChannel';

const watch = watchChannel({
  load: async (channelId) => dispatch({ type: 'webPublic/known', channelId, state: await api.getWebPublic(channelId) }),
  asks: (state, channelId) => state.channels.channels[channelId]?.type === 'O',
  changed: 'parley_web_public_changed',
});

/** watchWebPublic follows the open channel from now on. It returns how to stop. */
export const watchWebPublic = watch.start;

/** switchWebPublic puts a channel on the web, or takes it off. It fails with an `ApiError`. */
export async function switchWebPublic(channelId: string, enabled: boolean, history: boolean): Promise<void> {
  dispatch({ type: 'webPublic/known', channelId, state: await api.putWebPublic(channelId, { enabled, history }) });
}
