import type { Browser, Page } from '@playwright/test';
import { instrument, median, quantile } from './probe.ts';
import type { Figure } from './report.ts';
import type { Room, Seed } from './seed.ts';

/** How many channels are opened, first anew and then again; fewer than a client keeps. */
const visited = 12;

/** measureSwitch goes through channels by the sidebar, twice: from the press to the newest message being drawn. */
export async function measureSwitch(browser: Browser, seed: Seed): Promise<Figure[]> {
  const page = await openRoom(browser, seed, seed.rooms[0]);
  const rooms = seed.rooms.slice(1, visited);
  const fresh: number[] = [];
  const again: number[] = [];
  for (const room of rooms) fresh.push(await go(page, room));
  await go(page, seed.rooms[0]);
  for (const room of rooms) again.push(await go(page, room));
  await page.context().close();
  return [
    { name: 'channel switch, uncached, median', value: median(fresh), unit: 'ms', most: 200 },
    { name: 'channel switch, uncached, slowest', value: quantile(fresh, 1), unit: 'ms' },
    { name: 'channel switch, cached, median', value: median(again), unit: 'ms', most: 50 },
    { name: 'channel switch, cached, slowest', value: quantile(again, 1), unit: 'ms' },
  ];
}

/** openRoom opens a channel in a window of the reader's and waits until it has come to rest. */
export async function openRoom(browser: Browser, seed: Seed, room: Room | undefined): Promise<Page> {
  if (!room) throw new Error('no such room');
  const context = await seed.reader.browse(browser);
  const page = await context.newPage();
  await instrument(page);
  await page.goto(`/${seed.team.name}/channels/${room.name}`);
  await page.evaluate((words) => window.seen(words), room.last);
  await page.waitForLoadState('networkidle').catch(() => undefined);
  return page;
}

/** go presses a channel's link in the sidebar and returns how long it took until its newest words were drawn. */
export async function go(page: Page, room: Room | undefined): Promise<number> {
  if (!room) throw new Error('no such room');
  const took = await page.evaluate(async ({ name, last }) => {
    const find = () => document.querySelector<HTMLElement>(`nav a[href$="/channels/${name}"]`);
    const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
    // A list of many channels draws those that are in view.
    const boxes = [...document.querySelectorAll('nav, nav *')].filter(
      (box) => box.scrollHeight > box.clientHeight + 40,
    );
    for (const box of boxes) {
      for (let top = 0; !find() && top < box.scrollHeight; top += box.clientHeight / 2) {
        box.scrollTop = top;
        await pause(50);
      }
    }
    const link = find();
    if (!link) throw new Error(`no link to ${name} in the sidebar`);
    link.scrollIntoView({ block: 'nearest' });
    await pause(150); // what scrolling caused isn't part of it
    const begin = performance.now();
    link.click();
    return (await window.seen(last)) - begin;
  }, room);
  await page.waitForTimeout(150);
  return took;
}
