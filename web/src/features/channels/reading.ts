/** Marks the open channel read while somebody looks at it. */
import * as channelsApi from '@/api/channels';
import { unreadOf } from '@/store/selectors';
import { dispatch, getState, store } from '@/store/store';

/** At most one call to the server in this time, in milliseconds, however fast messages come. */
const every = 1000;

let last = 0;
let later: ReturnType<typeof setTimeout> | undefined;

const looking = (): boolean => document.visibilityState === 'visible' && document.hasFocus();

/** markRead marks a channel read, here at once and on the server, unless it was marked unread by hand. */
export async function markRead(channelId: string, byHand = false): Promise<void> {
  const state = getState();
  if (!state.channels.mine[channelId] || (state.channels.manual[channelId] && !byHand)) return;
  const { messages, mentions } = unreadOf(state, channelId);
  if (messages === 0 && mentions === 0) return;
  last = Date.now();
  dispatch({ type: 'channels/viewed', times: { [channelId]: 0 } });
  try {
    const { last_viewed_at_times: times } = await channelsApi.viewChannel(channelId);
    dispatch({ type: 'channels/viewed', times });
  } catch {
    // It stays unread on the server; the next look marks it again.
  }
}

function check(): void {
  const { place, server } = getState();
  if (place.view !== 'channel' || !looking() || server.connection === 'offline') return;
  const wait = last + every - Date.now();
  if (wait <= 0) void markRead(place.channelId);
  else {
    clearTimeout(later);
    later = setTimeout(check, wait);
  }
}

function blurred(): void {
  const { place, posts } = getState();
  if (place.view !== 'channel') return;
  const bucket = posts.byChannel[place.channelId];
  const newest = bucket?.blocks.find((block) => block.end)?.ids.at(-1);
  const at = newest ? bucket?.posts[newest]?.create_at : undefined;
  // What comes while one is away will stand below the line of new messages.
  if (at !== undefined && place.newSince > at) dispatch({ type: 'place/new-since', newSince: at });
}

/** watchReading keeps the open channel read from now on. It returns how to stop. */
export function watchReading(): () => void {
  const stop = store.subscribe((state, before) => {
    if (state.channels.counts !== before.channels.counts || state.channels.mine !== before.channels.mine) check();
  });
  window.addEventListener('focus', check);
  window.addEventListener('blur', blurred);
  document.addEventListener('visibilitychange', check);
  return () => {
    stop();
    clearTimeout(later);
    window.removeEventListener('focus', check);
    window.removeEventListener('blur', blurred);
    document.removeEventListener('visibilitychange', check);
  };
}
