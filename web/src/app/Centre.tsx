/** The centre: a channel, the threads of a team, or drafts. */
import { ChannelHeader } from '@/features/channels/ChannelHeader';
import { Composer } from '@/features/composer/Composer';
import { focusComposer } from '@/features/composer/focus';
import '@/features/composer/EditBox';
import { ChannelView } from '@/features/messages/ChannelView';
import { provideBoxFocus } from '@/features/messages/slots';
import { useApp } from '@/store/store';

provideBoxFocus(focusComposer);

export function Centre() {
  const view = useApp((state) => state.place.view);
  const channelId = useApp((state) => state.place.channelId);
  if (view !== 'channel') return null;
  return (
    <ChannelView
      channelId={channelId}
      header={<ChannelHeader channelId={channelId} />}
      composer={<Composer channelId={channelId} />}
    />
  );
}
