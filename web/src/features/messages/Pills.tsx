import { ArrowDown, ArrowUp, X } from 'lucide-react';
import { useEffect, useState } from 'react';
import { useStore } from 'zustand';
import { Text, useText } from '@/i18n/text';
import { loadUnread } from '@/realtime/load';
import { channelPosts } from '@/store/posts';
import { getState, useApp } from '@/store/store';
import { cx } from '@/ui/cx';
import { attempt } from './actions';
import { loadEnd } from './loading';
import styles from './MessageList.module.css';
import type { Row } from './rows';
import type { Scroller } from './Scroller';
import type { ShownRun } from './useRun';

export interface NewestPillProps {
  channelId: string;
  scroller: Scroller;
  run: ShownRun;
}

/** goToNewest shows the newest message, wherever the reader is. */
export async function goToNewest(channelId: string, scroller: Scroller, run: ShownRun): Promise<void> {
  if (!run.live) {
    const { blocks } = channelPosts(getState().posts, channelId);
    try {
      if (!blocks.some((block) => block.end)) await loadEnd(channelId);
    } catch (error) {
      // One's own message that waits to be sent stands at the end of what is there.
      scroller.toEnd();
      throw error;
    }
    scroller.release();
  }
  run.stand(undefined);
  scroller.toEnd();
}

/** NewestPill leads to the newest message when it is out of sight, and says how many came meanwhile. */
export function NewestPill({ channelId, scroller, run }: NewestPillProps) {
  const t = useText();
  const atEnd = useStore(scroller.state, (state) => state.atEnd);
  const me = useApp((state) => state.users.me);
  const bucket = useApp((state) => channelPosts(state.posts, channelId));
  const last = run.live ? run.block?.ids.at(-1) : bucket.heard.at(-1);
  const lastAt = last ? (bucket.posts[last]?.create_at ?? 0) : 0;
  // What had been written when the end was last in sight has been seen.
  const [seen, setSeen] = useState(lastAt);
  useEffect(() => {
    if (atEnd) setSeen(lastAt);
  }, [atEnd, lastAt]);
  if (atEnd) return null;
  const ids = run.live ? (run.block?.ids ?? []) : bucket.heard;
  let count = 0;
  for (let i = ids.length - 1; i >= 0; i--) {
    const post = bucket.posts[ids[i] ?? ''];
    if (!post || post.create_at <= seen) break;
    if (post.user_id !== me && post.delete_at === 0) count++;
  }
  return (
    <button
      type="button"
      className={cx(styles.pill, styles.newest)}
      data-new={count > 0 || undefined}
      onClick={() => void attempt(goToNewest(channelId, scroller, run))}
    >
      <ArrowDown size={16} aria-hidden="true" />
      {count > 0 ? t('messages.newCount', { count }) : t('messages.newest')}
    </button>
  );
}

export interface UnreadPillProps {
  channelId: string;
  scroller: Scroller;
  rows: readonly Row[];
  stand: ShownRun['stand'];
}

const never = Number.MAX_SAFE_INTEGER;

/** UnreadPill leads up to where one left off, when that is out of sight. */
export function UnreadPill({ channelId, scroller, rows, stand }: UnreadPillProps) {
  const t = useText();
  const newSince = useApp((state) => state.place.newSince);
  const first = useStore(scroller.state, (state) => state.first);
  const [done, setDone] = useState(0);
  const line = newSince === never ? -1 : rows.findIndex((row) => row.kind === 'new');
  const above = useUnreadAbove(channelId, newSince, line, rows);
  const seen = line >= 0 && line >= first;
  // Who has seen the line has no more use for the way to it.
  useEffect(() => {
    if (seen) setDone(newSince);
  }, [seen, newSince]);
  if (newSince === never || done === newSince || (line < 0 && !above) || seen) return null;
  const go = async () => {
    if (line >= 0) {
      scroller.goTo(line, 'start', -24);
      return;
    }
    await loadUnread(channelId);
    const bucket = channelPosts(getState().posts, channelId);
    const unread = bucket.blocks.find((block) => (bucket.posts[block.ids.at(-1) ?? '']?.create_at ?? 0) > newSince);
    const id = unread?.ids.find((one) => (bucket.posts[one]?.create_at ?? 0) > newSince);
    scroller.release();
    stand(id);
  };
  return (
    <div className={cx(styles.pill, styles.unread)}>
      <button type="button" className={styles.pillMain} onClick={() => void attempt(go())}>
        <ArrowUp size={16} aria-hidden="true" />
        <Text id="messages.unreadAbove" />
      </button>
      <button type="button" className={styles.pillClose} aria-label={t('ui.dismiss')} onClick={() => setDone(newSince)}>
        <X size={14} aria-hidden="true" />
      </button>
    </div>
  );
}

/** Unread messages begin before what is loaded. */
function useUnreadAbove(channelId: string, newSince: number, line: number, rows: readonly Row[]): boolean {
  const firstRow = rows.find((row) => row.kind === 'post' || row.kind === 'crowd');
  const at = firstRow && 'at' in firstRow ? firstRow.at : 0;
  const member = useApp((state) => state.channels.mine[channelId] !== undefined);
  return member && line < 0 && rows[0]?.kind === 'older' && at > newSince;
}
