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
    MM_SERVICESETTINGS_ENABLEOUTGOINGOAUTHCONNECTIONS: 'true',
    MM_SERVICESETTINGS_ENABLEPOSTUSERNAMEOVERRIDE: 'true',
  });
  other = await Receiver.start(({ path }) => {
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
