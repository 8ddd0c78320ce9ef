import type { Team } from '@mattermost/types/teams';
import { type BrowserContext, expect, type Page, test } from '@playwright/test';
import { accessible, inScheme } from '../src/axe.ts';
import { windowed } from '../src/chromium.ts';
import { Person, word } from '../src/person.ts';
import { type Outside, outside } from '../src/post.ts';
import { Server } from '../src/server.ts';
import { words } from '../src/words.ts';

test.use(windowed);

let server: Server;
let out: Outside;
let ada: Person;
let team: Team;

test.beforeEach(async () => {
  out = await outside();
  server = await Server.start({
    MM_EMAILSETTINGS_SMTPSERVER: '127.0.0.1',
    MM_EMAILSETTINGS_SMTPPORT: out.mailPort,
    MM_EMAILSETTINGS_FEEDBACKEMAIL: 'parley@example.com',
    MM_SERVICESETTINGS_ALLOWEDUNTRUSTEDINTERNALCONNECTIONS: '127.0.0.1',
  });
  const admin = await Person.administrator(server.url);
  team = await admin.client.createTeam({ name: word('team'), display_name: 'Team', type: 'O' } as Team);
  ada = await Person.signUp('ada', {}, server.url);
  await admin.client.addToTeam(team.id, ada.id);
});

test.afterEach(async () => {
  await ada.close();
  await server.stop();
  out.close();
});

async function settings(context: BrowserContext): Promise<Page> {
  const page = await context.newPage();
  await page.goto(`${server.url}/${team.name}/channels/town-square`);
  await page.evaluate(() => navigator.serviceWorker.ready);
  await page.keyboard.press('ControlOrMeta+Shift+A');
  await page.getByRole('tab', { name: words('settings.tab.notifications') }).click();
  return page;
}

test('a device is told while Parley is closed', async ({ browser }) => {
  const context = await ada.browse(browser, { permissions: ['notifications'] });
  const page = await settings(context);
  const section = page.getByRole('region', { name: words('settings.closed'), exact: true });
  const on = section.getByRole('button', { name: words('settings.closed.on') });
  // This Chromium has no push service.
  await on.click();
  await expect(section.getByRole('alert')).toContainText(words('settings.closed.problem.service'));
  await accessible(page, 'settings: no push service');

  // With one that answers, all but the browser's own way to it is real.
  await page.evaluate(async (endpoint) => {
    const pair = await crypto.subtle.generateKey({ name: 'ECDH', namedCurve: 'P-256' }, true, ['deriveBits']);
    const encode = (bytes: ArrayBuffer) =>
      btoa(String.fromCharCode(...new Uint8Array(bytes)))
        .replaceAll('+', '-')
        .replaceAll('/', '_')
        .replaceAll('=', '');
    const keys = {
      p256dh: encode(await crypto.subtle.exportKey('raw', pair.publicKey)),
      auth: encode(crypto.getRandomValues(new Uint8Array(16)).buffer),
    };
    let now: PushSubscription | null = null;
    PushManager.prototype.getSubscription = async () => now;
    PushManager.prototype.subscribe = async () => {
      const unsubscribe = async () => {
        now = null;
        return true;
      };
      const made = { unsubscribe, toJSON: () => ({ endpoint, keys }) };
      now = made as unknown as PushSubscription;
      return now;
    };
  }, out.pushUrl);
  await on.click();
  await expect(section).toContainText(words('settings.closed.isOn'));
  await expect(section.getByRole('list')).toContainText(words('settings.closed.here'));
  await section.getByRole('button', { name: words('settings.closed.test') }).click();
  await expect(section.getByRole('status')).toHaveText(words('settings.closed.tested'));
  expect(out.pushes).toBe(1);
  await accessible(page, 'settings: told while closed');
  await inScheme(page, 'dark');
  await accessible(page, 'settings: told while closed, dark');
  await section.getByRole('button', { name: /Turn off notifications/ }).click();
  await expect(on).toBeVisible();
  await expect(section.getByRole('list')).toBeHidden();
});

test('a message shows when nobody looks at Parley', async ({ browser }) => {
  const context = await ada.browse(browser, { permissions: ['notifications'] });
  const page = await settings(context);
  const devtools = await context.newCDPSession(page);
  const registered = new Promise<string>((found) => {
    devtools.on('ServiceWorker.workerRegistrationUpdated', (event) => {
      const [first] = event.registrations;
      if (first) found(first.registrationId);
    });
  });
  await devtools.send('ServiceWorker.enable');
  const registrationId = await registered;
  const deliver = (message: object) =>
    devtools.send('ServiceWorker.deliverPushMessage', {
      origin: server.url,
      registrationId,
      data: JSON.stringify(message),
    });
  const shown = () =>
    page.evaluate(async () => {
      const list = (await (await navigator.serviceWorker.getRegistration())?.getNotifications()) ?? [];
      return list.map((one) => `${one.title}|${one.body}|${one.data.path}`);
    });
  // Who looks at the client is told by it, and a test shows always.
  await deliver({ type: 'message', title: 'Room', body: '@bob: hi', sender: 'bob', path: '/t/pl/x', tag: '1' });
  await deliver({ type: 'test', title: 'Parley', body: 'a test', path: '/', tag: 'test' });
  await expect.poll(shown).toEqual(['Parley|a test|/']);
  await page.goto('about:blank');
  await deliver({ type: 'message', title: 'Room', body: '@bob: two', sender: 'bob', path: '/t/pl/y', tag: '2' });
  await page.goto(server.url);
  await expect.poll(shown).toContain('Room|@bob: two|/t/pl/y');
});

test('a link in a mail ends mails, without a login', async ({ browser }) => {
  const bob = await Person.signUp('bob', {}, server.url);
  const direct = await bob.client.createDirectChannel([bob.id, ada.id]);
  await bob.say(direct.id, 'are you there?');
  const mail = () => out.mails.find((one) => one.includes('are you there?'));
  await expect.poll(mail).toBeTruthy();
  const link = /http:\/\/[^\s"<>]+\/unsubscribe\?token=[\w.%-]+/.exec(mail() ?? '')?.[0] ?? '';
  const context = await browser.newContext();
  const page = await context.newPage();
  await page.goto(link);
  await expect(page.getByRole('heading', { name: words('signin.unsubscribe.title') })).toBeFocused();
  await accessible(page, 'unsubscribe');
  await page.getByRole('button', { name: words('signin.unsubscribe.submit') }).click();
  await expect(page.getByRole('heading', { name: words('signin.unsubscribe.done') })).toBeVisible();
  expect((await ada.client.getMe()).notify_props.email).toBe('false');
  await page.goto(`${server.url}/unsubscribe?token=wrong`);
  await page.getByRole('button', { name: words('signin.unsubscribe.submit') }).click();
  await expect(page.getByRole('alert')).toContainText('not valid');
  await context.close();
});
