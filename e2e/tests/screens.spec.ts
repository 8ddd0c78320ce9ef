import { accessible } from '../src/axe.ts';
import { words } from '../src/words.ts';
import { expect, test } from '../src/world.ts';

test('every part of the settings is accessible in both themes', async ({ world }) => {
  test.slow();
  const alice = await world.join('alice');
  const hers = await (await world.open(alice)).ready();
  await hers.page.keyboard.press('Control+Shift+a');
  for (const tab of ['profile', 'security', 'notifications', 'display', 'sidebar', 'advanced']) {
    await hers.dialog.getByRole('tab', { name: words(`settings.tab.${tab}`) }).click();
    // The part before it may still be on its way out.
    await expect(hers.dialog.getByRole('tabpanel')).toHaveCount(1);
    await accessible(hers.page, `settings: ${tab}`);
  }
});

test('every pane is accessible in both themes', async ({ world }) => {
  const [alice, bob] = [await world.join('alice'), await world.join('bob')];
  const post = await bob.say(world.square.id, `@${alice.name} the **hedge** is due, see \`garden.md\` :tada:`);
  await alice.client.pinPost(post.id);
  await alice.prefer('flagged_post', post.id, 'true');
  const hers = await (await world.open(alice)).ready();
  const panes: [string, () => Promise<void>][] = [
    ['mentions', () => hers.button('app.mentions').click()],
    ['saved messages', () => hers.button('app.saved').click()],
    [
      'pinned messages',
      () => hers.main.getByRole('button', { name: words('channels.pinned.count', { count: 1 }) }).click(),
    ],
    ['about the channel', () => hers.main.getByRole('button', { name: words('channels.info') }).click()],
  ];
  for (const [name, open] of panes) {
    await open();
    await expect(hers.pane).toBeVisible();
    if (name !== 'about the channel') await expect(hers.pane.getByText('hedge').first()).toBeVisible();
    await accessible(hers.page, name);
  }
});

test('every dialog and menu is accessible in both themes', async ({ world }) => {
  test.slow();
  const [alice, bob] = [await world.join('alice'), await world.join('bob')];
  await bob.say(world.square.id, 'Press me');
  const hers = await (await world.open(alice)).ready();
  const keys = hers.page.keyboard;
  const dialogs: [string, () => Promise<void>][] = [
    ['the switcher', () => keys.press('Control+k')],
    ['the shortcuts', () => keys.press('Control+/')],
    ['a new message', () => keys.press('Control+Shift+k')],
    ['notifications of a channel', () => hers.channelMenu('channels.notifications')],
  ];
  for (const [name, open] of dialogs) {
    await open();
    await expect(hers.dialog).toBeVisible();
    await accessible(hers.page, name);
    await keys.press('Escape');
    await expect(hers.dialog).toBeHidden();
  }
  await hers.message('Press me').hover();
  await accessible(hers.page, 'a message under the pointer');
  await hers.button('messages.more.acts', {}, hers.message('Press me')).click();
  await expect(hers.menuItem('messages.act.pin')).toBeVisible();
  await accessible(hers.page, 'the menu of a message', '[role=menu]');
  await keys.press('Escape');
  await hers.message('Press me').getByRole('button', { name: bob.name }).first().click();
  await expect(hers.dialog).toBeVisible();
  await accessible(hers.page, 'the card of a person');
});

test('an address that leads nowhere says so, accessibly', async ({ world }) => {
  const alice = await world.join('alice');
  const hers = await world.open(alice, 'channels/no-such-place');
  await expect(hers.page.getByText(words('app.notFound.title'))).toBeVisible();
  await accessible(hers.page, 'nothing here');
});
