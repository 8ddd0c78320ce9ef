import { accessible, plain } from '../src/axe.ts';
import { expect, test } from '../src/world.ts';

test('a channel is shown to the whole web, and taken off it', async ({ world, browser }) => {
  await world.admin.client.patchConfig({
    WebPublicSettings: { Enable: true, RequestsPerMinute: 100_000 },
  } as never);
  const [alice, bob] = [await world.join('alice'), await world.join('bob')];
  const room = await world.channel(alice, 'Seed exchange', [bob]);
  const hers = await (await world.open(alice, `channels/${room.name}`)).ready();
  const his = await (await world.open(bob, `channels/${room.name}`)).ready();
  await hers.channelMenu('channels.settings');
  await hers.dialog.getByRole('tab', { name: hers.t('channels.settings.web') }).click();
  await accessible(hers.page, 'showing a channel to the web');
  await expect(hers.button('channels.web.on', {}, hers.dialog)).toBeDisabled();
  await hers.dialog.getByRole('checkbox', { name: hers.t('channels.web.sure') }).check();
  await hers.button('channels.web.on', {}, hers.dialog).click();
  await expect(his.main.locator('[data-web-public]')).toBeVisible();
  await expect(his.main).toContainText('readable by anybody on the web');
  await accessible(his.page, 'a channel that is on the web');

  await alice.say(room.id, 'Has anybody **black beans**? I would swap tomatoes :tomato:');
  await bob.say(room.id, '| Seed | Left |\n|---|---|\n| Black bean | 12 |\n| Marrow | 3 |');
  await bob.say(room.id, '```js\nconst beans = 12;\n```\n> Who sows in March\n\nsee https://example.org/seeds');
  const root = await alice.client.createPost({ channel_id: room.id, message: 'Where shall we meet?' } as never);
  await bob.client.createPost({ channel_id: room.id, message: 'At the greenhouse', root_id: root.id } as never);
  await bob.client.addReaction(bob.id, root.id, 'seedling');

  const baseURL = new URL(hers.page.url()).origin;
  for (const locale of ['en-GB', 'fr-FR']) {
    const context = await browser.newContext({ baseURL, locale, timezoneId: 'Europe/Paris' });
    const page = await context.newPage();
    await page.goto(`/public/${world.team.name}/${room.name}`);
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('Seed exchange');
    await expect(page.getByRole('cell', { name: 'Marrow' })).toBeVisible();
    await plain(page, `public channel ${locale}`);
    if (locale === 'en-GB') {
      // What is written appears by itself.
      await bob.say(room.id, 'I bring tea');
      await expect(page.getByText('I bring tea')).toBeVisible();
      await page.getByRole('link', { name: '1 reply' }).click();
      await expect(page.getByText('At the greenhouse')).toBeVisible();
      await plain(page, 'public thread');
    }
    await page.setViewportSize({ width: 390, height: 800 });
    await page.goto(`/public/${world.team.name}/${room.name}`);
    await plain(page, `public channel phone ${locale}`);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(390);
    await page.goto('/public/');
    await plain(page, `public list ${locale}`);
    expect(await context.cookies()).toEqual([]);
    await context.close();
  }

  // Without scripts the page says the same.
  const bare = await browser.newContext({ baseURL, javaScriptEnabled: false });
  const still = await bare.newPage();
  await still.goto(`/public/${world.team.name}/${room.name}`);
  await expect(still.getByText('I bring tea')).toBeVisible();
  await bare.close();

  const context = await browser.newContext({ baseURL });
  const watching = await context.newPage();
  await watching.goto(`/public/${world.team.name}/${room.name}`);
  await expect(watching.getByText('I bring tea')).toBeVisible();
  await hers.channelMenu('channels.settings');
  await hers.dialog.getByRole('tab', { name: hers.t('channels.settings.web') }).click();
  await accessible(hers.page, 'a channel on the web, its settings');
  await hers.button('channels.web.off', {}, hers.dialog).click();
  await expect(his.main.locator('[data-web-public]')).toBeHidden();
  await expect(watching.getByRole('heading', { level: 1 })).toHaveText('There is no such page');
  await plain(watching, 'public page that is gone');
  await context.close();
});
