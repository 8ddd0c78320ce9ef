/** What is better done once the first screen stands and the page has nothing else to do. */

const tasks: (() => void)[] = [];
let begun = false;
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
  if (begun && !running) next();
}

/** firstScreenStands is called when what somebody came for can be seen: the first channel, or a page before sign-in. */
export function firstScreenStands(): void {
  if (begun) return;
  begun = true;
  // After it has been painted.
  requestAnimationFrame(() => setTimeout(next));
}
