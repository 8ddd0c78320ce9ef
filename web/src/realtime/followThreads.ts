/** What has to be asked for when an event tells that something about threads changed. */
import type { Post } from '@mattermost/types/posts';
import { getState } from '@/store/store';
import { decoded } from './events';
import { loadThreadTotals } from './load';
import type { Frame } from './socket';
import { loadRoot, settleThreads } from './threads';

/** Totals are asked for when it has been quiet for a while, but not later than this; in milliseconds. */
const quiet = 800;
const latest = 5000;

type Later = { timer: ReturnType<typeof setTimeout>; since: number };
const totalsLater = new Map<string, Later>();

/** settleTotals has the totals of a team, reckoned from event to event, replaced by the server's own count soon. */
export function settleTotals(teamId: string): void {
  for (const id of teamId ? [teamId] : Object.keys(getState().teams.mine)) {
    const waiting = totalsLater.get(id);
    const since = waiting?.since ?? Date.now();
    if (waiting) clearTimeout(waiting.timer);
    const wait = Math.max(0, Math.min(quiet, since + latest - Date.now()));
    const ask = () => {
      totalsLater.delete(id);
      void loadThreadTotals(id).catch(() => undefined);
    };
    totalsLater.set(id, { timer: setTimeout(ask, wait), since });
  }
}

async function changed(frame: Frame): Promise<void> {
  settleTotals(frame.broadcast.team_id);
  await settleThreads();
}

/** A reply that is gone may have been unread, and may have mentioned one: only the server can tell. */
async function deleted(frame: Frame): Promise<void> {
  const post = decoded<Post>(frame.data, 'post');
  if (!post) return;
  const { threads, posts } = getState();
  if (post.root_id === '' || threads.threads[post.root_id]?.following) {
    settleTotals(threads.threads[post.root_id]?.teamId ?? '');
  }
  if (post.root_id !== '' && posts.byChannel[post.channel_id]?.posts[post.root_id]) await loadRoot(post.root_id);
  await settleThreads();
}

/** threadFollowers are what `follow.ts` does for the events of threads, by their names. */
export const threadFollowers: Record<string, (frame: Frame) => Promise<unknown> | undefined> = {
  thread_updated: changed,
  thread_read_changed: changed,
  thread_follow_changed: changed,
  post_deleted: deleted,
};
