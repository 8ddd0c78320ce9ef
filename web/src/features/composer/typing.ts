/** Tells others that one is writing, as seldom as the server wishes. */
import { tell } from '@/realtime/live';
import { preference } from '@/store/preferences';
import { isOn, setting } from '@/store/selectors';
import { getState } from '@/store/store';
import { typingKey } from '@/store/typing';

const told = new Map<string, number>();

/** tellTyping is called with every key; few of them are told. */
export function tellTyping(channelId: string, rootId: string): void {
  const state = getState();
  if (!isOn(state, 'EnableUserTypingMessages')) return;
  if (preference(state.preferences, 'performance_debugging', 'disable_typing_messages') === 'true') return;
  const crowd = Number(setting(state, 'MaxNotificationsPerChannel')) || 1000;
  if ((state.channels.stats[channelId]?.member_count ?? 0) > crowd) return;
  const every = Math.max(1000, Number(setting(state, 'TimeBetweenUserTypingUpdatesMilliseconds')) || 5000);
  const key = typingKey(channelId, rootId);
  const now = Date.now();
  if (now - (told.get(key) ?? 0) < every) return;
  told.set(key, now);
  tell('user_typing', { channel_id: channelId, parent_id: rootId });
}

/** doneTyping lets the next key be told at once: the message has gone. */
export function doneTyping(channelId: string, rootId: string): void {
  told.delete(typingKey(channelId, rootId));
}
