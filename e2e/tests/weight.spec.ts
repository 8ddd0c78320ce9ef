import { gzipSync } from 'node:zlib';
import { expect, test } from '../src/world.ts';

/** What a browser may load of scripts, compressed, until the first channel's messages can be seen. */
const most = 250_000;

for (const locale of ['en', 'fr'] as const) {
  test(`the first channel stands after at most ${most / 1000} kB of scripts (${locale})`, async ({
    world,
    browser,
  }) => {
    const reader = await world.join('reader', { locale });
    const greeting = 'Shall we plant **beans**? :seedling: `now` https://example.com';
    await world.admin.say(world.square.id, greeting);
    const context = await reader.browse(browser, { serviceWorkers: 'block', locale });
    const page = await context.newPage();
    // The page itself notes when its first message can be seen, so that a busy machine counts nothing that comes later.
    await page.addInitScript(() => {
      const look = () => {
        const message = document.querySelector('[data-message]');
        if (message?.checkVisibility({ visibilityProperty: true, opacityProperty: true })) performance.mark('message');
        else requestAnimationFrame(look);
      };
      requestAnimationFrame(look);
    });
    await page.goto(world.path());
    await page.waitForFunction(() => performance.getEntriesByName('message').length > 0);
    const loaded = await page.evaluate(() => {
      const at = performance.getEntriesByName('message')[0]?.startTime ?? 0;
      const asked = performance.getEntriesByType('resource').filter((entry) => entry.startTime <= at);
      return asked.map((entry) => entry.name);
    });
    const sizes: [string, number][] = [];
    for (const name of new Set(loaded)) {
      const { pathname } = new URL(name);
      if (!pathname.endsWith('.js')) continue;
      const body = await (await context.request.get(name)).body();
      sizes.push([pathname, gzipSync(body).length]);
    }
    const sum = sizes.reduce((total, [, size]) => total + size, 0);
    expect(sizes.length).toBeGreaterThan(2);
    expect(sum, sizes.map(([name, size]) => `${size} ${name}`).join('\n')).toBeLessThanOrEqual(most);
  });
}
