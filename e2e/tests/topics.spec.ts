import { accessible } from '../src/axe.ts';
import { expect, test } from '../src/world.ts';

test('a thread gets a title, is listed, followed, resolved and opened again', async ({ world }) => {
  const [alice, bob] = [await world.join('alice'), await world.join('bob')];
  const room = await world.channel(alice, 'Garden plans', [bob]);
  await bob.say(room.id, 'Which seeds do we order?');
  const hers = await (await world.open(alice, `channels/${room.name}`)).ready();
  const his = await (await world.open(bob, `channels/${room.name}`)).ready();
  await his.channelMenu('channels.topics');
  await expect(his.pane.getByText(his.t('topics.none.open'))).toBeVisible();
  await his.pane.getByRole('switch', { name: his.t('topics.follow') }).click();

  await hers.act(hers.message('Which seeds'), 'topic');
  await hers.button('topics.save').click();
  await expect(hers.dialog).toContainText(hers.t('topics.title.wanted'));
  await accessible(hers.page, 'giving a thread a title');
  await hers.dialog.getByLabel(hers.t('topics.title')).fill('Seeds of 2027');
  await hers.button('topics.save').click();
  await expect(hers.dialog).toBeHidden();
  await expect(hers.message('Which seeds')).toContainText('Seeds of 2027');

  const list = his.pane.getByRole('list', { name: his.t('topics.topics') });
  const row = list.getByRole('listitem').filter({ hasText: 'Seeds of 2027' });
  await expect(row).toBeVisible();
  await accessible(his.page, 'the topics of a channel');
  await his.button('topics.resolve', { title: 'Seeds of 2027' }, row).click();
  await expect(row).toBeHidden();
  await expect(hers.message('Which seeds')).toContainText(hers.t('messages.topic.resolved'));
  await his.pane.getByRole('radio', { name: his.t('topics.resolved') }).check();
  await his.button('topics.reopen', { title: 'Seeds of 2027' }, row).click();
  await his.pane.getByRole('radio', { name: his.t('topics.open') }).check();
  await row.getByRole('button', { name: /^Seeds of 2027/ }).click();
  await expect(his.pane.getByRole('heading', { name: 'Seeds of 2027' })).toBeVisible();
  // He follows new topics, so this one is among his threads.
  await expect(his.button('threads.following', {}, his.pane)).toBeVisible();

  await hers.page.reload();
  await expect(hers.message('Which seeds')).toContainText('Seeds of 2027');
  await hers.act(hers.message('Which seeds'), 'topic');
  await hers.button('topics.remove').click();
  await expect(hers.message('Which seeds')).not.toContainText('Seeds of 2027');
});
