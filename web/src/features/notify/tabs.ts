/** The windows of one browser share one session: who signs out or in does so in all of them. */
import { navigate } from 'wouter/use-browser-location';
import { endLive } from '@/realtime/live';
import { loadConfig } from '@/realtime/load';
import { dispatch, getState, store } from '@/store/store';

type Letter = { kind: 'signed-out' | 'signed-in'; me: string };

const channelName = 'parley.session';

function leave(): void {
  endLive();
  dispatch({ type: 'signed-out' }, { type: 'server/ready' });
  navigate('/login', { replace: true });
  // The public settings are fewer than those of a member.
  void loadConfig().catch(() => undefined);
}

/** watchTabs keeps the windows in agreement from now on. It returns how to stop. */
export function watchTabs(): () => void {
  if (typeof BroadcastChannel === 'undefined') return () => undefined;
  const channel = new BroadcastChannel(channelName);
  let told = false;
  const stop = store.subscribe((state, before) => {
    const [now, was] = [state.users.me, before.users.me];
    if (now === was || told) return;
    channel.postMessage({ kind: now ? 'signed-in' : 'signed-out', me: now || was } satisfies Letter);
  });
  const { me } = getState().users;
  if (me) channel.postMessage({ kind: 'signed-in', me } satisfies Letter);
  channel.addEventListener('message', ({ data }: MessageEvent<Letter>) => {
    const { users, server } = getState();
    const own = users.me;
    if (data.kind === 'signed-out' && own === data.me) {
      told = true;
      leave();
      told = false;
    }
    // A page of before doesn't know the new session: it begins anew. Drafts are kept. One that is starting asks anyway.
    if (data.kind === 'signed-in' && own !== data.me && server.ready) window.location.reload();
  });
  return () => {
    stop();
    channel.close();
  };
}
