/** Conversations that were closed come back when somebody writes there, or when one opens them. */
import { visibility } from '@/features/channels/actions';
import { onFrame } from '@/realtime/live';
import { savePreference } from '@/realtime/save';
import { isConversation } from '@/store/categoryMoves';
import { preference } from '@/store/preferences';
import { getState, store } from '@/store/store';

function comeBack(channelId: string): void {
  const { channels, users, preferences } = getState();
  const channel = channels.channels[channelId];
  if (!channel || !isConversation(channel)) return;
  const { category, name } = visibility(channel, users.me);
  if (preference(preferences, category, name) !== 'false') return;
  // It is shown anyway while it is unread or open: a failure only means that it goes again afterwards.
  savePreference(category, name, 'true').catch(() => undefined);
}

/** watchConversations does so from now on. It returns how to stop. */
export function watchConversations(): () => void {
  const stopFrames = onFrame((frame) => {
    if (frame.event === 'posted') comeBack(frame.broadcast.channel_id);
  });
  const stopStore = store.subscribe((state, before) => {
    if (state.place.channelId && state.place.channelId !== before.place.channelId) comeBack(state.place.channelId);
  });
  return () => {
    stopFrames();
    stopStore();
  };
}
