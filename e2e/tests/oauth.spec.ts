import { createHash, randomBytes } from 'node:crypto';
import { accessible } from '../src/axe.ts';
import { Receiver } from '../src/receiver.ts';
import { expect, test } from '../src/world.ts';

const form = (fields: Record<string, string>): RequestInit => ({
  method: 'POST',
  headers: { 'Content-Type': 'application/x-www-form-urlencoded' },
  body: new URLSearchParams(fields).toString(),
});

test('an application is registered, let in, used, and sent away', async ({ world, browser }) => {
  const back = await Receiver.start(() => ({ body: 'The calendar is connected' }));
  const callback = `${back.url}/back`;
  const admin = await world.open(world.admin, 'integrations/oauth2-apps');
  const boss = admin.page;
  const site = new URL(boss.url()).origin;
  const t = (id: string, values = {}) => admin.t(id, values);
  const dialog = boss.getByRole('dialog');
  await boss
    .getByRole('button', { name: t('integrations.apps.add'), exact: true })
    .first()
    .click();
  await dialog.getByLabel(t('integrations.apps.name'), { exact: true }).fill('Calendar <b>&</b>');
  await dialog.getByLabel(t('integrations.field.about'), { exact: true }).fill('Shows what is planned in a channel');
  await dialog.getByLabel(t('integrations.apps.homepage'), { exact: true }).fill('https://calendar.example.com');
  await dialog.getByLabel(t('integrations.apps.urls'), { exact: true }).fill(callback);
  await dialog.getByRole('button', { name: t('integrations.make'), exact: true }).click();
  await expect(dialog.getByText(t('integrations.apps.fresh'))).toBeVisible();
  await accessible(boss, 'oauth app made');
  const [app] = (await world.admin.client.getOAuthApps(0, 10)) as { id: string; client_secret: string }[];
  if (!app) throw new Error('there is no application');

  const verifier = randomBytes(32).toString('base64url');
  const asked = (redirect = callback) =>
    `/oauth/authorize?${new URLSearchParams({
      client_id: app.id,
      response_type: 'code',
      redirect_uri: redirect,
      state: 'a state',
      code_challenge: createHash('sha256').update(verifier).digest('base64url'),
      code_challenge_method: 'S256',
    })}`;
  const alice = await world.join('alice');
  const hers = (await world.open(alice)).page;
  await hers.goto(asked(`${callback}/elsewhere`));
  await expect(hers.getByRole('heading', { level: 1 })).toContainText('not one that this application has registered');

  // Whoever isn't signed in is, first, and comes back to the question.
  const fresh = await browser.newContext({ baseURL: site });
  const stranger = await fresh.newPage();
  await stranger.goto(asked());
  await expect(stranger).toHaveURL(/\/login\?redirect_to=/);
  await fresh.close();

  await hers.goto(asked());
  await expect(hers.getByRole('heading', { level: 1 })).toHaveText(t('oauth.title', { name: 'Calendar <b>&</b>' }));
  await accessible(hers, 'oauth consent');
  await hers.getByRole('button', { name: t('oauth.deny'), exact: true }).click();
  await expect(hers).toHaveURL(`${callback}?error=access_denied&state=a+state`);

  await hers.goto(asked());
  await hers.getByRole('button', { name: t('oauth.allow'), exact: true }).click();
  await expect(hers).toHaveURL(/\/back\?code=/);
  const answer = new URL(hers.url()).searchParams;
  expect(answer.get('state')).toBe('a state');
  const got = await fetch(
    `${site}/oauth/access_token`,
    form({
      grant_type: 'authorization_code',
      code: answer.get('code') ?? '',
      redirect_uri: callback,
      client_id: app.id,
      client_secret: app.client_secret,
      code_verifier: verifier,
    }),
  );
  const token = (await got.json()) as { access_token: string };
  const me = () => fetch(`${site}/api/v4/users/me`, { headers: { Authorization: `Bearer ${token.access_token}` } });
  expect(((await (await me()).json()) as { id: string }).id).toBe(alice.id);

  // Once let in, it isn't asked for again.
  await hers.goto(asked());
  await expect(hers).toHaveURL(/\/back\?code=/);

  const client = await (await world.open(alice)).ready();
  await client.page.keyboard.press('Control+Shift+a');
  await client.dialog.getByRole('tab', { name: t('settings.tab.security') }).click();
  const list = client.page.getByRole('dialog');
  await expect(list.getByText('Calendar <b>&</b>').first()).toBeVisible();
  await accessible(client.page, 'oauth apps in settings');
  await list.getByRole('button', { name: t('settings.apps.withdraw.of', { name: 'Calendar <b>&</b>' }) }).click();
  await client.page
    .getByRole('dialog')
    .last()
    .getByRole('button', { name: t('settings.apps.withdraw'), exact: true })
    .click();
  await expect(client.page.getByText(t('settings.apps.none'))).toBeVisible();
  expect((await me()).status).toBe(401);
  back.close();
});
