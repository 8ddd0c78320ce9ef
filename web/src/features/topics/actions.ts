/** Commands about topics. Each but `watchTopics` rejects with an `ApiError`. */
import * as api from '@/api/topics';
import { onMissed } from '@/realtime/live';
import { dispatch, getState, store } from '@/store/store';

// Channels whose topics have been asked for since events were last missed.
let fresh = new Set<string>();

async function load(channelId: string): Promise<void> {
  if (!channelId || fresh.has(channelId)) return;
  fresh.add(channelId);
  try {
    dispatch({ type: 'topics/all', channelId, page: await api.getTopics(channelId, 'all') });
  } catch {
    fresh.delete(channelId);
  }
}

/** watchTopics loads those of the channel that one looks at, from now on. It returns how to stop. */
export function watchTopics(): () => void {
  const look = () => void load(getState().place.channelId);
  look();
  const stops = [
    store.subscribe((state, before) => state.place.channelId !== before.place.channelId && look()),
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

/** nameTopic gives a thread a title, or another one. */
export async function nameTopic(rootId: string, title: string): Promise<void> {
  dispatch({ type: 'topics/heard', topic: await api.nameTopic(rootId, title) });
}

/** removeTopic takes the title away; the event brings the rest. */
export const removeTopic = (rootId: string): Promise<unknown> => api.removeTopic(rootId);

/** resolveTopic marks a topic as dealt with, or opens it again. */
export async function resolveTopic(rootId: string, resolved: boolean): Promise<void> {
  dispatch({ type: 'topics/heard', topic: await api.resolveTopic(rootId, resolved) });
}

/** followTopics has one follow each new topic of a channel, or not. */
export async function followTopics(channelId: string, following: boolean): Promise<void> {
  dispatch({ type: 'topics/following', channelId, following });
  try {
    await api.followTopics(channelId, following);
  } catch (error) {
    dispatch({ type: 'topics/following', channelId, following: !following });
    throw error;
  }
}
