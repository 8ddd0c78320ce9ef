import { accessible } from '../src/axe.ts';
import { expect, test } from '../src/world.ts';

test('statistics of a channel and of the team', async ({ world }) => {
  const [alice, bob] = [await world.join('alice'), await world.join('bob')];
  await world.admin.client.updateTeamMemberSchemeRoles(world.team.id, alice.id, true, true);
  const room = await world.channel(alice, 'Garden plans', [bob]);
  for (const message of ['peas', 'beans']) await alice.client.createPost({ channel_id: room.id, message } as never);
  await bob.client.createPost({ channel_id: room.id, message: 'tea' } as never);
  const hers = await (await world.open(alice, `channels/${room.name}`)).ready();
  await hers.main
    .getByRole('button', { name: /Garden plans/ })
    .first()
    .click();
  await hers.menuItem('channels.statistics').click();
  const figure = (name: string) =>
    hers.dialog.locator('div', { has: hers.page.locator('dt', { hasText: name }) }).last();
  await expect(figure(hers.t('statistics.messages'))).toContainText('3');
  await expect(hers.dialog.getByRole('listitem').first()).toContainText(alice.name);
  await expect(hers.dialog.getByRole('row')).toHaveCount(2);
  await accessible(hers.page, 'statistics of a channel');
  await hers.page.keyboard.press('Escape');
  const teamMenu = hers.page.getByRole('button', { name: 'Reading room', exact: true });
  await teamMenu.click();
  await hers.menuItem('teams.people').click();
  await expect(hers.dialog).toContainText(bob.name);
  await hers.page.keyboard.press('Escape');
  await teamMenu.click();
  await hers.menuItem('teams.statistics').click();
  await expect(figure(hers.t('statistics.open'))).toContainText('3');
  await expect(hers.dialog.getByRole('listitem').first()).toContainText('Garden plans');
  await accessible(hers.page, 'statistics of a team');
});

test('a channel becomes one for announcements', async ({ world }) => {
  const [alice, bob] = [await world.join('alice'), await world.join('bob')];
  const room = await world.channel(alice, 'News', [bob]);
  const hers = await (await world.open(alice, `channels/${room.name}`)).ready();
  const his = await (await world.open(bob, `channels/${room.name}`)).ready();
  await hers.main.getByRole('button', { name: /News/ }).first().click();
  await hers.menuItem('channels.settings').click();
  await hers.dialog.getByRole('tab', { name: hers.t('channels.settings.moderation') }).click();
  const write = hers.dialog.getByRole('switch', { name: hers.t('channels.moderation.create_post') });
  await expect(write).toBeChecked();
  await accessible(hers.page, 'what members may do in a channel');
  await write.click();
  await expect(write).not.toBeChecked();
  await expect(his.box()).toHaveCount(0);
  await accessible(his.page, 'a channel that one only reads');
  await hers.page.keyboard.press('Escape');
  await hers.say('The summer party is on Friday');
  await expect(his.message('The summer party is on Friday')).toBeVisible();

  await hers.main.getByRole('button', { name: /News/ }).first().click();
  await hers.menuItem('channels.settings').click();
  await hers.dialog.getByRole('tab', { name: hers.t('channels.settings.moderation') }).click();
  await write.click();
  await expect(his.box()).toBeVisible();
});
