/** What is better done once the first screen stands and the page has nothing else to do. */
import { useEffect, useState } from 'react';

const tasks: (() => void)[] = [];

/** Milliseconds that the first screen has for itself. */
const settle = 250;

let begun = false;
let open = false;
let running = false;

function idle(run: () => void): void {
  // Not every browser tells when it is idle.
  if (typeof requestIdleCallback === 'function') requestIdleCallback(run, { timeout: 2_000 });
  else setTimeout(run, 50);
}

/** One task at a time: what somebody does meanwhile comes between two of them. */
function next(): void {
  const task = tasks.shift();
  running = task !== undefined;
  if (!task) return;
  idle(() => {
    task();
    next();
  });
}

/** whenQuiet does something after `firstScreenStands` was told, when there is time. */
export function whenQuiet(task: () => void): void {
  tasks.push(task);
  if (open && !running) next();
}

/** firstScreenStands is called when what somebody came for can be seen: the first channel, or a page before sign-in. */
export function firstScreenStands(): void {
  if (begun) return;
  begun = true;
  // After it has been painted, and what it asks for itself has gone out. A hidden page is never painted.
  const go = () =>
    setTimeout(() => {
      open = true;
      next();
    }, settle);
  if (document.visibilityState === 'hidden') go();
  else requestAnimationFrame(go);
}

/** afterPaint does something once what has just changed can be seen. A hidden page is never painted: there it is soon. */
export function afterPaint(task: () => void): void {
  if (document.visibilityState === 'hidden') setTimeout(task, 50);
  else requestAnimationFrame(() => setTimeout(task));
}

/** useQuiet tells whether the first screen stands: for what joins it later. */
export function useQuiet(): boolean {
  const [quiet, setQuiet] = useState(open);
  useEffect(() => {
    let gone = false;
    if (!quiet) whenQuiet(() => !gone && setQuiet(true));
    return () => {
      gone = true;
    };
  }, [quiet]);
  return quiet;
}
