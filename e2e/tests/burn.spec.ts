import { accessible } from '../src/axe.ts';
import { expect, test } from '../src/world.ts';

test('a message disappears once it has been read', async ({ world }) => {
  const [alice, bob, carol] = [await world.join('alice'), await world.join('bob'), await world.join('carol')];
  const room = await world.channel(alice, 'Garden plans', [bob, carol]);
  const hers = await (await world.open(alice, `channels/${room.name}`)).ready();
  const his = await (await world.open(bob, `channels/${room.name}`)).ready();

  await hers.box().fill('The key is under the third pot');
  await hers.button('composer.priority').click();
  await hers.page.getByRole('menuitemcheckbox', { name: hers.t('composer.burn') }).click();
  await expect(hers.main.getByRole('status').filter({ hasText: hers.t('composer.burn') })).toBeVisible();
  await accessible(hers.page, 'writing a message that disappears');
  await hers.box().press('Enter');
  const own = hers.message('The key is under the third pot');
  await expect(own).toContainText(hers.t('messages.burn.unread'));

  const read = his.button('messages.burn.read');
  await expect(read).toBeVisible();
  await expect(his.main).not.toContainText('third pot');
  await accessible(his.page, 'a message that can be read once');
  await read.click();
  const theirs = his.message('The key is under the third pot');
  await expect(theirs.getByRole('timer')).toContainText(/9:5\d|10:00/);
  await accessible(his.page, 'a message that disappears');
  await hers.button('messages.burn.count', { count: 1 }, own).click();
  await expect(hers.page.getByRole('list', { name: hers.t('messages.burn.readers') })).toContainText(bob.name);
  await accessible(hers.page, 'who has read a message that disappears');
  await hers.page.keyboard.press('Escape');

  // Loaded again it is still there, until he has enough of it.
  await his.page.reload();
  await his.button('messages.burn.now', {}, theirs).click();
  await expect(his.main).toContainText(his.t('messages.burn.gone'));
  await his.page.reload();
  await expect(his.main).toContainText(his.t('messages.burn.gone'));
  await expect(his.main).not.toContainText('third pot');
  await accessible(his.page, 'a message that has disappeared');
  // Its author, too, reads it after loading again, and takes it back for everybody.
  await hers.page.reload();
  await expect(own).toBeVisible();
  await hers.act(own, 'delete');
  await hers.button('messages.delete.confirm', {}, hers.dialog).click();
  await expect(own).toBeHidden();
});

test('what disappears has no files', async ({ world }) => {
  const alice = await world.join('alice');
  const room = await world.channel(alice, 'Garden plans', []);
  const hers = await (await world.open(alice, `channels/${room.name}`)).ready();
  await hers.main
    .locator('input[type=file]')
    .setInputFiles({ name: 'map.txt', mimeType: 'text/plain', buffer: Buffer.from('x') });
  await hers.box().fill('The way to the key');
  await hers.button('composer.priority').click();
  await hers.page.getByRole('menuitemcheckbox', { name: hers.t('composer.burn') }).click();
  await hers.box().press('Enter');
  await expect(hers.main.getByText(hers.t('composer.burn.noFiles'))).toBeVisible();
});
