import { readFileSync } from 'node:fs';
import { type BrowserContext, expect, type Page, test } from '@playwright/test';
import { sheets } from '../../web/src/admin/settings/sheets.ts';
import { accessible, inScheme } from '../src/axe.ts';
import { Person } from '../src/person.ts';
import { type Outside, outside } from '../src/post.ts';
import { Server } from '../src/server.ts';
import { words } from '../src/words.ts';

let server: Server;
let out: Outside;
let admin: Person;
let context: BrowserContext;
let page: Page;

test.beforeEach(async ({ browser }) => {
  out = await outside();
  server = await Server.start({ MM_EMAILSETTINGS_SMTPSERVER: '127.0.0.1', MM_EMAILSETTINGS_SMTPPORT: out.mailPort });
  admin = await Person.administrator(server.url);
  await admin.client.createTeam({ name: 'garden', display_name: 'Garden', type: 'O' } as never);
  context = await admin.browse(browser);
  page = await context.newPage();
});

test.afterEach(async () => {
  await admin.close();
  await server.stop();
  out.close();
  expect(admin.errors, 'thrown in a page').toEqual([]);
});

const t = words;
const heading = () => page.getByRole('heading', { level: 1 });
const button = (id: string) => page.getByRole('button', { name: t(id), exact: true });
const field = (key: string) => page.locator(`[id="${key}"]`);

async function go(id: string): Promise<void> {
  await page.goto(`${server.url}/admin_console/${id}`);
  await expect(heading()).toBeVisible();
  await expect(page.locator('[aria-busy="true"]')).toHaveCount(0);
}

test('the console leads from the team to everything that administrators do', async () => {
  test.slow();
  await page.goto(`${server.url}/garden/channels/town-square`);
  await page.getByRole('button', { name: 'Garden', exact: true }).click();
  await page.getByRole('menuitem', { name: t('teams.console') }).click();
  await expect(heading()).toHaveText(t('admin.page.overview'));
  await expect(page.getByText(t('admin.todo.admins_mfa', { count: 1 }))).toBeVisible();
  await accessible(page, 'console overview');
  const links = page.getByRole('navigation').getByRole('link');
  const names = await links.allTextContents();
  expect(names.length).toBeGreaterThan(25);
  for (const name of names) {
    await links.filter({ hasText: name.trim() }).first().click();
    await expect(heading()).toHaveText(name.trim());
    await expect(page.locator('[aria-busy="true"]')).toHaveCount(0);
    // Sheets of settings are all made of the same parts: one stands for them.
    const sheet = page.url().includes('/settings/');
    if (!sheet || name.trim() === t('admin.sheet.messages')) await accessible(page, `console ${name}`);
  }
});

test('a setting is changed, seen by everybody, found in the past and taken back', async () => {
  await go('settings/banner');
  await page.getByRole('switch', { name: t('admin.set.AnnouncementSettings.EnableBanner') }).click();
  await page
    .getByLabel(t('admin.set.AnnouncementSettings.BannerText'), { exact: true })
    .fill('The summer party is **on Friday**');
  await expect(page.getByText(t('admin.set.unsaved', { count: 2 }))).toBeVisible();
  await button('admin.save').click();
  await expect(field('AnnouncementSettings.EnableBanner')).toContainText(t('admin.set.changed'));
  await accessible(page, 'console a changed setting');

  const bob = await Person.signUp('bob', {}, server.url);
  await admin.client.addToTeam((await admin.client.getTeamByName('garden')).id, bob.id);
  const browser = context.browser();
  if (!browser) throw new Error('no browser');
  const his = await (await bob.browse(browser)).newPage();
  await his.goto(`${server.url}/garden/channels/town-square`);
  const announcement = his.getByRole('region', { name: t('app.announcement') });
  await expect(announcement).toHaveText(/The summer party is on Friday/);
  await announcement.getByRole('button', { name: t('app.announcement.hide') }).click();
  await expect(announcement).toHaveCount(0);

  await go('changes');
  const row = page.getByRole('row', { name: new RegExp(`^${t('admin.set.AnnouncementSettings.BannerText')}`) });
  await expect(row).toContainText('The summer party');
  await row.getByRole('button', { name: t('admin.changes.undo'), exact: true }).click();
  await expect(
    page.getByRole('row', { name: new RegExp(`^${t('admin.set.AnnouncementSettings.BannerText')}`) }),
  ).toHaveCount(2);
  await go('settings/banner');
  await expect(page.getByLabel(t('admin.set.AnnouncementSettings.BannerText'), { exact: true })).toHaveValue('');
  await bob.close();
});

test('what the host holds is locked, what is wrong is said, and mail is tried before it is saved', async () => {
  await go('settings/mail');
  await expect(page.getByLabel(t('admin.set.EmailSettings.SMTPServer'))).toBeDisabled();
  await expect(field('EmailSettings.SMTPServer')).toContainText('MM_EMAILSETTINGS_SMTPSERVER');
  await page.getByLabel(t('admin.set.EmailSettings.FeedbackEmail')).fill('parley@example.com');
  await button('admin.trial.mail').click();
  await expect(page.getByText(t('admin.trial.mail.done'))).toBeVisible();
  await go('settings/people');
  await page.getByLabel(t('admin.set.TeamSettings.MaxUsersPerTeam')).fill('-3');
  await button('admin.save').click();
  await expect(page.getByRole('alert')).toContainText('-3');
  await page.getByLabel(t('admin.find')).fill('push proxy');
  await page.getByRole('link', { name: t('admin.set.EmailSettings.PushNotificationServer') }).click();
  await expect(heading()).toHaveText(t('admin.sheet.notifications'));
  await expect(page.getByLabel(t('admin.set.EmailSettings.PushNotificationServer'))).toBeFocused();
});

test('accounts are made, found, given a role, and deactivated', async () => {
  await go('users');
  await button('admin.users.new').click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel(t('admin.users.username')).fill('carla');
  await dialog.getByLabel(t('admin.users.mail')).fill('carla@example.com');
  await dialog.getByLabel(t('admin.users.password'), { exact: true }).fill('Garden-Passw0rd-1');
  await accessible(page, 'console new account');
  await dialog.getByRole('button', { name: t('admin.users.make') }).click();
  await expect(dialog).toHaveCount(0);
  await page.getByLabel(t('admin.users.find')).fill('carl');
  await page.getByRole('button', { name: 'carla', exact: true }).click();
  await dialog.getByLabel(t('admin.users.field.nickname')).fill('Carlotta');
  await dialog.getByRole('button', { name: t('admin.save') }).click();
  await expect(page.getByText(t('admin.saved')).first()).toBeVisible();
  await dialog.getByLabel(t('admin.users.role')).selectOption('system_user_manager');
  await expect(dialog.getByText(t('admin.role.system_user_manager.hint'))).toBeVisible();
  await accessible(page, 'console an account');
  await dialog.getByRole('button', { name: t('admin.users.deactivate') }).click();
  const sure = page.getByRole('dialog', { name: t('admin.users.deactivate.title', { name: 'carla' }) });
  await sure.getByRole('button', { name: t('admin.users.deactivate') }).click();
  await expect(dialog.getByRole('button', { name: t('admin.users.activate'), exact: true })).toBeVisible();
  const carla = await admin.client.getUserByUsername('carla');
  expect([carla.nickname, carla.roles, carla.delete_at > 0]).toEqual([
    'Carlotta',
    'system_user system_user_manager',
    true,
  ]);
});

test('an account becomes a bot and a person again, and the list is taken along', async () => {
  const dora = await Person.signUp('dora', {}, server.url);
  await admin.client.patchConfig({ GuestAccountsSettings: { Enable: true } } as never);
  await go('users');
  const waiting = page.waitForEvent('download');
  await button('admin.users.csv').click();
  const list = readFileSync(await (await waiting).path(), 'utf8');
  expect(
    list.split('\r\n').filter((line) => [dora.name, admin.name].some((name) => line.includes(`,${name},`))),
  ).toHaveLength(2);
  await page.getByRole('button', { name: dora.name, exact: true }).click();
  const dialog = page.getByRole('dialog', { name: dora.name, exact: true });
  await dialog.getByRole('button', { name: t('admin.users.toBot'), exact: true }).click();
  const sure = page.getByRole('dialog', { name: t('admin.users.toBot.title', { name: dora.name }) });
  await accessible(page, 'console turning an account into a bot');
  await sure.getByRole('button', { name: t('admin.users.toBot'), exact: true }).click();
  await dialog.getByRole('button', { name: t('admin.users.toPerson'), exact: true }).click();
  expect((await admin.client.getUser(dora.id)).is_bot).toBe(true);
  const form = page.getByRole('dialog', { name: t('integrations.bots.toPerson.title', { name: `@${dora.name}` }) });
  await form.getByLabel(t('integrations.bots.toPerson.mail')).fill('dora@example.com');
  await form.getByLabel(t('integrations.bots.toPerson.password'), { exact: true }).fill('Garden-Passw0rd-2');
  await form.getByRole('button', { name: t('integrations.bots.toPerson'), exact: true }).click();
  await expect(dialog.getByRole('button', { name: t('admin.users.toBot'), exact: true })).toBeVisible();
  const archive = page.waitForEvent('download');
  await dialog.getByRole('link', { name: t('admin.users.data.export'), exact: true }).click();
  const taken = await archive;
  expect(taken.suggestedFilename()).toMatch(new RegExp(`^parley-${dora.name}-.*\\.zip$`));
  expect(
    readFileSync(await taken.path())
      .subarray(0, 2)
      .toString(),
  ).toBe('PK');
  await dialog.getByRole('button', { name: t('admin.users.demote'), exact: true }).click();
  const guest = page.getByRole('dialog', { name: t('admin.users.demote.title', { name: dora.name }) });
  await accessible(page, 'console making a guest of a member');
  expect((await admin.client.getUser(dora.id)).roles).toBe('system_user');
  await guest.getByRole('button', { name: t('admin.users.demote'), exact: true }).click();
  await expect(dialog.getByRole('button', { name: t('admin.users.promote'), exact: true })).toBeVisible();
  await expect(dialog.getByText(t('admin.users.locked', { count: 3 }))).toHaveCount(0);
  await accessible(page, 'console an account that was turned');
  await page.keyboard.press('Escape');

  // As many wrong passwords as there may be close an account.
  await admin.client.patchConfig({ ServiceSettings: { MaximumLoginAttempts: 3 } } as never);
  for (let n = 0; n < 3; n++)
    await page.request.post(`${server.url}/api/v4/users/login`, {
      data: { login_id: dora.name, password: `wrong ${n}` },
    });
  await page.getByRole('button', { name: dora.name, exact: true }).click();
  await expect(dialog.getByText(t('admin.users.locked', { count: 3 }))).toBeVisible();
  await accessible(page, 'console a locked account');
  await dialog.getByRole('button', { name: t('admin.users.unlock'), exact: true }).click();
  await expect(dialog.getByText(t('admin.users.locked', { count: 3 }))).toHaveCount(0);
  await dora.close();
});

test('who only looks after accounts sees those pages, and others nothing', async ({ browser }) => {
  const helper = await Person.signUp('helper', {}, server.url);
  await admin.client.updateUserRoles(helper.id, 'system_user system_user_manager');
  const hers = await (await helper.browse(browser)).newPage();
  await hers.goto(`${server.url}/admin_console/users`);
  await expect(hers.getByRole('button', { name: 'administrator', exact: true })).toBeVisible();
  const list = hers.getByRole('navigation');
  await expect(list.getByRole('link', { name: t('admin.page.teams'), exact: true })).toBeVisible();
  await expect(list.getByRole('link', { name: t('admin.page.backups'), exact: true })).toHaveCount(0);
  const bob = await Person.signUp('bob', {}, server.url);
  const his = await (await bob.browse(browser)).newPage();
  await his.goto(`${server.url}/admin_console/users`);
  await expect(his.getByText(t('admin.closed'))).toBeVisible();
  await bob.close();
  await helper.close();
});

test('permissions of a role, a backup and terms of service', async () => {
  await go('roles');
  await page.getByLabel(t('admin.permission.create_emojis')).uncheck();
  await button('admin.save').click();
  await expect(page.getByText(t('admin.saved')).first()).toBeVisible();
  const role = await admin.client.getRoleByName('system_user');
  expect(role.permissions).not.toContain('create_emojis');
  await go('backups');
  await button('admin.backups.now').click();
  await expect(page.getByRole('row', { name: /parley-.*\.tar\.zst/ })).toBeVisible();
  await expect(page.getByText(t('admin.jobs.status.success')).first()).toBeVisible();
  await accessible(page, 'console backups done');
  await go('terms');
  await page.getByRole('switch').click();
  await page.getByLabel(t('admin.terms.text')).fill('Be kind.');
  await button('admin.save').click();
  await expect(page.getByText(t('admin.saved')).first()).toBeVisible();
  const bob = await Person.signUp('bob', {}, server.url);
  const his = await (await bob.browse(context.browser() as never)).newPage();
  await his.goto(server.url);
  await expect(his.getByText('Be kind.')).toBeVisible();
  await bob.close();
});

test('the audit trail is checked, taken along, and found broken', async () => {
  await admin.client.invalidateCaches();
  await go('audit');
  await button('admin.audit.check').click();
  const told = page.getByRole('status').filter({ hasText: t('admin.audit.head') });
  await expect(told).toContainText(/[0-9a-f]{64}/);
  await accessible(page, 'console audit trail checked');
  const waiting = page.waitForEvent('download');
  await page.getByRole('link', { name: t('admin.audit.export'), exact: true }).click();
  const file = await waiting;
  expect(file.suggestedFilename()).toBe('parley-audit.jsonl');
  const lines = readFileSync(await file.path(), 'utf8')
    .trim()
    .split('\n');
  expect(lines.map((line) => JSON.parse(line).n)).toEqual(lines.map((_, at) => at + 1));
  // What a chain says that somebody changed in the database.
  const broken = { lines: 0, removed: 0, before: 0, head: '', broken: 'x'.repeat(26), broken_n: 1, from: 0, to: 0 };
  await page.route('**/parley/audit/check', (route) => route.fulfill({ json: broken }));
  await button('admin.audit.check').click();
  await expect(page.getByRole('alert')).toContainText('x'.repeat(26));
  await accessible(page, 'console audit trail broken');
});

test('a picture and words of the site', async ({ browser }) => {
  await go('settings/general');
  await page.getByRole('switch', { name: t('admin.set.TeamSettings.EnableCustomBrand') }).click();
  await page.getByLabel(t('admin.set.TeamSettings.CustomBrandText')).fill('Come in and sit down');
  await button('admin.save').click();
  await expect(page.getByText(t('admin.saved')).first()).toBeVisible();
  await page.getByLabel(t('admin.brand.choose')).first().setInputFiles('../docs/screenshots/channel.png');
  await expect(page.getByRole('img', { name: t('admin.brand.picture') })).toBeVisible();
  const stranger = await (await browser.newContext()).newPage();
  await stranger.goto(`${server.url}/login`);
  await expect(stranger.getByText('Come in and sit down')).toBeVisible();
  await expect(stranger.locator('main img')).toBeVisible();
  await accessible(stranger, 'sign-in page of a site with a picture');
  await stranger.context().close();
});

// Whoever turned these would end the journey, or needs something that isn't there.
const left = new Set([
  'EmailSettings.EnableEmailBatching',
  'ServiceSettings.EnforceMultifactorAuthentication',
  'GuestAccountsSettings.EnforceMultifactorAuthentication',
  'ServiceSettings.AllowCookiesForSubdomains',
  'ServiceSettings.ThreadAutoFollow',
  'SupportSettings.ReportAProblemType',
  'ServiceSettings.WebserverMode',
  'FileSettings.DriverName',
]);

test('every switch and every choice of the console is saved', async () => {
  test.slow();
  const turned = new Map<string, string>();
  for (const sheet of sheets) {
    await go(sheet.id === 'backups' ? 'backups' : `settings/${sheet.id}`);
    const before = turned.size;
    for (const key of sheet.keys.filter((one) => !left.has(one))) await turn(key, turned);
    if (turned.size === before) continue;
    await button('admin.save').click();
    await expect(page.getByText(t('admin.set.unsaved', { count: turned.size - before }))).toHaveCount(0);
  }
  expect(turned.size).toBeGreaterThan(80);
  // What a page says that was opened anew, and what counts.
  await go('settings/messages');
  const shown = field('ServiceSettings.ScheduledPosts').getByRole('switch');
  expect(String(await shown.isChecked())).toBe(turned.get('ServiceSettings.ScheduledPosts'));
  const answer = await page.request.get(`${server.url}/api/v4/parley/settings`);
  const list: { key: string; value: unknown }[] = await answer.json();
  const now = new Map(list.map((one) => [one.key, String(one.value)]));
  expect([...turned].filter(([key, value]) => now.get(key) !== value)).toEqual([]);
});

/** turn moves a switch, or takes another choice, and notes what the setting becomes. */
async function turn(key: string, turned: Map<string, string>): Promise<void> {
  const control = field(key).locator('input, select, textarea').first();
  if (await control.isDisabled()) return;
  const kind = await control.evaluate((one) => `${one.tagName} ${one.getAttribute('type') ?? ''}`);
  if (kind === 'INPUT checkbox') {
    await control.click();
    turned.set(key, String(await control.isChecked()));
  } else if (kind.startsWith('SELECT')) {
    const values = await control
      .locator('option')
      .evaluateAll((all) => all.map((one) => (one as HTMLOptionElement).value));
    const before = await control.inputValue();
    const next = values.find((value) => value !== before) ?? before;
    await control.selectOption(next);
    turned.set(key, next);
  }
}

test('the console on a phone, and in French', async ({ browser }) => {
  const small = await (await admin.browse(browser, { viewport: { width: 390, height: 844 } })).newPage();
  await small.goto(`${server.url}/admin_console`);
  await expect(small.getByRole('heading', { level: 1 })).toBeVisible();
  await accessible(small, 'console on a phone');
  await small.getByRole('button', { name: t('admin.pages') }).click();
  await small.getByRole('link', { name: t('admin.sheet.mail') }).click();
  await expect(small.getByRole('heading', { level: 1 })).toHaveText(t('admin.sheet.mail'));
  await admin.client.patchMe({ locale: 'fr' });
  await small.reload();
  await expect(small.getByRole('heading', { level: 1 })).toHaveText(words('admin.sheet.mail', {}, 'fr'));
  await inScheme(small, 'light');
  const wide = await small.evaluate(() => document.documentElement.scrollWidth > window.innerWidth);
  expect(wide, 'wider than the phone').toBe(false);
});
