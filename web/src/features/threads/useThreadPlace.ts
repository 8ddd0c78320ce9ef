/** Where the list of a thread begins, where it jumps to, and what it does when something comes. */
import { useEffect, useLayoutEffect, useRef, useState } from 'react';
import { attempt } from '@/features/messages/actions';
import { announce } from '@/features/messages/announce';
import { authorOf } from '@/features/messages/author';
import { indexOfPost, type Row } from '@/features/messages/rows';
import type { Scroller } from '@/features/messages/Scroller';
import { plainText } from '@/markdown/plain';
import { channelPosts, postOf } from '@/store/posts';
import { getState, useApp } from '@/store/store';
import { type ThreadPlace, toNewest } from './actions';
import { openedThread, setOpened, useOpened } from './opened';
import type { ShownThread } from './useThreadRun';

/** Frames in which rows may still be measured; after that the list is shown as it is. */
const mostFrames = 20;
/** Something that was read stays in sight above the line of new replies. */
const lineOffset = -96;
const shines = 2600;

function begin(scroller: Scroller, rows: readonly Row[], rootId: string): void {
  const { jump } = openedThread(rootId);
  const focused = jump ? indexOfPost(rows, jump.postId) : -1;
  const line = rows.findIndex((row) => row.kind === 'new');
  if (focused >= 0) scroller.goTo(focused, 'center');
  else if (line >= 0) scroller.goTo(line, 'start', lineOffset);
  else scroller.toEnd();
}

/** useBeginning brings a list to its first place, and again when it has become another list. It tells when that is so. */
export function useBeginning(scroller: Scroller, rows: readonly Row[], generation: number, rootId: string): boolean {
  const [settled, setSettled] = useState(-1);
  const latest = useRef(rows);
  latest.current = rows;
  useLayoutEffect(() => {
    scroller.settled = false;
    let frames = 0;
    let frame = 0;
    let height = -1;
    let steady = 0;
    const look = () => {
      frames++;
      const { element } = scroller;
      const now = element ? element.scrollHeight + element.scrollTop : -1;
      steady = now === height ? steady + 1 : 0;
      height = now;
      if (steady < 2 && frames < mostFrames) {
        if (scroller.sticking) scroller.toEnd();
        frame = requestAnimationFrame(look);
        return;
      }
      scroller.settled = true;
      setSettled(generation);
      const left = element ? element.scrollHeight - element.scrollTop - element.clientHeight : 0;
      if (scroller.live && left <= 1) scroller.toEnd();
      scroller.changed();
    };
    begin(scroller, latest.current, rootId);
    frame = requestAnimationFrame(look);
    return () => cancelAnimationFrame(frame);
  }, [scroller, generation, rootId]);
  return settled === generation;
}

/** useJump goes to the reply that was asked for: it stands in the middle, lights up, and has the focus. */
export function useJump(
  scroller: Scroller,
  rows: readonly Row[],
  rootId: string,
  walkTo: (postId: string) => void,
): string | undefined {
  const { jump } = useOpened(rootId);
  const [flash, setFlash] = useState<string>();
  const handled = useRef(0);
  const index = jump ? indexOfPost(rows, jump.postId) : -1;
  useEffect(() => {
    if (!jump || index < 0 || handled.current === jump.at) return;
    handled.current = jump.at;
    scroller.goTo(index, 'center');
    setFlash(jump.postId);
    walkTo(jump.postId);
    const timer = setTimeout(() => setFlash(undefined), shines);
    return () => clearTimeout(timer);
  }, [jump, index, scroller, walkTo]);
  return flash;
}

/** Replies that are older than this when they come were loaded, not written just now. */
const recent = 60_000;

function tell(channelId: string, id: string): void {
  const state = getState();
  const post = postOf(state.posts, channelId, id);
  if (!post || post.user_id === state.users.me || post.delete_at > 0 || Date.now() - post.create_at > recent) return;
  announce(authorOf(state, post).name, plainText(post.message, { max: 160 }));
}

/** goToNewest shows the newest reply, wherever the reader is. */
export async function goToNewest(place: ThreadPlace, scroller: Scroller, shown: ShownThread): Promise<void> {
  setOpened(place.rootId, { jump: undefined });
  if (!shown.live) {
    await toNewest(place);
    scroller.release();
  }
  scroller.toEnd();
}

/** useArrivals brings the reader to their own new reply, and tells those of others aloud. */
export function useArrivals(place: ThreadPlace, scroller: Scroller, shown: ShownThread): void {
  const { channelId, rootId } = place;
  const pending = useApp((state) => channelPosts(state.posts, channelId).pending);
  const latest = useRef({ place, shown });
  latest.current = { place, shown };
  const before = useRef(pending);
  useEffect(() => {
    const sent = pending.find((id) => !before.current.includes(id));
    before.current = pending;
    const post = sent ? postOf(getState().posts, channelId, sent) : undefined;
    if (post?.root_id === rootId) void attempt(goToNewest(latest.current.place, scroller, latest.current.shown));
  }, [pending, channelId, rootId, scroller]);

  const ids = shown.live ? shown.block?.ids : undefined;
  const last = useRef(ids?.at(-1));
  useEffect(() => {
    const known = last.current;
    last.current = ids?.at(-1);
    if (!ids || known === undefined || known === ids.at(-1)) return;
    const from = ids.lastIndexOf(known);
    if (from >= 0) for (const id of ids.slice(from + 1)) tell(channelId, id);
  }, [ids, channelId]);
}
