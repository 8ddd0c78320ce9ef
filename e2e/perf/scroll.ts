import type { Browser, Page } from '@playwright/test';
import { median, quantile, recordFrames } from './probe.ts';
import type { Figure } from './report.ts';
import type { Seed } from './seed.ts';
import { openRoom } from './switch.ts';

/** Pixels a second, about as fast as a wheel is turned by somebody who looks for something. */
const speed = 3000;
const distance = 60_000;

/** measureScroll reads upwards in the long room, where each screen is loaded on the way. */
export async function measureScroll(browser: Browser, seed: Seed): Promise<Figure[]> {
  const page = await openRoom(browser, seed, seed.long);
  const stop = await recordFrames(page);
  await gesture(page, distance);
  const up = await stop();
  await page.context().close();
  const late = up.filter((ms) => ms > 25).length;
  return [
    { name: 'scrolling the long room, frames a second', value: 1000 / mean(up), unit: 'fps', least: 58 },
    { name: '– frame time, median', value: median(up), unit: 'ms' },
    { name: '– frame time, 99th percentile', value: quantile(up, 0.99), unit: 'ms' },
    { name: '– frames that came late', value: (100 * late) / up.length, unit: '%' },
  ];
}

/** gesture scrolls the middle of the page by a distance, upwards when positive. */
export async function gesture(page: Page, pixels: number, pixelsPerSecond = speed): Promise<void> {
  const devtools = await page.context().newCDPSession(page);
  await devtools.send('Input.synthesizeScrollGesture', {
    x: 720,
    y: 450,
    yDistance: pixels,
    speed: pixelsPerSecond,
    gestureSourceType: 'mouse',
  });
  await devtools.detach();
}

function mean(numbers: number[]): number {
  return numbers.reduce((sum, n) => sum + n, 0) / numbers.length;
}
