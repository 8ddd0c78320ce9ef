import { useLayoutEffect, useRef, useState } from 'react';
import { createPortal } from 'react-dom';
import styles from './Tip.module.css';

const gap = 6;
const edge = 8;

/** Tip is the one hint for everything inside messages, above what somebody stays at; below it when there is no room. */
export function Tip({ anchor, text }: { anchor: HTMLElement; text: string }) {
  const bubble = useRef<HTMLDivElement>(null);
  const [place, setPlace] = useState<{ left: number; top: number }>();
  useLayoutEffect(() => {
    const own = bubble.current?.getBoundingClientRect();
    const box = anchor.getBoundingClientRect();
    if (!own) return;
    const left = box.left + box.width / 2 - own.width / 2;
    const above = box.top - own.height - gap;
    setPlace({
      left: Math.max(edge, Math.min(left, window.innerWidth - own.width - edge)),
      top: above > edge ? above : box.bottom + gap,
    });
  }, [anchor, text]);
  // What it says is the name or the state of what it hangs on, so screen readers know it already.
  return createPortal(
    <div ref={bubble} className={styles.tip} style={place ?? { visibility: 'hidden' }} aria-hidden="true">
      {text}
    </div>,
    document.body,
  );
}
