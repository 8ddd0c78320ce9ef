import { type RefObject, useLayoutEffect, useState } from 'react';
import type { View } from './rows';

/** useView follows which part of a list is in view. */
export function useView(scroller: RefObject<HTMLElement | null>): View {
  const [view, setView] = useState<View>({ from: 0, to: 2000 });
  useLayoutEffect(() => {
    const element = scroller.current;
    if (!element) return;
    let frame = 0;
    const measure = () => setView({ from: element.scrollTop, to: element.scrollTop + element.clientHeight });
    const look = () => {
      cancelAnimationFrame(frame);
      frame = requestAnimationFrame(measure);
    };
    measure();
    const observer = new ResizeObserver(look);
    observer.observe(element);
    element.addEventListener('scroll', look, { passive: true });
    return () => {
      cancelAnimationFrame(frame);
      observer.disconnect();
      element.removeEventListener('scroll', look);
    };
  }, [scroller]);
  return view;
}
