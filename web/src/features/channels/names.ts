/** What channels are called, for components. */
import { channelLabel } from '@/store/selectors';
import { useApp } from '@/store/store';

/** useChannelName is what a channel is called; empty for one that is not known. */
export const useChannelName = (channelId: string): string =>
  useApp((state) => {
    const channel = state.channels.channels[channelId];
    return channel ? channelLabel(state, channel) : '';
  });
