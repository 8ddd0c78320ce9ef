/** Going from place to place in the order of the sidebar. */
import { navigate } from 'wouter/use-browser-location';
import { channelPath, draftsPath, threadsPath } from '@/store/paths';
import { isCollapsed, unreadOf } from '@/store/selectors';
import { getState, type State } from '@/store/store';
import type { Section } from './layout';
import { getSidebar } from './view';

/** Stop is one place on the way: the threads, the drafts, or a channel by its id. */
export type Stop = { kind: 'threads' } | { kind: 'drafts' } | { kind: 'channel'; channelId: string };

/** stopsOf lists the places of a sidebar from top to bottom. */
export function stopsOf(state: State, sections: readonly Section[]): Stop[] {
  const stops: Stop[] = [];
  if (isCollapsed(state)) stops.push({ kind: 'threads' });
  if (Object.keys(state.drafts).length > 0) stops.push({ kind: 'drafts' });
  for (const section of sections) for (const channelId of section.ids) stops.push({ kind: 'channel', channelId });
  return stops;
}

function isHere(state: State, stop: Stop): boolean {
  const { view, channelId } = state.place;
  if (stop.kind === 'channel') return view === 'channel' && channelId === stop.channelId;
  return view === stop.kind;
}

function waits(state: State, stop: Stop): boolean {
  if (stop.kind === 'channel') return unreadOf(state, stop.channelId).unread;
  return stop.kind === 'threads' && (state.threads.totals[state.place.teamId]?.unread ?? 0) > 0;
}

/** nextStop is the place after the current one, or before it; round and round. With `unread` only what is unread counts. */
export function nextStop(state: State, stops: readonly Stop[], by: 1 | -1, unread: boolean): Stop | undefined {
  const here = stops.findIndex((stop) => isHere(state, stop));
  const start = here < 0 && by < 0 ? 0 : here;
  for (let i = 1; i <= stops.length; i++) {
    const stop = stops[(((start + by * i) % stops.length) + stops.length) % stops.length];
    if (stop && !isHere(state, stop) && (!unread || waits(state, stop))) return stop;
  }
  return undefined;
}

/** step goes to the next place by the order of the sidebar. */
export function step(by: 1 | -1, unread: boolean): void {
  const state = getState();
  const stop = nextStop(state, stopsOf(state, getSidebar().sections ?? []), by, unread);
  if (!stop) return;
  const { teamId } = state.place;
  if (stop.kind === 'threads') navigate(threadsPath(state, teamId));
  else if (stop.kind === 'drafts') navigate(draftsPath(state, teamId));
  else {
    const channel = state.channels.channels[stop.channelId];
    if (channel) navigate(channelPath(state, channel, teamId));
  }
}
