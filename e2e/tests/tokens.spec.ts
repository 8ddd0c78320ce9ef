import { accessible } from '../src/axe.ts';
import { expect, test } from '../src/world.ts';

test('a token is made for reading only and for a month, and is good for nothing else', async ({ world }) => {
  const client = await (await world.open(world.admin)).ready();
  const { page } = client;
  const t = (id: string, values = {}) => client.t(id, values);
  const site = new URL(page.url()).origin;
  await page.keyboard.press('Control+Shift+a');
  await client.dialog.getByRole('tab', { name: t('settings.tab.security') }).click();
  const dialog = page.getByRole('dialog').first();
  await dialog.getByRole('button', { name: t('settings.tokens.new'), exact: true }).click();
  await dialog.getByLabel(t('settings.tokens.name'), { exact: true }).fill('Nightly report');
  await dialog
    .getByLabel(t('settings.tokens.life'), { exact: true })
    .selectOption({ label: t('settings.tokens.life.month') });
  await dialog.getByRole('radio', { name: t('settings.tokens.may.some'), exact: true }).check();
  await dialog.getByRole('checkbox', { name: t('settings.scope.write') }).uncheck();
  await accessible(page, 'a token for something only');
  await dialog.getByRole('button', { name: t('settings.tokens.create'), exact: true }).click();
  const secret = await dialog.getByRole('status').locator('code').innerText();
  await dialog.getByRole('button', { name: t('settings.tokens.kept'), exact: true }).click();
  await expect(dialog.getByText(t('settings.tokens.only', { scopes: t('settings.scope.read') }))).toBeVisible();
  await expect(dialog.getByText(t('settings.tokens.ends'), { exact: false }).first()).toBeVisible();
  await accessible(page, 'tokens with limits');

  const call = (method: string, path: string, body?: unknown) =>
    fetch(`${site}/api/v4${path}`, {
      method,
      headers: { Authorization: `Bearer ${secret}` },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
  expect((await call('GET', '/users/me')).status).toBe(200);
  const refused = await call('PUT', '/users/me/status', { user_id: world.admin.id, status: 'dnd' });
  expect(refused.status).toBe(403);
  expect(((await refused.json()) as { id: string }).id).toBe('api.context.token_scope.app_error');
  expect((await call('GET', '/config')).status).toBe(403); // though its owner administers the server
});
