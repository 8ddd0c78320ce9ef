import { expect, test } from '@playwright/test';
import { serverUrl } from '../src/person.ts';

test.describe('the server gives the client', () => {
  test('its page at every address that a link can have', async ({ request }) => {
    for (const path of [
      '/',
      '/some-team/channels/town-square',
      '/some-team/pl/abc',
      '/some-team/messages/@a.b',
      '/landing',
    ]) {
      const answer = await request.get(serverUrl() + path);
      expect(answer.status(), path).toBe(200);
      expect(answer.headers()['content-type'], path).toContain('text/html');
      expect(answer.headers()['cache-control'], path).toBe('no-cache');
      expect(await answer.text(), path).toContain('<div id="root">');
    }
  });

  test('its files compressed, for ever, and nothing in place of a file that is gone', async ({ request }) => {
    const page = await (await request.get(serverUrl())).text();
    const script = /src="(\/assets\/start-[^"]+\.js)"/.exec(page)?.[1];
    const answer = await request.get(serverUrl() + script, { headers: { 'Accept-Encoding': 'br' } });
    expect(answer.headers()).toMatchObject({
      'content-encoding': 'br',
      'content-type': 'text/javascript; charset=utf-8',
      'cache-control': 'public, max-age=31536000, immutable',
    });
    expect((await answer.text()).length).toBeGreaterThan(1000);
    expect((await request.get(`${serverUrl()}/assets/index-00000000.js`)).status()).toBe(404);
    expect((await request.get(`${serverUrl()}/api/v4/no-such-thing`)).status()).toBe(404);
  });

  test('a page that breaks no rule of its own policy', async ({ page }) => {
    const complaints: string[] = [];
    page.on('console', (line) => {
      if (line.type() === 'error' && /Content Security Policy|Refused to/.test(line.text()))
        complaints.push(line.text());
    });
    await page.goto(serverUrl());
    await expect(page.locator('#root > *').first()).toBeVisible();
    expect(complaints).toEqual([]);
  });
});
