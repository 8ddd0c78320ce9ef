/** Keeps the numbers of the open channel up to date: members, pinned posts and files. */

import { onFrame } from '@/realtime/live';
import { loadStats } from '@/realtime/load';
import type { Frame } from '@/realtime/socket';
import { getState, store } from '@/store/store';
import { afterPaint } from '@/ui/quiet';

/** Many may come or go at once: the numbers are asked for when it is quiet, in milliseconds. */
const quiet = 400;
const telling = new Set(['user_added', 'user_removed', 'post_edited', 'post_deleted', 'channel_member_updated']);

/** A message that brings files. */
const withFiles = ({ event, data }: Frame): boolean => event === 'posted' && data.otherFile !== undefined;

let later: ReturnType<typeof setTimeout> | undefined;

const channelOf = (frame: Frame): string => frame.broadcast.channel_id || String(frame.data.channel_id ?? '');

function refresh(channelId: string): void {
  clearTimeout(later);
  later = setTimeout(() => void loadStats(channelId), quiet);
}

/** watchStats does so from now on. It returns how to stop. */
export function watchStats(): () => void {
  const { channelId } = getState().place;
  if (channelId) void loadStats(channelId);
  const stopFrames = onFrame((frame) => {
    const open = getState().place.channelId;
    if (open && (telling.has(frame.event) || withFiles(frame)) && channelOf(frame) === open) refresh(open);
  });
  const stopStore = store.subscribe((state, before) => {
    const open = state.place.channelId;
    if (open && open !== before.place.channelId) afterPaint(() => void loadStats(open));
  });
  return () => {
    stopFrames();
    stopStore();
    clearTimeout(later);
  };
}
