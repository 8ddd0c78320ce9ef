import { accessible } from '../src/axe.ts';
import { expect, test } from '../src/world.ts';

test('a channel shows who has read a message, once that is switched on, and not who hides it', async ({ world }) => {
  const [alice, bob, cleo] = [await world.join('alice'), await world.join('bob'), await world.join('cleo')];
  await cleo.prefer('parley', 'hide_read_receipts', 'true');
  const room = await world.channel(alice, 'Garden plans', [bob, cleo]);
  const hers = await (await world.open(alice, `channels/${room.name}`)).ready();
  await hers.page.keyboard.press('Control+Alt+i');
  await hers.pane.getByRole('switch', { name: hers.t('channels.receipts') }).click();
  await expect(hers.pane.getByRole('switch', { name: hers.t('channels.receipts') })).toBeChecked();
  await hers.say('Who digs on Sunday?');
  const question = hers.message('Who digs on Sunday?');

  const his = await (await world.open(bob, `channels/${room.name}`)).ready();
  await expect(his.message('Who digs on Sunday?')).toBeVisible();
  await (await world.open(cleo, `channels/${room.name}`)).ready();
  await hers.button('messages.read.count', { count: 1 }, question).click();
  const who = hers.page.getByRole('list', { name: hers.t('messages.read.who') });
  await expect(who).toContainText(bob.name);
  await expect(who).not.toContainText(cleo.name);
  await accessible(hers.page, 'who has read a message');
  await hers.page.keyboard.press('Escape');

  // Marked as unread it is unread, and he is told that others see it.
  await his.act(his.message('Who digs on Sunday?'), 'unread');
  await expect(hers.button('messages.read.count', { count: 1 }, question)).toBeHidden();
  await his.page.keyboard.press('Control+Alt+i');
  await expect(his.pane.getByText(his.t('channels.receipts.on'))).toBeVisible();
  await hers.pane.getByRole('switch', { name: hers.t('channels.receipts') }).click();
  await expect(his.pane.getByText(his.t('channels.receipts.on'))).toBeHidden();
});
