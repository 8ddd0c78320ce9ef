import type { Browser } from '@playwright/test';
import { quantile } from './probe.ts';
import type { Figure } from './report.ts';
import { post, type Seed } from './seed.ts';
import { openRoom } from './switch.ts';

const perSecond = 50;
const seconds = 20;

/** measureRain looks at a channel while 50 posts a second arrive, half of them in it, the others all over the sidebar. */
export async function measureRain(browser: Browser, seed: Seed): Promise<Figure[]> {
  const [here] = seed.wet;
  // What an earlier run left is read, so that the room opens at its end.
  if (here) await post(seed.writers, 0, here.id, here.last);
  for (const { id } of seed.wet) await seed.reader.client.viewMyChannel(id);
  const page = await openRoom(browser, seed, here);
  await page.waitForTimeout(2000);
  const begin = await page.evaluate(() => performance.now());
  const sent: Promise<void>[] = [];
  const started = Date.now();
  for (let i = 0; i < perSecond * seconds; i++) {
    const room = i % 2 === 0 ? here : seed.wet[i % seed.wet.length];
    if (room) sent.push(post(seed.writers, i, room.id, `Drop ${i} of the rain`));
    const wait = started + ((i + 1) * 1000) / perSecond - Date.now();
    if (wait > 0) await new Promise((next) => setTimeout(next, wait));
  }
  await Promise.all(sent);
  const took = (Date.now() - started) / 1000;
  const last = perSecond * seconds - 2;
  await page.evaluate((words) => window.seen(words), `Drop ${last} of the rain`);
  const tasks = await page.evaluate((from) => window.longTasks.filter((t) => t.start >= from), begin);
  await page.context().close();
  return [
    { name: `posts a second that arrived for ${seconds} s`, value: (perSecond * seconds) / took, unit: '/s' },
    { name: '– longest task', value: Math.max(0, ...tasks.map((t) => t.duration)), unit: 'ms', most: 100 },
    { name: '– tasks over 50 ms', value: tasks.length, unit: '' },
    {
      name: '– of these, 95th percentile',
      value: tasks.length
        ? quantile(
            tasks.map((t) => t.duration),
            0.95,
          )
        : 0,
      unit: 'ms',
    },
  ];
}
