import { accessible } from '../src/axe.ts';
import { expect, test } from '../src/world.ts';

test('a message is marked as urgent, stays so as a draft, and its readers say that they have seen it', async ({
  world,
}) => {
  const [alice, bob] = [await world.join('alice'), await world.join('bob')];
  const room = await world.channel(alice, 'Garden plans', [bob]);
  const hers = await (await world.open(alice, `channels/${room.name}`)).ready();
  const his = await (await world.open(bob, `channels/${room.name}`)).ready();

  const choose = async (id: string) => {
    await hers.button('composer.priority').click();
    await hers.page.getByRole('menuitemcheckbox', { name: hers.t(id) }).click();
  };
  await hers.box().fill('The greenhouse is on fire');
  await hers.button('composer.priority').click();
  await accessible(hers.page, 'choosing a priority', '[role=menu]');
  await hers.page.keyboard.press('Escape');
  await choose('composer.priority.urgent');
  await choose('composer.priority.ack');
  const line = hers.main.getByRole('status').filter({ hasText: hers.t('composer.priority.ack.asked') });
  await expect(line).toContainText(hers.t('composer.priority.urgent'));
  await accessible(hers.page, 'a message with a priority');
  await hers.go('Town Square');
  await hers.go('Garden plans');
  await expect(line).toBeVisible();
  await hers.box().press('Enter');
  await expect(line).toBeHidden();

  const theirs = his.message('The greenhouse is on fire');
  await expect(theirs).toContainText(his.t('messages.urgent'));
  await his.button('messages.ack.do', {}, theirs).click();
  await expect(his.button('messages.ack.done', {}, theirs)).toHaveAttribute('aria-pressed', 'true');
  const own = hers.message('The greenhouse is on fire');
  await hers.button('messages.ack.count', { count: 1 }, own).click();
  await expect(hers.page.getByRole('list', { name: hers.t('messages.ack.who') })).toContainText(bob.name);
  await accessible(hers.page, 'who has acknowledged');
  await hers.page.keyboard.press('Escape');
  await his.button('messages.ack.done', {}, theirs).click();
  await expect(own).toContainText(hers.t('messages.ack.none'));
  await his.page.reload();
  await expect(his.button('messages.ack.do', {}, theirs)).toBeVisible();

  // What is ordinary again goes as such.
  await hers.box().fill('Only smoke');
  await choose('composer.priority.important');
  await hers.button('composer.priority.remove').click();
  await hers.box().press('Enter');
  await expect(his.message('Only smoke')).toBeVisible();
  await expect(his.message('Only smoke')).not.toContainText(his.t('messages.important'));
});
