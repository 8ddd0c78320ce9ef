import { accessible } from '../src/axe.ts';
import { expect, test } from '../src/world.ts';

test('Messages are searched with filters, and each result leads to where it stands', async ({ world }) => {
  const [alice, bob] = [await world.join('alice'), await world.join('bob')];
  const room = await world.channel(alice, 'Garden plans', [bob]);
  const other = await world.channel(alice, 'Kitchen', [bob]);
  const root = await alice.say(room.id, 'Where do the tomatoes go?');
  await bob.say(room.id, 'The tomatoes go to the wall', root.id);
  await bob.say(other.id, 'No tomatoes in the kitchen #harvest');
  const hers = await world.open(alice, `channels/${other.name}`);
  await hers.ready();
  const box = hers.page.getByRole('combobox', { name: hers.t('search.label') });

  await hers.page.keyboard.press('ControlOrMeta+Shift+F');
  await expect(box).toBeFocused();
  await expect(box).toHaveValue(`in:${other.name} `);
  await box.fill('tomatoes fr');
  await hers.page.getByRole('option', { name: /from:/ }).click();
  await box.pressSequentially('bob');
  await box.press('ArrowDown');
  await box.press('Enter');
  await expect(box).toHaveValue(`tomatoes from:${bob.name} `);
  await box.press('Enter');
  const found = hers.pane.getByRole('article');
  await expect(found).toHaveCount(2);
  await expect(found.first()).toBeFocused();
  await expect(hers.pane.locator('mark').first()).toHaveText('tomatoes');
  await accessible(hers.page, 'search results');

  await hers.pane.getByRole('link').filter({ hasText: 'Garden plans' }).click();
  await expect(hers.title).toContainText('Garden plans');
  await expect(hers.message('The tomatoes go to the wall', hers.pane)).toBeVisible();

  await hers.go('Kitchen');
  await hers.main.getByRole('button', { name: '#harvest' }).click();
  await expect(hers.pane.getByRole('article')).toHaveCount(1);
  await box.fill('nothing-like-this');
  await box.press('Enter');
  await expect(hers.pane.getByText(hers.t('search.none'))).toBeVisible();
});

test('Accents and endings of words need not be right; archived channels are searched when one asks', async ({
  world,
}) => {
  const alice = await world.join('alice');
  const room = await world.channel(alice, 'Old plans');
  await alice.say(room.id, 'Les réunions sont reportées');
  const hers = await world.open(alice, `channels/${world.square.name}`);
  await hers.ready();
  const box = hers.page.getByRole('combobox', { name: hers.t('search.label') });
  const found = hers.pane.getByRole('article');
  await box.fill('reunion reporter');
  await box.press('Enter');
  await expect(found).toHaveCount(1);

  await alice.client.deleteChannel(room.id);
  await box.fill('réunion');
  await box.press('Enter');
  await expect(hers.pane.getByText(hers.t('search.none'))).toBeVisible();
  await hers.pane.getByRole('checkbox', { name: hers.t('search.archived') }).check();
  await expect(found).toHaveCount(1);
  await expect(found).toContainText('Les réunions sont reportées');
  await accessible(hers.page, 'search in archived channels');
  if (process.env.E2E_LOOK) await hers.page.screenshot({ path: `${process.env.E2E_LOOK}/archived.png` });
});

test('Mentions, saved and pinned messages are found again', async ({ world }) => {
  const [alice, bob] = [await world.join('alice'), await world.join('bob')];
  const room = await world.channel(alice, 'Garden plans', [bob]);
  await bob.say(room.id, `Look at the roses, @${alice.name}`);
  await bob.say(room.id, 'The key is under the pot');
  const hers = await world.open(alice, `channels/${room.name}`);
  await hers.ready();

  await hers.button('app.mentions').click();
  await expect(hers.message('Look at the roses', hers.pane)).toBeVisible();
  await expect(hers.message('The key is under the pot', hers.pane)).toHaveCount(0);
  await accessible(hers.page, 'recent mentions');

  await hers.act(hers.message('The key is under the pot'), 'save');
  await hers.button('app.saved').click();
  await expect(hers.message('The key is under the pot', hers.pane)).toBeVisible();
  await hers.act(hers.message('The key is under the pot', hers.pane), 'unsave');
  await expect(hers.pane.getByText(hers.t('search.saved.none'))).toBeVisible();

  await hers.act(hers.message('The key is under the pot'), 'pin');
  await hers.main.getByRole('button', { name: /pinned/i }).click();
  await expect(hers.message('The key is under the pot', hers.pane)).toBeVisible();
  const rose = await bob.say(room.id, 'Water the roses at six');
  await bob.client.pinPost(rose.id);
  await expect(hers.message('Water the roses at six', hers.pane)).toBeVisible();
});

test('What was begun is kept as a draft, found, and sent', async ({ world }) => {
  const [alice, bob] = [await world.join('alice'), await world.join('bob')];
  const room = await world.channel(alice, 'Garden plans', [bob]);
  await bob.say(room.id, 'Who waters on Sunday?');
  const hers = await world.open(alice, `channels/${room.name}`);
  await hers.ready();
  await hers.box().fill('Roses need');
  await hers.openThread(hers.message('Who waters on Sunday?'));
  await hers.box(hers.pane).fill('I could');
  await hers.row(hers.t('sidebar.drafts')).getByRole('link').click();
  const drafts = hers.main.getByRole('article');
  await expect(drafts).toHaveCount(2);
  await accessible(hers.page, 'drafts');

  await hers.button('drafts.delete', {}, drafts.filter({ hasText: 'Roses need' })).click();
  await expect(drafts).toHaveCount(1);
  await hers.button('drafts.undo').click();
  await expect(drafts).toHaveCount(2);
  await hers.button('drafts.send', {}, drafts.filter({ hasText: 'I could' })).click();
  await expect(drafts).toHaveCount(1);
  await hers.button('drafts.edit', {}, drafts).click();
  await expect(hers.box()).toBeFocused();
  await expect(hers.box()).toHaveValue('Roses need');
  await expect(hers.message('Who waters on Sunday?').getByRole('button', { name: /1 reply/ })).toBeVisible();
});
