import { accessible } from '../src/axe.ts';
import { expect, test } from '../src/world.ts';

test('a channel is made, found, joined and left', async ({ world }) => {
  const [alice, bob] = [await world.join('alice'), await world.join('bob')];
  const [hers, his] = await Promise.all([world.open(alice), world.open(bob)]);
  await Promise.all([hers.ready(), his.ready()]);
  await hers.button('sidebar.new').click();
  await hers.menuItem('sidebar.newChannel').click();
  await accessible(hers.page, 'making a channel');
  await hers.dialog.getByLabel(hers.t('channels.name'), { exact: true }).fill('Bee keeping');
  await hers.button('channels.new.create', {}, hers.dialog).click();
  await expect(hers.title).toContainText('Bee keeping');
  await expect(hers.page).toHaveURL(/\/channels\/bee-keeping/);
  await accessible(hers.page, 'an empty channel');
  await hers.say('Two hives');

  await his.button('sidebar.new').click();
  await his.menuItem('sidebar.browse').click();
  await his.dialog.getByLabel(his.t('channels.browse.search')).fill('bee');
  await expect(his.button('channels.browse.joinOf', { name: 'Bee keeping' })).toBeVisible();
  await accessible(his.page, 'browsing channels');
  await his.button('channels.browse.joinOf', { name: 'Bee keeping' }).click();
  await expect(his.message('Two hives')).toBeVisible();
  await expect(hers.message(`${bob.name} joined the channel`)).toBeVisible();
  await his.say('Count me in');
  await expect(hers.message('Count me in')).toBeVisible();

  await his.channelMenu('channels.leave');
  await expect(his.row('Bee keeping')).toHaveCount(0);
  await expect(hers.message(`${bob.name} left the channel`)).toBeVisible();
});

test('an archived channel can be read, by everybody who was in it, but not written in', async ({ world }) => {
  const [alice, bob] = [await world.join('alice'), await world.join('bob')];
  const room = await world.channel(alice, 'Old shed', [bob]);
  await bob.say(room.id, 'It leaks');
  const [hers, his] = await Promise.all([
    world.open(alice, `channels/${room.name}`),
    world.open(bob, `channels/${room.name}`),
  ]);
  await Promise.all([hers.ready(), his.ready()]);
  await hers.channelMenu('channels.archive');
  await accessible(hers.page, 'the question before archiving');
  await hers.button('channels.archive.confirm', {}, hers.dialog).click();
  for (const client of [hers, his]) {
    await expect(client.page.getByText(client.t('composer.closed.archived'))).toBeVisible();
    await expect(client.message('It leaks')).toBeVisible();
  }
  await accessible(his.page, 'an archived channel');
});

test('who is made an administrator of a channel may do more at once, and less when it is taken back', async ({
  world,
}) => {
  const [alice, bob] = [await world.join('alice'), await world.join('bob')];
  const room = await world.channel(alice, 'Tool shed', [bob]);
  const [hers, his] = await Promise.all([
    world.open(alice, `channels/${room.name}`),
    world.open(bob, `channels/${room.name}`),
  ]);
  await Promise.all([hers.ready(), his.ready()]);
  await hers.main.getByRole('button', { name: /^\d+ members$/ }).click();
  const row = hers.pane.getByRole('listitem').filter({ hasText: bob.name });
  await accessible(hers.page, 'the members of a channel');
  await row.getByRole('button', { name: hers.t('channels.members.acts', { name: bob.name }) }).click();
  await hers.menuItem('channels.members.promote').click();
  await expect(row.getByText(hers.t('channels.members.admin'))).toBeVisible();
  const mayManage = async () => {
    await his.page.reload();
    await his.ready();
    await his.main.getByRole('button', { name: /^\d+ members$/ }).click();
    const hersThere = his.pane.getByRole('listitem').filter({ hasText: alice.name });
    await hersThere.getByRole('button', { name: his.t('channels.members.acts', { name: alice.name }) }).click();
    const may = await his.menuItem('channels.members.demote').isVisible();
    await his.page.keyboard.press('Escape');
    return may;
  };
  expect(await mayManage()).toBe(true);
  await row.getByRole('button', { name: hers.t('channels.members.acts', { name: bob.name }) }).click();
  await hers.menuItem('channels.members.demote').click();
  await expect(row.getByText(hers.t('channels.members.admin'))).toBeHidden();
  expect(await mayManage()).toBe(false);
});

test('who is added to a private channel sees it appear, and who is removed sees it go', async ({ world }) => {
  const [alice, bob] = [await world.join('alice'), await world.join('bob')];
  const room = await world.channel(alice, 'Secret bed', [], 'P');
  await alice.say(room.id, 'Truffles');
  const his = await (await world.open(bob)).ready();
  await expect(his.row('Secret bed')).toHaveCount(0);
  await alice.client.addToChannel(bob.id, room.id);
  await expect(his.row('Secret bed')).toBeVisible();
  await his.go('Secret bed');
  await expect(his.message('Truffles')).toBeVisible();
  await alice.client.removeFromChannel(bob.id, room.id);
  await expect(his.row('Secret bed')).toHaveCount(0);
  await expect(his.message('Truffles')).toHaveCount(0);
});
