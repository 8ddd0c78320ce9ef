/** What comes while a list is shown: one's own message brings the reader to it, those of others are told aloud. */
import { useEffect, useRef } from 'react';
import { plainText } from '@/markdown/plain';
import { channelPosts, postOf } from '@/store/posts';
import { getState, useApp } from '@/store/store';
import { attempt } from './actions';
import { announce } from './announce';
import { authorOf } from './author';
import { goToNewest } from './Pills';
import type { Row } from './rows';
import type { Scroller } from './Scroller';
import { isNotice } from './system';
import type { ShownRun } from './useRun';

/** Messages that are older than this when they come were loaded, not written just now. */
const recent = 60_000;

function tell(channelId: string, id: string): void {
  const state = getState();
  const post = postOf(state.posts, channelId, id);
  if (!post || post.user_id === state.users.me || post.delete_at > 0 || isNotice(post)) return;
  if (Date.now() - post.create_at > recent) return;
  announce(authorOf(state, post).name, plainText(post.message, { max: 160 }));
}

/** The newest message that is known, beyond what is shown, is one's own. */
function ownNewest(channelId: string): boolean {
  const state = getState();
  const { heard, blocks } = channelPosts(state.posts, channelId);
  const newest = heard.at(-1) ?? blocks.find((block) => block.end)?.ids.at(-1);
  return newest !== undefined && postOf(state.posts, channelId, newest)?.user_id === state.users.me;
}

/** useArrivals watches the end of what is shown. */
export function useArrivals(channelId: string, scroller: Scroller, rows: readonly Row[], run: ShownRun): void {
  const pending = useApp((state) => channelPosts(state.posts, channelId).pending);
  const latest = useRef(run);
  latest.current = run;
  const before = useRef(pending);
  useEffect(() => {
    const sent = pending.find((id) => !before.current.includes(id));
    const settled = before.current.some((id) => !pending.includes(id));
    before.current = pending;
    // What was sent from the middle of the past, after the connection was back, is shown where it stands.
    if (settled && !latest.current.live && ownNewest(channelId)) {
      void attempt(goToNewest(channelId, scroller, latest.current));
      return;
    }
    const post = sent ? postOf(getState().posts, channelId, sent) : undefined;
    const here = post && (post.root_id === '' || !getState().posts.collapsed);
    if (here) void attempt(goToNewest(channelId, scroller, latest.current));
  }, [pending, channelId, scroller]);

  const ids = run.live ? run.block?.ids : undefined;
  const last = useRef(ids?.at(-1));
  useEffect(() => {
    const known = last.current;
    last.current = ids?.at(-1);
    if (!ids || known === undefined || known === ids.at(-1)) return;
    const from = ids.lastIndexOf(known);
    if (from < 0) return;
    for (const id of ids.slice(from + 1)) tell(channelId, id);
  }, [ids, channelId, rows]);
}
