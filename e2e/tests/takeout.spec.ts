import { readFile } from 'node:fs/promises';
import { accessible } from '../src/axe.ts';
import { password } from '../src/person.ts';
import { expect, test } from '../src/world.ts';

test('somebody takes their data along, asks to be deleted, and an administrator carries it out', async ({ world }) => {
  const [alice, bob] = [await world.join('alice'), await world.join('bob')];
  await alice.say(world.square.id, 'The beans are mine');
  const hers = await (await world.open(alice)).ready();
  await hers.page.keyboard.press('Control+Shift+a');
  await hers.dialog.getByRole('tab', { name: hers.t('settings.tab.security') }).click();
  const link = hers.dialog.getByRole('link', { name: hers.t('settings.data.download') });
  const [download] = await Promise.all([hers.page.waitForEvent('download'), link.click()]);
  expect(download.suggestedFilename()).toMatch(/^parley-alice.*\.zip$/);
  const archive = await readFile(await download.path());
  expect(archive.subarray(0, 4).toString('latin1')).toBe('PK\u0003\u0004');
  expect(archive.toString('latin1')).toContain('messages/Town Square');

  await hers.button('settings.deletion.ask').click();
  await hers.dialog.getByLabel(hers.t('settings.password.current')).fill('not this one');
  await hers.button('settings.deletion.ask').click();
  await expect(hers.dialog.getByRole('alert')).toBeVisible();
  await accessible(hers.page, 'asking to be deleted');
  await hers.dialog.getByLabel(hers.t('settings.password.current')).fill(password);
  await hers.dialog.getByLabel(hers.t('settings.deletion.reason')).fill('I move to the sea');
  await hers.button('settings.deletion.ask').click();
  await expect(hers.button('settings.deletion.takeBack')).toBeVisible();

  const moderator = await (await world.open(world.admin)).ready();
  await moderator.page.getByRole('button', { name: /^Your menu/ }).click();
  await moderator.menuItem('people.deletions').click();
  const row = moderator.dialog.getByRole('listitem').filter({ hasText: alice.name });
  await expect(row).toContainText('I move to the sea');
  await accessible(moderator.page, 'requests to be deleted');
  await moderator.button('people.deletions.carryOut', {}, row).click();
  const ask = moderator.page.getByRole('alertdialog').or(moderator.page.getByRole('dialog')).last();
  await accessible(moderator.page, 'carrying out a deletion', '[role=dialog]:last-of-type, [role=alertdialog]');
  await moderator.button('people.deletions.carryOut', {}, ask).click();
  await expect(row).toBeHidden();
  await expect(hers.page).toHaveURL(/\/login/);
  const his = await (await world.open(bob)).ready();
  await expect(his.message('The beans are mine')).toBeVisible();
});
