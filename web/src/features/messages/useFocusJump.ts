/** Jumps to a message that an address, a search or a date leads to: it stands in the middle, lights up, has the focus. */
import { useEffect, useRef, useState } from 'react';
import { useApp } from '@/store/store';
import { indexOfPost, type Row } from './rows';
import type { Scroller } from './Scroller';
import type { ShownRun } from './useRun';

const shines = 2600;

/** useFocusJump returns the message that is lit up. */
export function useFocusJump(
  scroller: Scroller,
  rows: readonly Row[],
  run: ShownRun,
  walkTo: (postId: string) => void,
): string | undefined {
  const focus = useApp((state) => state.place.focus);
  const [flash, setFlash] = useState<string>();
  const handled = useRef(0);
  const index = focus ? indexOfPost(rows, focus.postId) : -1;
  const { block } = run;
  useEffect(() => {
    if (!focus || index < 0 || handled.current === focus.at || !block) return;
    handled.current = focus.at;
    scroller.goTo(index, 'center');
    setFlash(focus.postId);
    walkTo(focus.postId);
    const timer = setTimeout(() => setFlash(undefined), shines);
    return () => clearTimeout(timer);
  }, [focus, index, scroller, walkTo, block]);
  return flash;
}
