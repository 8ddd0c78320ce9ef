import { words } from '../src/words.ts';
import { expect, test } from '../src/world.ts';

test('who loses the network is told quietly, and catches up without a reload', async ({ world }) => {
  const [alice, bob] = [await world.join('alice'), await world.join('bob')];
  const room = await world.channel(alice, 'Garden plans', [bob]);
  const hers = await (await world.open(alice, `channels/${room.name}`)).ready();
  await hers.say('Before');
  await hers.page.context().setOffline(true);
  await expect(hers.page.getByText(hers.t('app.offline'))).toBeVisible();
  const missed = await bob.say(room.id, 'Meanwhile');
  await bob.client.patchPost({ id: missed.id, message: 'Meanwhile, edited' });
  await bob.say(world.square.id, `@${alice.name} are you there?`);
  await hers.page.context().setOffline(false);
  await expect(hers.message('Meanwhile, edited')).toBeVisible({ timeout: 40_000 });
  await expect(hers.row('Town Square')).toHaveAccessibleName(/1 mention/);
  await expect(hers.page.getByText(hers.t('app.offline'))).toBeHidden();
});

test('a message that can’t be sent says so, and goes out by itself when there is a network, once', async ({
  world,
}) => {
  const [alice, bob] = [await world.join('alice'), await world.join('bob')];
  const room = await world.channel(alice, 'Garden plans', [bob]);
  const [hers, his] = await Promise.all([
    world.open(alice, `channels/${room.name}`),
    world.open(bob, `channels/${room.name}`),
  ]);
  await Promise.all([hers.ready(), his.ready()]);
  await hers.page.context().setOffline(true);
  await hers.box().fill('Out of a tunnel');
  await hers.box().press('Enter');
  const failed = hers.message('Out of a tunnel');
  await expect(failed).toContainText(hers.t('messages.notSent'));
  await expect(failed.getByRole('button', { name: hers.t('messages.retry') })).toBeVisible();
  await hers.page.context().setOffline(false);
  await expect(his.message('Out of a tunnel')).toBeVisible();
  await expect(hers.message('Out of a tunnel')).toHaveCount(1);
  await expect(hers.message('Out of a tunnel')).not.toContainText(hers.t('messages.notSent'));
  const { posts } = await alice.client.getPosts(room.id);
  expect(Object.values(posts).filter((post) => post.message === 'Out of a tunnel')).toHaveLength(1);
});

test('a server that restarts is found again, and nothing is lost', async ({ world }) => {
  const [alice, bob] = [await world.join('alice'), await world.join('bob')];
  const room = await world.channel(alice, 'Garden plans', [bob]);
  const hers = await (await world.open(alice, `channels/${room.name}`)).ready();
  // The socket alone dies, as behind a proxy that was restarted.
  await hers.page.evaluate(() => window.dispatchEvent(new Event('offline')));
  await bob.say(room.id, 'While nobody listened');
  await hers.page.evaluate(() => window.dispatchEvent(new Event('online')));
  await expect(hers.message('While nobody listened')).toBeVisible();
});

test('what happens before the page hears of events is caught up with', async ({ world }) => {
  const [alice, bob] = [await world.join('alice'), await world.join('bob')];
  const room = await world.channel(alice, 'Garden plans', [bob]);
  await bob.say(room.id, 'Known from the start');
  const hers = await (await world.open(alice, `channels/${room.name}`)).ready();
  let hear = () => {};
  const silence = new Promise<void>((resolve) => {
    hear = resolve;
  });
  await hers.page.routeWebSocket(/websocket/, async (socket) => {
    await silence;
    socket.connectToServer();
  });
  await hers.page.reload();
  await expect(hers.message('Known from the start')).toBeVisible();
  await bob.say(room.id, 'Too early to be heard');
  await bob.say(world.square.id, `@${alice.name} are you there?`);
  await expect(hers.row('Town Square')).toHaveAccessibleName('Town Square');
  hear();
  await expect(hers.message('Too early to be heard')).toBeVisible();
  await expect(hers.row('Town Square')).toHaveAccessibleName(/1 mention/);
  await bob.say(room.id, 'And now');
  await expect(hers.message('And now')).toBeVisible();
});

test('a reload at any point shows what there was: the place, the draft, the open thread’s channel', async ({
  world,
}) => {
  const [alice, bob] = [await world.join('alice'), await world.join('bob')];
  const room = await world.channel(alice, 'Garden plans', [bob]);
  const root = await bob.say(room.id, 'Who waters?');
  await bob.say(room.id, 'I could on Monday', root.id);
  const hers = await (await world.open(alice, `channels/${room.name}`)).ready();
  await hers.box().fill('Half a sent');
  await hers.go('Off-Topic');
  await expect(hers.row('Garden plans')).toHaveAccessibleName(/draft/);
  await hers.page.reload();
  await hers.ready();
  await hers.go('Garden plans');
  await expect(hers.box()).toHaveValue('Half a sent');
  // In the middle of sending: it is there once, whether the answer came or not.
  await hers.box().fill('Sent in haste');
  await hers.box().press('Enter');
  await hers.page.reload();
  await hers.ready();
  const sent = async () => (await alice.client.getPosts(room.id)).order.length;
  const before = await sent();
  await hers.page.reload();
  await hers.ready();
  expect(await sent()).toBe(before);
  await hers
    .message('Who waters?')
    .getByRole('button', { name: words('messages.replies', { count: 1 }) })
    .click();
  await expect(hers.message('I could on Monday', hers.pane)).toBeVisible();
  await hers.page.reload();
  await hers.ready();
  await expect(hers.message('Who waters?')).toBeVisible();
});
