import { Client } from '../src/pages/client.ts';
import { SigninPage } from '../src/pages/signin.ts';
import { password, serverUrl } from '../src/person.ts';
import { words } from '../src/words.ts';
import { expect, test } from '../src/world.ts';

test('everything that matters is done without a mouse', async ({ world, page }) => {
  const [alice, bob] = [await world.join('alice'), await world.join('bob')];
  const room = await world.channel(alice, 'Garden plans', [bob]);
  await bob.say(room.id, 'Shall we dig?');
  const keys = page.keyboard;
  const hers = new Client(page);

  // Sign in: the first field has the focus, Enter sends.
  await page.goto(serverUrl() + world.path());
  await expect(new SigninPage(page).field('signin.login.nameOrEmail')).toBeFocused();
  await keys.type(alice.name);
  await keys.press('Tab');
  await keys.type(password);
  await keys.press('Enter');
  await expect(hers.box()).toBeFocused();

  // Go somewhere by a few letters.
  await keys.press('Control+k');
  await expect(hers.dialog).toBeVisible();
  await keys.type('gard');
  await expect(page.getByRole('option', { name: /Garden plans/ }).first()).toBeVisible();
  await keys.press('Enter');
  await expect(hers.title).toContainText('Garden plans');
  await expect(hers.box()).toBeFocused();

  // Write, correct the last message, go to one before it, reply to it in its thread.
  await keys.type('By hand or by spade?');
  await keys.press('Enter');
  await expect(hers.message('By hand or by spade?')).toBeVisible();
  await keys.press('ArrowUp');
  await expect(page.getByLabel(words('composer.edit.label'))).toBeFocused();
  await keys.press('End');
  await keys.type(' Both?');
  await keys.press('Enter');
  await expect(hers.message('By hand or by spade? Both?')).toBeVisible();
  await hers.message('By hand or by spade? Both?').focus();
  await keys.press('k');
  await expect(hers.message('Shall we dig?')).toBeFocused();
  await keys.press('r');
  await expect(hers.box(hers.pane)).toBeFocused();
  await keys.type('With a spade');
  await keys.press('Enter');
  await expect(hers.message('With a spade', hers.pane)).toBeVisible();
  await keys.press('Escape');
  await keys.press('Escape');
  await expect(hers.pane).toBeHidden();

  // React, pin and save from the message.
  await hers.message('Shall we dig?').focus();
  await keys.press('p');
  await expect(hers.message('Shall we dig?')).toHaveAccessibleName(/Pinned/);
  await keys.press('s');
  await expect(hers.message('Shall we dig?')).toHaveAccessibleName(/Saved/);
  await keys.press('+');
  await expect(hers.dialog.getByRole('combobox')).toBeFocused();
  await keys.type('tada');
  await expect(hers.dialog.getByRole('gridcell').first()).toBeVisible();
  await keys.press('Enter');
  await expect(hers.message('Shall we dig?').getByRole('button', { name: /^:tada:/ })).toBeVisible();

  await keys.press('Control+Shift+\\');
  await expect(hers.dialog.getByRole('combobox')).toBeFocused();
  await keys.press('Escape');

  // What waits elsewhere counts as read at once, when that is confirmed.
  await bob.say(world.square.id, `@${alice.name} lunch?`);
  await expect(hers.row('Town Square')).toHaveAccessibleName(/1 mention/);
  await keys.press('Shift+Escape');
  await expect(hers.dialog.getByRole('heading', { name: words('sidebar.readAll.title') })).toBeVisible();
  await keys.press('Enter');
  await expect(hers.row('Town Square')).toHaveAccessibleName('Town Square');
  await expect(hers.dialog).toBeHidden();

  // Walk the channels, and see what other keys there are.
  await keys.press('Alt+ArrowDown');
  await expect(hers.title).not.toContainText('Garden plans');
  await keys.press('Control+/');
  await expect(hers.dialog.getByRole('heading', { name: words('app.keys.title') })).toBeVisible();
  await keys.press('Escape');
  await expect(hers.dialog).toBeHidden();

  // The focus is never lost: it is somewhere in the page that can be seen.
  await expect(page.locator(':focus')).toBeVisible();
});

test('the sidebar is a tree that is walked, folded and opened by arrow keys', async ({ world }) => {
  const alice = await world.join('alice');
  await world.channel(alice, 'Garden plans');
  const hers = await (await world.open(alice)).ready();
  const keys = hers.page.keyboard;
  await hers.row('Town Square').focus();
  await keys.press('ArrowUp');
  await expect(hers.row('Off-Topic')).toBeFocused();
  await keys.press('Enter');
  await expect(hers.title).toContainText('Off-Topic');
  await hers.row('Off-Topic').focus();
  await keys.press('ArrowLeft');
  const section = hers.page.getByRole('treeitem', { name: hers.t('sidebar.section.channels'), exact: true });
  await expect(section).toBeFocused();
  await keys.press('ArrowLeft');
  await expect(section).toHaveAttribute('aria-expanded', 'false');
  await keys.press('ArrowRight');
  await expect(hers.row('Garden plans')).toBeVisible();
});
