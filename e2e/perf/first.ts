import { get } from 'node:http';
import type { Browser, Page } from '@playwright/test';
import { instrument, median } from './probe.ts';
import type { Figure } from './report.ts';
import type { Seed } from './seed.ts';

const runs = 7;

/** measureFirst opens a channel in a browser that knows nothing yet: how much script it takes, and how long. */
export async function measureFirst(browser: Browser, seed: Seed): Promise<Figure[]> {
  const [room] = seed.rooms;
  if (!room) throw new Error('no rooms');
  const times: number[] = [];
  let scripts: string[] = [];
  for (let i = 0; i < runs; i++) {
    const context = await seed.reader.browse(browser);
    const page = await context.newPage();
    const loaded = scriptsOf(page);
    await instrument(page);
    await page.goto(`/${seed.team.name}/channels/${room.name}`, { waitUntil: 'commit' });
    // Times of the page count from the moment the navigation began.
    times.push(await page.evaluate((words) => window.seen(words), room.last));
    scripts = [...loaded];
    await context.close();
  }
  const sizes = await Promise.all(scripts.map(zipped));
  const total = sizes.reduce((sum, size) => sum + size, 0);
  return [
    { name: 'initial JavaScript, gzip', value: total / 1000, unit: 'kB', most: 250 },
    { name: 'first meaningful channel, median', value: median(times), unit: 'ms', most: 1000 },
  ];
}

function scriptsOf(page: Page): Set<string> {
  const found = new Set<string>();
  page.on('request', (request) => {
    if (request.resourceType() === 'script') found.add(request.url());
  });
  return found;
}

/** zipped is how many bytes a server sends of a file to who takes gzip. */
function zipped(url: string): Promise<number> {
  return new Promise((resolve, reject) => {
    get(url, { headers: { 'Accept-Encoding': 'gzip' } }, (answer) => {
      let bytes = 0;
      answer.on('data', (part: Buffer) => {
        bytes += part.length;
      });
      answer.on('end', () => resolve(bytes));
    }).on('error', reject);
  });
}
