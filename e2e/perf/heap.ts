import type { Browser, Page } from '@playwright/test';
import { heap } from './probe.ts';
import type { Figure } from './report.ts';
import { gesture } from './scroll.ts';
import { type Seed, sizes } from './seed.ts';
import { go, openRoom } from './switch.ts';

/** measureHeap opens every room, scrolls each up to its first post, and weighs what the client then still holds. */
export async function measureHeap(browser: Browser, seed: Seed): Promise<Figure[]> {
  const page = await openRoom(browser, seed, seed.rooms[0]);
  const devtools = await page.context().newCDPSession(page);
  await devtools.send('HeapProfiler.enable');
  const before = await heap(devtools);
  for (const [i, room] of seed.rooms.entries()) {
    if (i > 0) await go(page, room);
    await toBegin(page);
  }
  const after = await heap(devtools);
  await page.context().close();
  const what = `${seed.rooms.length} channels of ${sizes.posts} posts`;
  return [
    { name: 'JavaScript heap, one channel', value: before, unit: 'MB' },
    { name: `JavaScript heap, ${what}`, value: after, unit: 'MB', most: 80 },
  ];
}

/** toBegin scrolls up, fast, until the room's first post is drawn. */
async function toBegin(page: Page): Promise<void> {
  for (let i = 0; i < 60; i++) {
    await gesture(page, 8000, 40_000);
    const there = await page.evaluate(() => document.querySelector('main')?.textContent?.includes('(1)'));
    if (there) return;
  }
  throw new Error('the first post did not come');
}
