import { accessible } from '../src/axe.ts';
import { words } from '../src/words.ts';
import { expect, test } from '../src/world.ts';

const phone = { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true, deviceScaleFactor: 2 };

test('on a phone one thing at a time: channels, a channel, a thread, and back', async ({ world }) => {
  const [alice, bob] = [await world.join('alice'), await world.join('bob')];
  const room = await world.channel(alice, 'Garden plans', [bob]);
  const root = await bob.say(room.id, 'Who waters?');
  await bob.say(room.id, 'I could on Monday', root.id);
  const hers = await (await world.open(alice, `channels/${room.name}`, phone)).ready();
  await accessible(hers.page, 'a channel on a phone');
  await expect(hers.row('Off-Topic')).toBeHidden();
  expect(await overflow(hers.page)).toBe(0);

  await hers.box().fill('From the bus');
  await hers.button('composer.send', {}, hers.main).tap();
  await expect(hers.message('From the bus')).toBeVisible();

  await hers
    .message('Who waters?')
    .getByRole('button', { name: words('messages.replies', { count: 1 }) })
    .tap();
  await expect(hers.message('I could on Monday')).toBeVisible();
  await expect(hers.box()).toBeHidden();
  await accessible(hers.page, 'a thread on a phone');
  expect(await overflow(hers.page)).toBe(0);
  await hers.button('ui.back').tap();
  await expect(hers.box()).toBeVisible();

  await hers.button('channels.back').tap();
  await expect(hers.row('Off-Topic')).toBeVisible();
  await accessible(hers.page, 'the channels on a phone');
  expect(await overflow(hers.page)).toBe(0);
  await hers.row('Off-Topic').getByRole('link').tap();
  await expect(hers.title).toContainText('Off-Topic');

  // What is pressed is large enough for a thumb. Names and times stand among words, and are as large as these.
  const small = await hers.main.getByRole('button').evaluateAll((buttons) =>
    buttons
      .filter((button) => !button.closest('[role="list"], ol, ul'))
      .map((button) => ({
        name: button.getAttribute('aria-label') ?? button.textContent,
        box: button.getBoundingClientRect(),
      }))
      .filter(({ box }) => box.width > 0 && (box.height < 36 || box.width < 36))
      .map(({ name, box }) => `${name}: ${box.width} × ${box.height}`),
  );
  expect(small).toEqual([]);
});

/** How far the page can be scrolled sideways. */
function overflow(page: import('@playwright/test').Page): Promise<number> {
  return page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
}
