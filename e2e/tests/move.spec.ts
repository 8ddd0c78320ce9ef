import { accessible } from '../src/axe.ts';
import { expect, test } from '../src/world.ts';

test('a thread is copied to another channel, then moved there', async ({ world }) => {
  const [alice, bob] = [await world.join('alice'), await world.join('bob')];
  const garden = await world.channel(alice, 'Garden plans', [bob]);
  await world.channel(alice, 'Kitchen', [bob]);
  const hers = await (await world.open(alice, `channels/${garden.name}`)).ready();
  const his = await (await world.open(bob, `channels/${garden.name}`)).ready();
  await hers.say('Who brings peas?');
  await expect(his.message('Who brings peas?')).toBeVisible();
  const root = (await alice.client.getPosts(garden.id)).order[0] ?? '';
  await bob.client.createPost({ channel_id: garden.id, root_id: root, message: 'I do' } as never);
  await expect(hers.message('Who brings peas?')).toContainText('1');

  const choose = async () => {
    await hers.act(hers.message('Who brings peas?'), 'move');
    await hers.dialog.getByLabel(hers.t('messages.move.to')).fill('kit');
    await hers.page.getByRole('option', { name: 'Kitchen' }).click();
  };
  // Only authors, and who may delete others' messages, are offered it.
  await his.message('Who brings peas?').hover();
  await his.button('messages.more.acts', {}, his.message('Who brings peas?')).click();
  await expect(his.menuItem('messages.act.forward')).toBeVisible();
  await expect(his.menuItem('messages.act.move')).toHaveCount(0);
  await his.page.keyboard.press('Escape');

  await choose();
  await hers.dialog.getByRole('radio', { name: hers.t('messages.move.copy') }).check();
  await accessible(hers.page, 'copying a thread');
  await hers.button('messages.move.copy', {}, hers.dialog).click();
  await hers.page.getByRole('button', { name: hers.t('messages.move.go'), exact: true }).click();
  await expect(hers.title).toContainText('Kitchen');
  await expect(hers.message('Who brings peas?')).toBeVisible();
  await hers.go('Garden plans');
  await expect(hers.message('Who brings peas?')).toBeVisible();

  await choose();
  await accessible(hers.page, 'moving a thread');
  await hers.button('messages.move.move', {}, hers.dialog).click();
  await expect(his.message('Who brings peas?')).toHaveCount(0);
  await expect(hers.message('Who brings peas?')).toHaveCount(0);
  await expect(his.main).toContainText(his.t('messages.system.threadMoved', { count: 2 }));
  await his.go('Kitchen');
  await expect(his.message('Who brings peas?')).toHaveCount(2);
  await expect(his.message('Who brings peas?').first()).toContainText('1');
});
