import { accessible } from '../src/axe.ts';
import { Files } from '../src/pages/files.ts';
import { text } from '../src/samples.ts';
import { pattern } from '../src/words.ts';
import { expect, test } from '../src/world.ts';

test('a message is sent later, changed, and listed until it goes', async ({ world }) => {
  const [alice, bob] = [await world.join('alice'), await world.join('bob')];
  const room = await world.channel(alice, 'Garden plans', [bob]);
  const hers = await (await world.open(alice, `channels/${room.name}`)).ready();
  const his = await (await world.open(bob, `channels/${room.name}`)).ready();
  await hers.box().fill('Good morning');
  await hers.button('composer.later').click();
  await accessible(hers.page, 'when to send', '[role="menu"]');
  await hers.menuItem('composer.later.tomorrow').click();
  await expect(hers.box()).toHaveValue('');
  await expect(hers.main.getByText(/A message will be sent here tomorrow, 9:00/)).toBeVisible();
  await accessible(hers.page, 'a channel with a scheduled message');

  await hers.main.getByRole('link', { name: hers.t('composer.later.see') }).click();
  const card = hers.main.getByRole('article', { name: pattern('drafts.scheduled.of') });
  await expect(card).toContainText('Good morning');
  await accessible(hers.page, 'scheduled messages');
  await hers.button('drafts.scheduled.change', {}, card).click();
  await accessible(hers.page, 'changing a scheduled message');
  await hers.dialog.getByLabel(hers.t('drafts.schedule.message')).fill('Good morning, gardeners');
  await hers.dialog.getByLabel(hers.t('drafts.repeat')).selectOption({ label: hers.t('drafts.repeat.weekdays') });
  await hers.button('drafts.schedule.save', {}, hers.dialog).click();
  await expect(card).toContainText('Good morning, gardeners');
  await expect(card).toContainText(hers.t('drafts.repeat.weekdays'));

  // Now, and again on the next weekday: it goes on being listed.
  await hers.button('drafts.send', {}, card).click();
  await expect(his.message('Good morning, gardeners')).toBeVisible();
  await expect(card).toBeVisible();
  await hers.button('drafts.delete', {}, card).click();
  await expect(hers.main.getByText(hers.t('drafts.scheduled.none'))).toBeVisible();

  // Files wait with their message.
  await hers.go('Garden plans');
  const files = new Files(hers);
  await files.choose([text('seeds.txt', 'Beans')]);
  await hers.box().fill('The list');
  await hers.button('composer.later').click();
  await hers.menuItem('composer.later.tomorrow').click();
  await expect(files.attached()).toBeHidden();
  await hers.main.getByRole('link', { name: hers.t('composer.later.see') }).click();
  await expect(card).toContainText(hers.t('drafts.files', { count: 1 }));
  await hers.button('drafts.send', {}, card).click();
  await expect(his.message('The list')).toContainText('seeds.txt');
});

test('a message goes at its time, and one that can’t says why', async ({ world }) => {
  const [alice, bob] = [await world.join('alice'), await world.join('bob')];
  const room = await world.channel(alice, 'Garden plans', [bob]);
  const hers = await (await world.open(alice, `channels/${room.name}`)).ready();
  const his = await (await world.open(bob, `channels/${room.name}`)).ready();
  const soon = { user_id: bob.id, root_id: '', props: {}, scheduled_at: Date.now() + 3000 };
  await bob.client.createScheduledPost({ ...soon, channel_id: room.id, message: 'On time' } as never, '');
  await expect(hers.message('On time')).toBeVisible();

  const closed = await world.channel(alice, 'Closed soon', [bob]);
  const late = { ...soon, scheduled_at: Date.now() + 4000 };
  await bob.client.createScheduledPost({ ...late, channel_id: closed.id, message: 'Too late' } as never, '');
  await alice.client.deleteChannel(closed.id);
  await his.page.goto(`/${world.team.name}/scheduled_posts`);
  await expect(his.main.getByText(his.t('drafts.failed.channel_archived'))).toBeVisible();
  await accessible(his.page, 'a scheduled message that failed');
});
