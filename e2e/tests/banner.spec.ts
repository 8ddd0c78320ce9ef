import { accessible } from '../src/axe.ts';
import { expect, test } from '../src/world.ts';

test('a channel has a banner that everybody sees, until it is taken away', async ({ world }) => {
  const [alice, bob] = [await world.join('alice'), await world.join('bob')];
  const room = await world.channel(alice, 'Garden plans', [bob]);
  const hers = await (await world.open(alice, `channels/${room.name}`)).ready();
  const his = await (await world.open(bob, `channels/${room.name}`)).ready();
  const settings = async () => {
    await hers.channelMenu('channels.settings');
    await hers.dialog.getByRole('tab', { name: hers.t('channels.settings.banner') }).click();
  };
  await settings();
  await hers.dialog.getByRole('switch', { name: hers.t('channels.banner.enabled') }).click();
  await hers.button('channels.save', {}, hers.dialog).click();
  await expect(hers.dialog).toContainText(hers.t('channels.banner.wanted'));
  await hers.dialog
    .getByLabel(hers.t('channels.banner.text'))
    .fill('No digging **before** Sunday, see https://example.org');
  await accessible(hers.page, 'setting a banner');
  await hers.button('channels.save', {}, hers.dialog).click();
  await expect(his.main.locator('[data-banner]')).toContainText('before Sunday');
  await accessible(his.page, 'a channel with a banner');
  await settings();
  await hers.dialog.getByRole('switch', { name: hers.t('channels.banner.enabled') }).click();
  await hers.button('channels.save', {}, hers.dialog).click();
  await expect(his.main.locator('[data-banner]')).toBeHidden();
});

test('a group conversation becomes a private channel', async ({ world }) => {
  const [alice, bob, cleo] = [await world.join('alice'), await world.join('bob'), await world.join('cleo')];
  const group = await alice.client.createGroupChannel([alice.id, bob.id, cleo.id]);
  await bob.say(group.id, 'We are many');
  const hers = await (await world.open(alice, `messages/${group.name}`)).ready();
  await hers.channelMenu('channels.group.convert');
  await hers.dialog.getByLabel(hers.t('channels.name')).fill('Greenhouse');
  await accessible(hers.page, 'making a channel of a conversation');
  await hers.button('channels.group.do', {}, hers.dialog).click();
  await expect(hers.title).toContainText('Greenhouse');
  await expect(hers.page).toHaveURL(/\/channels\/greenhouse$/);
  await expect(hers.message('We are many')).toBeVisible();
});
