/** The rows of a thread: its root, how many replies there are, days, the line of new replies, the replies. */
import { buildRows, type Row, type RowOptions, type Run } from '@/features/messages/rows';

/** Replies of others later than `newSince` are new; the root never is. */
export interface ThreadRun extends Run {
  rootId: string;
}

/**
 * threadRows makes the rows of what is known of a thread. Where the thread begins, its root stands first and `intro`
 * below it says how many replies there are.
 */
export function threadRows(run: ThreadRun, options: Omit<RowOptions, 'collapsed'>): Row[] {
  const { rootId, posts, start } = run;
  const root = posts[rootId];
  const ids = start ? [rootId, ...run.ids] : run.ids;
  const newSince = Math.max(run.newSince, root?.create_at ?? 0);
  const rows = buildRows({ ...run, ids, newSince }, { ...options, collapsed: false });
  if (!start) return rows;
  const at = rows.findIndex((row) => row.kind === 'post' && row.id === rootId);
  if (at < 0) return rows;
  const intro = rows.shift();
  if (intro) rows.splice(at, 0, intro);
  // What follows the count begins anew, also when it is by the author of the root.
  const first = rows.findIndex((row, index) => index > at && row.kind === 'post');
  const reply = rows[first];
  if (reply?.kind === 'post') rows[first] = { ...reply, head: true };
  return rows;
}
