import { shot } from '../src/shot.ts';
import { words } from '../src/words.ts';
import { expect, test } from '../src/world.ts';

const phone = { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true, deviceScaleFactor: 2 };

test('the main screens, as they are pictured in docs/screenshots', async ({ world }) => {
  const [ada, ben, cleo] = [await world.join('ada'), await world.join('ben'), await world.join('cleo')];
  const room = await world.channel(ada, 'Garden plans', [ben, cleo]);
  await world.channel(ada, 'Kitchen', [ben]);
  const orchard = await world.channel(ada, 'Orchard', [cleo]);
  const root = await ben.say(room.id, 'The beds are measured. **North** gets the peas, the rest is open:');
  await ben.say(room.id, '| bed | metres | plan |\n|---|---:|---|\n| north | 6.2 | peas |\n| south | 4.8 | ? |');
  await cleo.say(room.id, 'South bed: tomatoes, if somebody builds the frames :tomato:', root.id);
  await ada.say(room.id, 'I can on Saturday', root.id);
  await ada.say(room.id, 'Agreed. The order goes out tonight, see `seeds.csv`:\n- [x] peas\n- [x] beans\n- [ ] kale');
  await cleo.client.addReaction(cleo.id, root.id, 'tada');
  await ada.client.addReaction(ada.id, root.id, 'tada');
  await cleo.say(orchard.id, `@${ada.name} the pears are ready`);
  const hers = await (await world.open(ada, `channels/${room.name}`)).ready();
  await expect(hers.message(/order goes out/)).toBeVisible();
  await shot(hers.page, 'channel');
  await shot(hers.page, 'channel-dark', 'dark');
  await hers
    .message(/beds are measured/)
    .getByRole('button', { name: words('messages.replies', { count: 2 }) })
    .click();
  await expect(hers.message('Saturday', hers.pane)).toBeVisible();
  await shot(hers.page, 'thread');
  await hers.page.goto(world.path('threads'));
  await expect(hers.main.getByText(/beds are measured/).first()).toBeVisible();
  await shot(hers.page, 'threads');
  await hers.page.goto(world.path(`channels/${room.name}`));
  await hers.ready();
  await hers.page.keyboard.press('Control+k');
  await expect(hers.dialog.getByRole('option').first()).toBeVisible();
  await shot(hers.page, 'switcher');
  await hers.page.keyboard.press('Escape');
  await hers.page.keyboard.press('Control+Shift+a');
  await hers.dialog.getByRole('tab', { name: words('settings.tab.display') }).click();
  await shot(hers.page, 'settings');

  const small = await (await world.open(ada, `channels/${room.name}`, phone)).ready();
  await shot(small.page, 'phone');
  await shot(small.page, 'phone-dark', 'dark');
});
