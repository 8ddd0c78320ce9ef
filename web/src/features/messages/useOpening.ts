/** Where a list begins: at the first unread message, or at the newest. Nothing is shown before that is settled. */
import { useLayoutEffect, useRef, useState } from 'react';
import { getState } from '@/store/store';
import type { Row } from './rows';
import { indexOfPost } from './rows';
import type { Scroller } from './Scroller';

/** Frames in which rows may still be measured; after that it is shown as it is. */
const mostFrames = 20;

/** The place of the line of new messages in the view: something that was read stays in sight above it. */
const lineOffset = -72;

function start(scroller: Scroller, rows: readonly Row[]): void {
  const { focus } = getState().place;
  const focused = focus ? indexOfPost(rows, focus.postId) : -1;
  if (focused >= 0) {
    scroller.goTo(focused, 'center');
    return;
  }
  const line = rows.findIndex((row) => row.kind === 'new');
  if (line >= 0) scroller.goTo(line, 'start', lineOffset);
  else scroller.toEnd();
}

/** At the end when everything from the line on fits into the view. */
function fits(scroller: Scroller, rows: readonly Row[]): boolean {
  const { handle, element } = scroller;
  const line = rows.findIndex((row) => row.kind === 'new');
  if (!handle || !element || line < 0 || !scroller.live) return false;
  return element.scrollHeight - element.scrollTop - element.clientHeight <= 1;
}

/** useOpening brings a list to its first place, and again when it has become another list. */
export function useOpening(scroller: Scroller, rows: readonly Row[], generation: number): boolean {
  const [settled, setSettled] = useState(0);
  const latest = useRef(rows);
  latest.current = rows;
  useLayoutEffect(() => {
    scroller.settled = false;
    let frames = 0;
    let frame = 0;
    let height = -1;
    const settle = () => {
      cancelAnimationFrame(frame);
      scroller.opening = undefined;
      if (fits(scroller, latest.current)) scroller.toEnd();
      scroller.settled = true;
      // In the frame that is being made; React's own turn comes after it.
      scroller.element?.setAttribute('data-settled', 'true');
      setSettled(generation);
      scroller.changed();
    };
    const look = () => {
      frames++;
      const { element } = scroller;
      const now = element ? element.scrollHeight + element.scrollTop : -1;
      const steady = now === height && scroller.stands();
      height = now;
      if (steady || frames >= mostFrames) return settle();
      if (scroller.sticking) scroller.toEnd();
      frame = requestAnimationFrame(look);
    };
    start(scroller, latest.current);
    frame = requestAnimationFrame(look);
    // The end stays the end while rows are measured. On the way to another place more of them may come.
    scroller.opening = () => {
      if (!scroller.sticking) return;
      scroller.toEnd();
      if (scroller.stands()) settle();
    };
    return () => {
      cancelAnimationFrame(frame);
      scroller.opening = undefined;
    };
  }, [scroller, generation]);
  return settled === generation;
}
