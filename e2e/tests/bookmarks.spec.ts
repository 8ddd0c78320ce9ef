import { accessible } from '../src/axe.ts';
import { expect, test } from '../src/world.ts';

test('links are bookmarked, changed, put in order and deleted, and others see it', async ({ world }) => {
  const [alice, bob] = [await world.join('alice'), await world.join('bob')];
  const room = await world.channel(alice, 'Garden plans', [bob]);
  const hers = await (await world.open(alice, `channels/${room.name}`)).ready();
  const his = await (await world.open(bob, `channels/${room.name}`)).ready();
  await hers.main
    .getByRole('button', { name: /Garden plans/ })
    .first()
    .click();
  await hers.menuItem('channels.bookmark.add').click();
  const link = hers.dialog.getByRole('textbox', { name: hers.t('channels.bookmark.link') });
  await link.fill('javascript:alert(1)');
  await hers.button('channels.bookmark.addIt', {}, hers.dialog).click();
  await expect(hers.dialog.getByText(hers.t('channels.bookmark.noLink'))).toBeVisible();
  await accessible(hers.page, 'adding a bookmark');
  await link.fill('example.org/plan');
  await hers.button('channels.bookmark.addIt', {}, hers.dialog).click();

  const bar = (of: typeof hers) => of.main.getByRole('navigation', { name: of.t('channels.bookmarks') });
  const names = (of: typeof hers) => bar(of).getByRole('link').allInnerTexts();
  const first = bar(his).getByRole('link', { name: 'example.org' });
  await expect(first).toHaveAttribute('href', 'https://example.org/plan');
  await expect(first).toHaveAttribute('rel', /noopener/);
  await hers.button('channels.bookmark.add', {}, bar(hers)).click();
  await link.fill('https://example.com/beds');
  await hers.dialog.getByLabel(hers.t('channels.bookmark.name')).fill('Flower beds');
  await hers.page.keyboard.press('Enter');
  await expect.poll(() => names(his)).toEqual(['example.org', 'Flower beds']);

  // By keyboard alone: the menu of the second, moved to the left.
  await hers.button('channels.bookmark.acts', { name: 'Flower beds' }, bar(hers)).focus();
  await hers.page.keyboard.press('Enter');
  await accessible(hers.page, 'what can be done with a bookmark', '[role="menu"]');
  await hers.menuItem('channels.bookmark.left').press('Enter');
  await expect.poll(() => names(his)).toEqual(['Flower beds', 'example.org']);
  await accessible(hers.page, 'a channel with bookmarks');
  // By drag.
  await bar(hers).getByRole('listitem').nth(0).dragTo(bar(hers).getByRole('listitem').nth(1));
  await expect.poll(() => names(his)).toEqual(['example.org', 'Flower beds']);

  await his.button('channels.bookmark.acts', { name: 'example.org' }, bar(his)).click();
  await his.menuItem('channels.bookmark.edit').click();
  await his.dialog.getByLabel(his.t('channels.bookmark.name')).fill('The plan');
  await his.button('channels.bookmark.save', {}, his.dialog).click();
  await expect.poll(() => names(hers)).toEqual(['The plan', 'Flower beds']);
  await hers.button('channels.bookmark.acts', { name: 'The plan' }, bar(hers)).click();
  await hers.menuItem('channels.bookmark.delete').click();
  await expect.poll(() => names(his)).toEqual(['Flower beds']);
  await hers.page.getByRole('button', { name: hers.t('channels.bookmark.undo'), exact: true }).click();
  await expect.poll(() => names(his)).toEqual(['Flower beds', 'The plan']);
});

test('on a phone the bookmarks are a row that scrolls', async ({ world }) => {
  const alice = await world.join('alice');
  const room = await world.channel(alice, 'Garden plans', []);
  for (const name of ['Spring', 'Summer', 'Autumn', 'Winter', 'Seeds', 'Tools']) {
    await alice.client.createChannelBookmark(
      room.id,
      { display_name: `${name} in the garden`, link_url: 'https://example.org', type: 'link' },
      '',
    );
  }
  const phone = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true };
  const hers = await world.open(alice, `channels/${room.name}`, phone);
  const bar = hers.page.getByRole('navigation', { name: hers.t('channels.bookmarks') });
  await expect(bar).toBeVisible();
  expect(await hers.page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
  const height = (await bar.boundingBox())?.height ?? 0;
  expect(height).toBeLessThan(60);
  const last = bar.getByRole('link', { name: 'Tools in the garden' });
  await last.scrollIntoViewIfNeeded();
  await expect(last).toBeInViewport();
  await accessible(hers.page, 'bookmarks on a phone');
});

test('a file is bookmarked, opened by others, deleted and brought back', async ({ world }) => {
  const [alice, bob] = [await world.join('alice'), await world.join('bob')];
  const room = await world.channel(alice, 'Garden plans', [bob]);
  const hers = await (await world.open(alice, `channels/${room.name}`)).ready();
  const his = await (await world.open(bob, `channels/${room.name}`)).ready();
  await hers.main
    .getByRole('button', { name: /Garden plans/ })
    .first()
    .click();
  await hers.menuItem('channels.bookmark.add').click();
  await hers.dialog.getByRole('radio', { name: hers.t('channels.bookmark.aFile') }).check();
  await hers.button('channels.bookmark.addIt', {}, hers.dialog).click();
  await expect(hers.dialog.getByText(hers.t('channels.bookmark.noFile'))).toBeVisible();
  const plan = { name: 'plan of the beds.txt', mimeType: 'text/plain', buffer: Buffer.from('Tulips by the gate.') };
  await hers.dialog.locator('input[type=file]').setInputFiles(plan);
  await expect(hers.dialog.getByText(plan.name)).toBeVisible();
  await accessible(hers.page, 'bookmarking a file');
  await hers.button('channels.bookmark.addIt', {}, hers.dialog).click();

  const bar = (of: typeof hers) => of.main.getByRole('navigation', { name: of.t('channels.bookmarks') });
  await bar(his).getByRole('button', { name: plan.name, exact: true }).click();
  await expect(his.dialog.getByText('Tulips by the gate.')).toBeVisible();
  await accessible(his.page, 'a bookmarked file');
  await his.page.keyboard.press('Escape');
  await hers.button('channels.bookmark.acts', { name: plan.name }, bar(hers)).click();
  await hers.menuItem('channels.bookmark.delete').click();
  await expect(bar(his)).toHaveCount(0);
  await hers.page.getByRole('button', { name: hers.t('channels.bookmark.undo'), exact: true }).click();
  await bar(his).getByRole('button', { name: plan.name, exact: true }).click();
  await expect(his.dialog.getByText('Tulips by the gate.')).toBeVisible();
});
