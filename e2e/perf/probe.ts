import type { CDPSession, Page } from '@playwright/test';

declare global {
  interface Window {
    /** Resolves to the time at which words can be seen in the page's main part. */
    seen(words: string): Promise<number>;
    frameTimes: number[];
    longTasks: { start: number; duration: number }[];
  }
}

/** instrument makes a page tell when it shows something, how long its frames and its longest tasks take. */
export async function instrument(page: Page): Promise<void> {
  await page.addInitScript(() => {
    const visible = (words: string) => {
      const main = document.querySelector('main') ?? document.body;
      if (!main?.textContent?.includes(words)) return false;
      const walker = document.createTreeWalker(main, NodeFilter.SHOW_TEXT);
      while (walker.nextNode()) {
        const parent = walker.currentNode.parentElement;
        if (!parent || !walker.currentNode.nodeValue?.includes(words)) continue;
        if (!parent.checkVisibility({ opacityProperty: true, visibilityProperty: true })) continue;
        const box = parent.getBoundingClientRect();
        if (box.height > 0 && box.bottom <= window.innerHeight && box.top >= 0) return true;
      }
      return false;
    };
    window.seen = async (words) => {
      const end = performance.now() + 30_000;
      do {
        if (performance.now() > end) throw new Error(`never seen: ${words}`);
        await new Promise(requestAnimationFrame);
      } while (!visible(words));
      // A timer that is set while a frame is made runs when that frame has been drawn.
      await new Promise((drawn) => setTimeout(drawn));
      return performance.now();
    };
    window.frameTimes = [];
    window.longTasks = [];
    new PerformanceObserver((list) => {
      for (const { startTime, duration } of list.getEntries()) window.longTasks.push({ start: startTime, duration });
    }).observe({ type: 'longtask', buffered: true });
  });
}

/** heap is the JavaScript heap in use after everything that can be forgotten was forgotten, in megabytes. */
export async function heap(devtools: CDPSession): Promise<number> {
  for (let i = 0; i < 3; i++) await devtools.send('HeapProfiler.collectGarbage');
  const { usedSize } = await devtools.send('Runtime.getHeapUsage');
  return usedSize / 1e6;
}

/** recordFrames notes the time between frames until the function that it returns is called. */
export async function recordFrames(page: Page): Promise<() => Promise<number[]>> {
  await page.evaluate(() => {
    window.frameTimes = [];
    let last = performance.now();
    const next = (now: number) => {
      window.frameTimes.push(now - last);
      last = now;
      requestAnimationFrame(next);
    };
    requestAnimationFrame(next);
  });
  return () => page.evaluate(() => window.frameTimes.splice(0).slice(1));
}

export function median(numbers: number[]): number {
  return quantile(numbers, 0.5);
}

export function quantile(numbers: number[], q: number): number {
  const sorted = [...numbers].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * q))] ?? Number.NaN;
}
