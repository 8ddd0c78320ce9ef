import { expect, type Page, test } from '@playwright/test';
import { Release, Server } from '../src/server.ts';

/** The first account's page, once the worker keeps everything that it used. */
async function kept(page: Page): Promise<void> {
  await page.evaluate(() => navigator.serviceWorker.ready);
  await expect.poll(() => page.evaluate(() => navigator.serviceWorker.controller?.state)).toBe('activated');
  const missing = () =>
    page.evaluate(async () => {
      const used = performance.getEntriesByType('resource').map((entry) => entry.name);
      const assets = used.filter((name) => name.includes('/assets/'));
      const found = await Promise.all(assets.map((name) => caches.match(name)));
      return assets.length === 0 || found.includes(undefined);
    });
  await expect.poll(missing).toBe(false);
}

test.describe('the installed client', () => {
  let server: Server;
  test.beforeEach(async () => {
    server = await Server.start();
  });
  test.afterEach(() => server.stop());

  test('can be installed', async ({ page }) => {
    await page.goto(server.url);
    const manifest = await (await page.request.get(`${server.url}/manifest.webmanifest`)).json();
    for (const icon of manifest.icons) {
      const answer = await page.request.get(server.url + icon.src);
      expect(answer.headers()['content-type'], icon.src).toBe(icon.type);
    }
    await kept(page);
    const devtools = await page.context().newCDPSession(page);
    const { errors } = await devtools.send('Page.getAppManifest');
    expect(errors).toEqual([]);
    // Chromium never offers an installation in a private window, which is what a test has.
    const { installabilityErrors } = await devtools.send('Page.getInstallabilityErrors');
    expect(installabilityErrors.map((e) => e.errorId).filter((id) => id !== 'in-incognito')).toEqual([]);
  });

  test('opens without a network, says so, and begins by itself when there is one', async ({ page, context }) => {
    await page.goto(server.url);
    await kept(page);
    await context.setOffline(true);
    await page.goto(`${server.url}/some-team/channels/town-square`);
    await expect(page.getByRole('alert')).toContainText('You’re offline');
    await expect(page.getByRole('button', { name: 'Try again' })).toBeVisible();
    await context.setOffline(false);
    await expect(page.getByRole('alert')).toBeHidden();
  });

  test('offers a newer client and changes to it when asked', async ({ page }) => {
    const release = await Release.before(server);
    await page.goto(release.url);
    await kept(page);
    const build = () => page.locator('meta[name=parley-build]').getAttribute('content');
    expect(await build()).not.toContain('later');
    release.publish();
    await page.evaluate(async () => (await navigator.serviceWorker.getRegistration())?.update());
    await expect(page.getByText('There is a new version of Parley.')).toBeVisible();
    await page.getByRole('button', { name: 'Reload' }).click();
    await expect.poll(build).toContain('later');
    // Who loads the page of the new build anyway is not asked.
    await page.reload();
    await kept(page);
    await expect(page.getByText('There is a new version of Parley.')).toBeHidden();
    release.stop();
  });

  test('opens while the server is down and keeps no answer of the API', async ({ page }) => {
    await page.goto(server.url);
    await kept(page);
    await server.stop();
    await page.goto(`${server.url}/some-team/channels/town-square`);
    await expect(page.getByRole('alert')).toContainText('The server doesn’t answer');
    const paths = await page.evaluate(async () => {
      const requests = await Promise.all((await caches.keys()).map(async (name) => (await caches.open(name)).keys()));
      return requests.flat().map((request) => new URL(request.url).pathname);
    });
    expect(paths).toContain('/');
    expect(paths.filter((path) => path !== '/' && !path.startsWith('/assets/'))).toEqual([]);
  });
});
