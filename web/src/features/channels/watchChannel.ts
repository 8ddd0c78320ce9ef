/** What is asked about the channel that one looks at, once, and again when it may have changed. */
import { onFrame, onMissed } from '@/realtime/live';
import { getState, type State, store } from '@/store/store';

export interface Watched {
  /** Loads it; a failure has it asked for again the next time that the channel is looked at. */
  load: (channelId: string) => Promise<void>;
  /** Whether there is anything to ask about a channel. */
  asks: (state: State, channelId: string) => boolean;
  /** The event that tells that it has changed, with a `channel_id`. */
  changed: string;
}

/** ChannelWatch follows the open channel. */
export interface ChannelWatch {
  /** Begins; it returns how to stop. */
  start: () => () => void;
  /** Asks again about a channel. */
  again: (channelId: string) => Promise<void>;
}

/** watchChannel makes one. */
export function watchChannel({ load, asks, changed }: Watched): ChannelWatch {
  // Channels that have been asked about since events were last missed.
  let fresh = new Set<string>();
  const ask = async (channelId: string) => {
    if (!channelId || fresh.has(channelId) || !asks(getState(), channelId)) return;
    fresh.add(channelId);
    await load(channelId).catch(() => fresh.delete(channelId));
  };
  const again = (channelId: string) => {
    fresh.delete(channelId);
    return ask(channelId);
  };
  const look = () => void ask(getState().place.channelId);
  const start = () => {
    look();
    const stops = [
      store.subscribe((state, before) => {
        const id = state.place.channelId;
        if (id !== before.place.channelId || state.channels.channels[id] !== before.channels.channels[id]) look();
      }),
      onFrame((frame) => {
        if (frame.event !== changed) return;
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
  };
  return { start, again };
}
