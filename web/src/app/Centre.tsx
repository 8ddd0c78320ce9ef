/** The centre: a channel, the threads of a team, or drafts. */
import { ChannelHeader } from '@/features/channels/ChannelHeader';
import { useApp } from '@/store/store';

export function Centre() {
  const view = useApp((state) => state.place.view);
  const channelId = useApp((state) => state.place.channelId);
  if (view !== 'channel') return null;
  return <ChannelHeader channelId={channelId} />;
}
