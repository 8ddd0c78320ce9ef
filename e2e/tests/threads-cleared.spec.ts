import type { Page } from '@playwright/test';
import type { Person } from '../src/person.ts';
import { expect, test, type World } from '../src/world.ts';

/** What is unread in a thread, as the server has it: replies and mentions. */
async function unread(world: World, person: Person, rootId: string): Promise<[number, number]> {
  const thread = await person.client.getUserThread(person.id, world.team.id, rootId);
  return [thread.unread_replies, thread.unread_mentions];
}

/** leave has the window think that somebody looks elsewhere; `come` that they are back. */
const leave = (page: Page) =>
  page.evaluate(() => {
    document.hasFocus = () => false;
    window.dispatchEvent(new Event('blur'));
  });
const come = (page: Page) =>
  page.evaluate(() => {
    document.hasFocus = Document.prototype.hasFocus;
    window.dispatchEvent(new Event('focus'));
  });

test('A thread that has been read is unread nowhere, in whichever way it was read', async ({ world }) => {
  const [alice, bob] = [await world.join('alice'), await world.join('bob')];
  const room = await world.channel(alice, 'Garden plans', [bob]);
  const root = await alice.say(room.id, 'Who waters on Sunday?');
  const reply = (words: string) => bob.say(room.id, words, root.id);
  await reply('I may');
  const hers = await world.open(alice, `channels/${room.name}`);
  const list = await world.open(alice, 'threads');
  await hers.ready();
  const entry = list.row(list.t('sidebar.threads'));
  const item = list.main.getByRole('listitem').filter({ hasText: 'Who waters on Sunday?' });
  const cleared = async () => {
    await expect.poll(() => unread(world, alice, root.id)).toEqual([0, 0]);
    await expect(item.getByText(list.t('threads.isUnread'))).toHaveCount(0);
    await expect(entry).toHaveAccessibleName(list.t('sidebar.threads'));
    await expect(hers.row(hers.t('sidebar.threads'))).toHaveAccessibleName(hers.t('sidebar.threads'));
  };

  await test.step('opened', async () => {
    await expect(item.getByText(list.t('threads.isUnread'))).toHaveCount(1);
    await hers
      .message('Who waters on Sunday?')
      .getByRole('button', { name: /1 reply/ })
      .click();
    await expect(hers.pane.getByText(hers.t('threads.new'))).toBeVisible();
    await cleared();
  });
  await test.step('open and looked at', async () => {
    for (let i = 0; i < 12; i++) await reply(`Perhaps, @${alice.name}, number ${i}`);
    await expect(hers.message('number 11', hers.pane)).toBeVisible();
    await cleared();
  });
  await test.step('open and left alone', async () => {
    await leave(hers.page);
    await leave(list.page);
    await reply(`Still there, @${alice.name}?`);
    await expect(item.getByText(list.t('threads.isUnread'))).toHaveCount(1);
    expect(await unread(world, alice, root.id)).toEqual([1, 1]);
    await come(hers.page);
    await cleared();
  });
  await test.step('the unread reply is deleted', async () => {
    await leave(hers.page);
    const gone = await reply(`Never mind, @${alice.name}`);
    await expect(item.getByText(list.t('threads.isUnread'))).toHaveCount(1);
    await bob.client.deletePost(gone.id);
    await cleared();
  });
  await test.step('the mention is edited away, then the reply deleted', async () => {
    const gone = await reply(`Or you, @${alice.name}`);
    await bob.client.patchPost({ id: gone.id, message: 'Or not' });
    await bob.client.deletePost(gone.id);
    await cleared();
  });
  await test.step('answered from elsewhere', async () => {
    await reply('Shall I?');
    await expect(item.getByText(list.t('threads.isUnread'))).toHaveCount(1);
    await alice.say(room.id, 'Please do', root.id);
    await cleared();
  });
  await test.step('read with all others', async () => {
    await reply(`Done, @${alice.name}`);
    await expect(item.getByText(list.t('threads.isUnread'))).toHaveCount(1);
    await list.button('threads.readAll').click();
    await list.button('threads.readAllConfirm', {}, list.dialog).click();
    await cleared();
  });
  await test.step('loaded again', async () => {
    await hers.page.reload();
    await hers.ready();
    await cleared();
  });
});

test('A thread that was marked unread by hand stays so while it is open', async ({ world }) => {
  const [alice, bob] = [await world.join('alice'), await world.join('bob')];
  const room = await world.channel(alice, 'Garden plans', [bob]);
  const root = await alice.say(room.id, 'Apples or pears?');
  await bob.say(room.id, 'Pears', root.id);
  await bob.say(room.id, 'Or plums', root.id);
  const hers = await world.open(alice, `channels/${room.name}`);
  await hers.ready();
  await hers.openThread(hers.message('Apples or pears?'));
  await expect.poll(() => unread(world, alice, root.id)).toEqual([0, 0]);
  await hers.act(hers.message('Or plums', hers.pane), 'unread');
  await expect.poll(() => unread(world, alice, root.id)).toEqual([1, 0]);
  await expect(hers.row(hers.t('sidebar.threads'))).not.toHaveAccessibleName(hers.t('sidebar.threads'));
  await bob.say(room.id, 'Or cherries', root.id);
  await expect(hers.message('Or cherries', hers.pane)).toBeVisible();
  await expect.poll(() => unread(world, alice, root.id)).toEqual([2, 0]);
  await hers.button('ui.close', {}, hers.pane).click();
  await hers.openThread(hers.message('Apples or pears?'));
  await expect.poll(() => unread(world, alice, root.id)).toEqual([0, 0]);
});

test('A long thread opens where one left off and loads as one reads', async ({ world }) => {
  test.slow();
  const [alice, bob] = [await world.join('alice'), await world.join('bob')];
  const room = await world.channel(alice, 'Counting', [bob]);
  const root = await alice.say(room.id, 'Count with me');
  for (let i = 1; i <= 80; i++) await bob.say(room.id, `Number ${i}.`, root.id);
  const seen = await bob.say(room.id, 'Up to here', root.id);
  await alice.client.updateThreadReadForUser(alice.id, world.team.id, root.id, seen.create_at);
  for (let i = 81; i <= 160; i++) await bob.say(room.id, `Number ${i}.`, root.id);
  const hers = await world.open(alice, `threads/${root.id}`);
  await expect(hers.page.getByText(hers.t('threads.new'), { exact: true })).toBeVisible();
  await expect(hers.message('Up to here', hers.page.getByRole('main'))).toBeVisible();
  await expect(hers.message(/Number 160/)).toHaveCount(0);
  await hers.button('threads.newCount', { count: 80 }).click();
  await expect(hers.message(/Number 160/)).toBeVisible();
  await hers.message(/Number 160/).press('Home');
  await expect(hers.message(/Number 160/)).toHaveCount(0);
});
