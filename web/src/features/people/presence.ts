/** Who is there: asks again for the people who are on the screen, and tells the server that one is there oneself. */
import { useEffect } from 'react';
import { tell } from '@/realtime/live';
import { needPresence } from '@/realtime/load';
import { isOn, partnerId } from '@/store/selectors';
import { getState, type State, store, useApp } from '@/store/store';
import type { Presence } from '@/store/users';

/** How old what is shown may get, in milliseconds. */
const every = 60_000;
/** How long one may do nothing and still be there. The server waits as long by default. */
const idleAfter = 5 * 60_000;
/** At most one sign of life in this time. */
const signEvery = 60_000;
/** Where the tabs of one browser note when somebody last did something in any of them. */
const activeKey = 'parley.active';

const shown = new Map<string, number>();
let asked = 0;

const on = (state: State): boolean => isOn(state, 'EnableUserStatuses');

/** useSeen keeps the presence of somebody up to date as long as the component stands on the screen. */
export function useSeen(userId: string | undefined): void {
  useEffect(() => {
    if (!userId) return;
    shown.set(userId, (shown.get(userId) ?? 0) + 1);
    const state = getState();
    if (on(state) && !state.users.presence[userId]) void needPresence([userId]);
    return () => {
      const left = (shown.get(userId) ?? 1) - 1;
      if (left > 0) shown.set(userId, left);
      else shown.delete(userId);
    };
  }, [userId]);
}

/** usePresence is the presence of somebody, kept up to date; undefined for bots and where the server tells none. */
export function usePresence(userId: string, wanted = true): Presence | undefined {
  const tells = useApp((state) => wanted && on(state) && !state.users.profiles[userId]?.is_bot);
  const deleted = useApp((state) => (state.users.profiles[userId]?.delete_at ?? 0) > 0);
  useSeen(tells && !deleted ? userId : undefined);
  return useApp((state) => (tells && !deleted ? (state.users.presence[userId] ?? 'offline') : undefined));
}

/** partners are the people of the direct channels that one had news of last: the sidebar shows them. */
function partners(state: State): string[] {
  return Object.keys(state.channels.mine)
    .map((id) => state.channels.channels[id])
    .filter((channel) => channel?.type === 'D')
    .sort((a, b) => (b?.last_post_at ?? 0) - (a?.last_post_at ?? 0))
    .slice(0, 40)
    .map((channel) => (channel ? partnerId(channel, state.users.me) : ''))
    .filter(Boolean);
}

function ask(): void {
  const state = getState();
  if (!state.users.me || !on(state) || document.visibilityState === 'hidden') return;
  if (state.server.connection === 'offline') return;
  asked = Date.now();
  void needPresence(new Set([state.users.me, ...partners(state), ...shown.keys()]));
}

/** The time of the last deed in any tab of this browser. */
function lastActive(own: number): number {
  try {
    return Math.max(own, Number(localStorage.getItem(activeKey)) || 0);
  } catch {
    return own;
  }
}

function watchActivity(): () => void {
  let last = Date.now();
  let signed = 0;
  let away = false;
  const sign = () => {
    const now = Date.now();
    last = now;
    if (!away && now - signed < signEvery) return;
    away = false;
    signed = now;
    tell('user_update_active_status', { user_is_active: true, manual: false });
    try {
      localStorage.setItem(activeKey, String(now));
    } catch {
      // Without storage each tab speaks for itself.
    }
  };
  const check = () => {
    if (away || Date.now() - lastActive(last) < idleAfter) return;
    away = true;
    tell('user_update_active_status', { user_is_active: false, manual: false });
  };
  const signs = ['pointerdown', 'pointermove', 'keydown', 'wheel', 'touchmove', 'focus'] as const;
  for (const name of signs) window.addEventListener(name, sign, { passive: true, capture: true });
  const timer = setInterval(check, 15_000);
  return () => {
    clearInterval(timer);
    for (const name of signs) window.removeEventListener(name, sign, { capture: true });
  };
}

/** watchPresence does both from now on. It returns how to stop. */
export function watchPresence(): () => void {
  const timer = setInterval(ask, every);
  const seen = () => {
    if (document.visibilityState === 'visible' && Date.now() - asked >= every) ask();
  };
  // What is known is as old as the connection was away.
  const stop = store.subscribe((state, before) => {
    if (state.server.connection === 'online' && before.server.connection === 'offline') ask();
  });
  document.addEventListener('visibilitychange', seen);
  const stopActivity = watchActivity();
  return () => {
    stop();
    stopActivity();
    clearInterval(timer);
    document.removeEventListener('visibilitychange', seen);
  };
}
