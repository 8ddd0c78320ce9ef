import { type BrowserContext, expect, type Page, test } from '@playwright/test';
import { accessible } from '../src/axe.ts';
import { Person } from '../src/person.ts';
import { Receiver } from '../src/receiver.ts';
import { Server } from '../src/server.ts';
import { words as t } from '../src/words.ts';

let server: Server;
let other: Receiver;
let admin: Person;
let context: BrowserContext;
let page: Page;

test.beforeEach(async ({ browser }) => {
  server = await Server.start({
    MM_SERVICESETTINGS_ENABLEBOTACCOUNTCREATION: 'true',
    MM_SERVICESETTINGS_ENABLEPOSTUSERNAMEOVERRIDE: 'true',
    MM_SERVICESETTINGS_ENABLEOUTGOINGOAUTHCONNECTIONS: 'true',
  });
  other = await Receiver.start(({ path, headers, body }) => {
    // The client shows its secret in the header first, and in the form if that is refused.
    const wrong = headers.authorization === `Basic ${btoa('parley:guessed')}` || body.includes('client_secret=guessed');
    if (path === '/token' && wrong)
      return { status: 401, body: { error: 'invalid_client', error_description: 'Unknown client' } };
    if (path === '/broken') return { status: 500, body: 'no' };
    if (path === '/token') return { body: { access_token: 'abc', token_type: 'Bearer', expires_in: 60 } };
    return { body: { response_type: 'in_channel', text: `answered ${path}` } };
  });
  admin = await Person.administrator(server.url);
  await admin.client.createTeam({ name: 'garden', display_name: 'Garden', type: 'O' } as never);
  context = await admin.browse(browser, { permissions: ['clipboard-read', 'clipboard-write'] });
  page = await context.newPage();
});

test.afterEach(async () => {
  await admin.close();
  await server.stop();
  other.close();
  expect(admin.errors, 'thrown in a page').toEqual([]);
});

const dialog = () => page.getByRole('dialog');
const heading = () => page.getByRole('heading', { level: 1 });
const press = (id: string) => page.getByRole('button', { name: t(id), exact: true }).click();
const within = (id: string) => dialog().getByRole('button', { name: t(id), exact: true });
const field = (id: string) => dialog().getByLabel(t(id), { exact: true });
const copied = () => page.evaluate(() => navigator.clipboard.readText());

async function go(path: string): Promise<void> {
  await page.goto(`${server.url}/garden/${path}`);
  await expect(page.getByRole('heading').first()).toBeVisible();
  await expect(page.locator('main [aria-busy="true"]')).toHaveCount(0);
}

async function remove(name: string): Promise<void> {
  await page.getByRole('button', { name: t('integrations.remove.of', { name }), exact: true }).click();
  await page
    .getByRole('dialog')
    .getByRole('button', { name: t('integrations.remove'), exact: true })
    .click();
  await expect(page.getByRole('button', { name, exact: true })).toHaveCount(0);
}

async function say(text: string): Promise<void> {
  await go('channels/town-square');
  const box = page.getByRole('textbox', { name: /Town Square/ }).first();
  await box.fill(text);
  await box.press('Enter');
}

test('the menu of the team and the console lead to the integrations, which members may not see', async ({
  browser,
}) => {
  await go('channels/town-square');
  await page.getByRole('button', { name: 'Garden', exact: true }).click();
  await page.getByRole('menuitem', { name: t('teams.integrations') }).click();
  await expect(heading()).toHaveText(t('integrations.overview'));
  await accessible(page, 'integrations overview');
  await page
    .getByRole('navigation')
    .getByRole('link', { name: t('integrations.page.commands') })
    .click();
  await expect(heading()).toHaveText(t('integrations.page.commands'));
  await page.goto(`${server.url}/admin_console/integrations`);
  await page.getByRole('main').getByRole('link', { name: 'Garden' }).click();
  await expect(heading()).toHaveText(t('integrations.overview'));
  const member = await Person.signUp('member', {}, server.url);
  await admin.client.addToTeam((await admin.client.getTeamByName('garden')).id, member.id);
  const hers = await (await member.browse(browser)).newPage();
  await hers.goto(`${server.url}/garden/integrations/commands`);
  await expect(hers.getByRole('heading', { name: t('integrations.closed') })).toBeVisible();
  await hers.goto(`${server.url}/garden/channels/town-square`);
  await hers.getByRole('button', { name: 'Garden', exact: true }).click();
  await expect(hers.getByRole('menuitem', { name: t('teams.people') })).toBeVisible();
  await expect(hers.getByRole('menuitem', { name: t('teams.integrations') })).toHaveCount(0);
  await member.close();
});

test('a command is made, answered by another program, changed and deleted', async () => {
  await go('integrations/commands');
  await expect(page.getByText(t('integrations.commands.empty'), { exact: true })).toBeVisible();
  await accessible(page, 'integrations commands empty');
  await press('integrations.commands.add');
  await within('integrations.make').click();
  await expect(dialog().getByText(t('integrations.commands.trigger.missing'))).toBeVisible();
  await field('integrations.field.title').fill('Weather');
  await field('integrations.commands.trigger').fill('/weather');
  await field('integrations.commands.url').fill(`${other.url}/weather`);
  await field('integrations.commands.completeHint').fill('[city]');
  await accessible(page, 'integrations commands new');
  await within('integrations.make').click();
  await expect(dialog().getByText(t('integrations.commands.fresh', { trigger: '/weather' }))).toBeVisible();
  await dialog()
    .getByRole('button', { name: t('integrations.copy', { what: t('integrations.token') }) })
    .click();
  const first = await copied();
  await within('integrations.renew').click();
  await page
    .getByRole('dialog', { name: t('integrations.renew.title') })
    .getByRole('button', { name: t('integrations.renew') })
    .click();
  await dialog()
    .getByRole('button', { name: t('integrations.reveal', { what: t('integrations.token') }) })
    .click();
  await expect(dialog().getByText(first)).toHaveCount(0);
  const token = (await dialog().locator('code').textContent()) ?? '';
  await accessible(page, 'integrations commands made');
  await within('integrations.done').click();
  await say('/weather Lyon');
  await expect(page.getByText('answered /weather')).toBeVisible();
  const call = other.calls.at(-1);
  expect(new URLSearchParams(call?.body).get('text')).toBe('Lyon');
  expect(new URLSearchParams(call?.body).get('token')).toBe(token);
  await go('integrations/commands');
  await accessible(page, 'integrations commands');
  await page.getByRole('button', { name: 'Weather', exact: true }).click();
  await field('integrations.field.about').fill('Forecast of the next days');
  await within('integrations.save').click();
  await expect(page.getByText('Forecast of the next days')).toBeVisible();
  await page.getByRole('searchbox').fill('nothing like it');
  await expect(page.getByText(t('integrations.none'))).toBeVisible();
  await page.getByRole('searchbox').fill('WEATH');
  await remove('Weather');
  await expect(page.getByText(t('integrations.commands.empty'), { exact: true })).toBeVisible();
});

test('a connection is tried, gets the token that a command carries, and is changed and deleted', async () => {
  await go('integrations/outgoing-oauth2-connections');
  await expect(page.getByText(t('integrations.connections.empty'), { exact: true })).toBeVisible();
  await accessible(page, 'integrations connections empty');
  await press('integrations.connections.add');
  await within('integrations.make').click();
  await expect(dialog().getByText(t('integrations.connections.audiences.missing'))).toBeVisible();
  await field('integrations.name').fill('Weather service');
  await field('integrations.connections.tokenUrl').fill(`${other.url}/broken`);
  await field('integrations.apps.id').fill('parley');
  await field('integrations.apps.secret').fill('guessed');
  await field('integrations.connections.audiences').fill(`${other.url}/forecast`);
  await within('integrations.connections.validate').click();
  await expect(dialog().getByRole('alert')).toContainText('holds no token');
  await field('integrations.connections.tokenUrl').fill(`${other.url}/token`);
  await within('integrations.connections.validate').click();
  await expect(dialog().getByRole('alert')).toContainText('invalid_client (Unknown client)');
  await accessible(page, 'integrations connections refused');
  await field('integrations.apps.secret').fill('known');
  await within('integrations.connections.validate').click();
  await expect(dialog().getByText(t('integrations.connections.valid'))).toBeVisible();
  await accessible(page, 'integrations connections tried');
  await within('integrations.make').click();
  await expect(dialog().getByText(t('integrations.connections.fresh'))).toBeVisible();
  await within('integrations.done').click();

  await go('integrations/commands');
  await press('integrations.commands.add');
  await field('integrations.commands.trigger').fill('forecast');
  await field('integrations.commands.url').fill(`${other.url}/forecast/today`);
  await within('integrations.make').click();
  await expect(dialog().getByText(t('integrations.signsIn', { names: 'Weather service' }))).toBeVisible();
  await accessible(page, 'integrations commands signing in');
  await within('integrations.done').click();
  await say('/forecast Lyon');
  await expect(page.getByText('answered /forecast/today')).toBeVisible();
  expect(other.calls.at(-1)?.headers.authorization).toBe('Bearer abc');

  await go('integrations/outgoing-oauth2-connections');
  await page.getByRole('button', { name: 'Weather service', exact: true }).click();
  await expect(field('integrations.apps.secret')).toHaveValue('');
  await within('integrations.connections.validate').click();
  await expect(dialog().getByText(t('integrations.connections.valid'))).toBeVisible();
  await dialog()
    .getByRole('radio', { name: t('integrations.connections.grant.password') })
    .check();
  await within('integrations.save').click();
  await expect(dialog().getByText(t('integrations.connections.password.missing'))).toBeVisible();
  await field('integrations.connections.username').fill('robot');
  await field('integrations.connections.password').fill('The-robots-own-1');
  await field('integrations.name').fill('Forecasts');
  await accessible(page, 'integrations connections by password');
  await within('integrations.save').click();
  await expect(page.getByRole('button', { name: 'Forecasts', exact: true })).toBeVisible();
  await accessible(page, 'integrations connections');
  await remove('Forecasts');
  await expect(page.getByText(t('integrations.connections.empty'), { exact: true })).toBeVisible();
});

test('an incoming webhook is made, posts for another program, is tried and deleted', async () => {
  await go('integrations/incoming_webhooks');
  await accessible(page, 'integrations incoming empty');
  await press('integrations.incoming.add');
  await within('integrations.make').click();
  await expect(dialog().getByText(t('integrations.field.channel.missing'))).toBeVisible();
  await field('integrations.field.title').fill('Build results');
  await field('integrations.field.channel').selectOption({ label: 'Town Square' });
  await field('integrations.field.username').fill('builder');
  await accessible(page, 'integrations incoming new');
  await within('integrations.make').click();
  await expect(dialog().getByText(t('integrations.incoming.fresh'))).toBeVisible();
  await dialog()
    .getByRole('button', { name: t('integrations.copy', { what: t('integrations.address') }) })
    .click();
  const address = await copied();
  const answer = await fetch(address, { method: 'POST', body: JSON.stringify({ text: 'The build is *green*' }) });
  expect([answer.status, await answer.text()]).toEqual([200, 'ok']);
  await within('integrations.incoming.try').click();
  await expect(dialog().getByText(t('integrations.incoming.tried'))).toBeVisible();
  await accessible(page, 'integrations incoming made');
  await within('integrations.done').click();
  await accessible(page, 'integrations incoming');
  await go('channels/town-square');
  await expect(page.getByText('The build is green')).toBeVisible();
  await expect(page.getByText(t('integrations.incoming.trial'))).toBeVisible();
  await expect(page.getByText('builder').first()).toBeVisible();
  await go('integrations/incoming_webhooks');
  await remove('Build results');
  expect((await fetch(address, { method: 'POST', body: JSON.stringify({ text: 'x' }) })).ok).toBe(false);
});

test('an outgoing webhook calls another program, and the log says how that went', async () => {
  await go('integrations/outgoing_webhooks');
  await accessible(page, 'integrations outgoing empty');
  await press('integrations.outgoing.add');
  await field('integrations.field.title').fill('Tickets');
  await field('integrations.outgoing.words').fill('ticket\nbug');
  await field('integrations.outgoing.urls').fill('nowhere');
  await within('integrations.make').click();
  await expect(dialog().getByText(t('integrations.notAddress', { text: 'nowhere' }))).toBeVisible();
  await field('integrations.outgoing.urls').fill(`${other.url}/tickets\n${other.url}/broken`);
  await within('integrations.make').click();
  await dialog()
    .getByRole('button', { name: t('integrations.copy', { what: t('integrations.token') }) })
    .click();
  const token = await copied();
  await accessible(page, 'integrations outgoing made');
  await within('integrations.done').click();
  await accessible(page, 'integrations outgoing');
  await say('ticket the door is stuck');
  await expect(page.getByText('answered /tickets')).toBeVisible();
  const call = other.calls.find((one) => one.path === '/tickets');
  expect(JSON.parse(call?.body ?? '{}')).toMatchObject({
    token,
    text: 'ticket the door is stuck',
    trigger_word: 'ticket',
  });
  await go('integrations/deliveries');
  await expect(page.getByText(t('integrations.outcome.ok')).nth(1)).toBeVisible();
  await accessible(page, 'integrations deliveries');
  await page
    .getByRole('row', { name: /\/tickets/ })
    .getByRole('button', { name: 'Tickets' })
    .click();
  await expect(dialog().getByText('the door is stuck')).toBeVisible();
  await accessible(page, 'integrations a delivery');
  const before = other.calls.length;
  await within('integrations.deliveries.again').click();
  await expect.poll(() => other.calls.length).toBeGreaterThan(before);
});

test('a bot is made, signs in with its token, is disabled and enabled', async () => {
  await go('integrations/bots');
  await accessible(page, 'integrations bots empty');
  await press('integrations.bots.add');
  await field('integrations.bots.username').fill('gardener');
  await field('integrations.bots.displayName').fill('Gardener');
  await within('integrations.make').click();
  await field('integrations.tokens.name').fill('watering');
  await field('settings.tokens.life').selectOption({ label: t('settings.tokens.life.month') });
  await field('settings.tokens.may.some').check();
  await accessible(page, 'integrations bots token');
  await within('integrations.tokens.make').click();
  await dialog()
    .getByRole('button', { name: t('integrations.copy', { what: t('integrations.token') }) })
    .click();
  const token = await copied();
  const me = () => fetch(`${server.url}/api/v4/users/me`, { headers: { Authorization: `Bearer ${token}` } });
  expect((await (await me()).json()).username).toBe('gardener');
  await within('integrations.done').click();
  await accessible(page, 'integrations bots');
  await page.getByRole('button', { name: 'Gardener', exact: true }).click();
  await accessible(page, 'integrations a bot');
  await within('integrations.bots.disable').click();
  await expect(page.getByText(t('integrations.bots.nowOff'))).toBeVisible();
  expect((await me()).status).toBe(401);
  await within('integrations.bots.enable').click();
  await expect.poll(async () => (await me()).status).toBe(200);
  await dialog()
    .getByRole('button', { name: t('integrations.tokens.revoke.of', { name: 'watering' }) })
    .click();
  const sure = page.getByRole('dialog', { name: t('integrations.tokens.revoke.title', { name: 'watering' }) });
  await sure.getByRole('button', { name: t('integrations.tokens.revoke'), exact: true }).click();
  await expect(dialog().getByText(t('integrations.tokens.none'))).toBeVisible();
  expect((await me()).status).toBe(401);
});

test('a subscription is told of events, signed, and replays them', async () => {
  await go('integrations/subscriptions');
  await accessible(page, 'integrations subscriptions empty');
  await press('integrations.subscriptions.add');
  await field('integrations.name').fill('Archive');
  await field('integrations.subscriptions.url').fill(`${other.url}/events`);
  await within('integrations.make').click();
  await expect(dialog().getByText(t('integrations.signing.once'))).toBeVisible();
  await accessible(page, 'integrations subscriptions made');
  await within('integrations.done').click();
  await say('for the archive');
  await expect.poll(() => other.calls.some((one) => one.body.includes('for the archive'))).toBe(true);
  const before = other.calls.length;
  await go('integrations/subscriptions');
  await page.getByRole('button', { name: 'Archive', exact: true }).click();
  await within('integrations.replay.do').click();
  await expect.poll(() => other.calls.length).toBeGreaterThan(before);
});
