import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { Locator, Page } from '@playwright/test';
import { accessible } from '../src/axe.ts';
import { Files } from '../src/pages/files.ts';
import { gif, pdf, png, text, wav } from '../src/samples.ts';
import { expect, test } from '../src/world.ts';

const code = 'package main\n\nfunc main() {\n\tprintln("beans")\n}\n';

/** Whether nothing of a message moves while its pictures come. */
const heightOf = (row: Locator): Promise<number> => row.evaluate((element) => element.getBoundingClientRect().height);

/** gate holds calls of an address until it is opened. */
async function gate(page: Page, address: string): Promise<() => void> {
  let open: () => void = () => undefined;
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  await page.route(address, async (route) => {
    await opened;
    await route.continue();
  });
  return open;
}

test('files are dropped, pasted and chosen, wait with their message, and stand there for the others', async ({
  world,
}) => {
  const [alice, bob] = [await world.join('alice'), await world.join('bob')];
  const room = await world.channel(alice, 'Garden plans', [bob]);
  const [hers, his] = await Promise.all([
    world.open(alice, `channels/${room.name}`),
    world.open(bob, `channels/${room.name}`),
  ]);
  await Promise.all([hers.ready(), his.ready()]);
  const files = new Files(hers);

  const dropped = [png('meadow.png', 1600, 900), text('plan.go', code)];
  await files.drop(dropped, await files.dragOver(dropped, 'files.drop', { name: 'Garden plans' }));
  await files.whole(2);
  await expect(hers.page.locator('[data-drop-area]')).toHaveCount(0);
  await accessible(hers.page, 'files in the message box');

  // They belong to the draft: somewhere else they are gone, and back here they are there again.
  await hers.go('Off-Topic');
  await expect(files.attached()).toHaveCount(0);
  await hers.go('Garden plans');
  await files.whole(2);
  await hers.page.reload();
  await files.whole(2);
  await hers.button('files.remove', { name: 'plan.go' }).click();
  await files.whole(1);

  // What is under way when the message is sent goes with it, and the message waits.
  const open = await gate(hers.page, '**/api/v4/files');
  await files.paste([png('image.png', 400, 300, 2)]);
  await expect(files.attached().getByRole('progressbar')).toBeVisible();
  await hers.box().fill('The meadow at evening');
  await hers.box().press('Enter');
  await expect(files.attached()).toHaveCount(0);
  const waiting = hers.message(/The meadow at evening/);
  await expect(waiting.getByRole('progressbar')).toBeVisible();
  await hers.say('This one does not wait');
  await expect(his.message('This one does not wait')).toBeVisible();
  await expect(his.message(/The meadow at evening/)).toHaveCount(0);
  open();

  const arrived = his.message(/The meadow at evening/);
  await expect(arrived.getByRole('button', { name: /Open image/ })).toHaveCount(2);
  await expect(arrived.getByRole('button', { name: /Open image Pasted \d{4}-/ })).toBeVisible();
  await expect(arrived).toHaveAccessibleName(new RegExp(his.t('messages.files', { count: 2 })));
  await expect(waiting.getByRole('progressbar')).toHaveCount(0);
});

test('a message keeps its height while its pictures come, and moving ones stand still for who wants it', async ({
  world,
}) => {
  const alice = await world.join('alice');
  const room = await world.channel(alice, 'Garden plans');
  const hers = await (await world.open(alice, `channels/${room.name}`)).ready();
  const files = new Files(hers);
  await files.choose([png('one.png', 1200, 700), gif('turn.gif'), wav('tone.wav'), text('data.bin', 'x')]);
  await files.whole(4);
  await hers.box().fill('All sorts');
  await hers.box().press('Enter');
  const row = hers.message(/All sorts/);
  await expect(row.getByRole('button', { name: /Open image/ })).toHaveCount(2);

  await hers.page.emulateMedia({ reducedMotion: 'reduce' });
  const open = await gate(hers.page, '**/api/v4/files/*/preview');
  await hers.page.reload();
  await expect(row).toBeVisible();
  await expect(row.getByRole('button', { name: hers.t('files.openImage', { name: 'one.png' }) })).toBeVisible();
  const before = await heightOf(row);
  open();
  await expect
    .poll(() =>
      row
        .locator('[data-there] img')
        .first()
        .evaluate((i: HTMLImageElement) => i.complete),
    )
    .toBe(true);
  expect(await heightOf(row)).toBe(before);

  const play = row.getByRole('button', { name: hers.t('files.play', { name: 'turn.gif' }) });
  await expect(row.locator('canvas')).toBeVisible();
  await play.click();
  await expect(row.locator('canvas')).toBeHidden();
  await row.getByRole('button', { name: hers.t('files.pause', { name: 'turn.gif' }) }).click();
  await expect(row.locator('canvas')).toBeVisible();
  await expect(row.locator('audio')).toHaveAttribute('controls', '');
  await accessible(hers.page, 'a message with files');

  // Folded, only names are left.
  await row.getByRole('button', { name: hers.t('files.count', { count: 4 }) }).click();
  await expect(row.getByRole('button', { name: /Open image/ })).toHaveCount(0);
  await expect(row.getByText('one.png')).toBeVisible();
});

test('the gallery leads through the files of a channel by keys, and keeps, zooms and links', async ({ world }) => {
  const alice = await world.join('alice');
  const room = await world.channel(alice, 'Garden plans');
  const hers = await (
    await world.open(alice, `channels/${room.name}`, { permissions: ['clipboard-read', 'clipboard-write'] })
  ).ready();
  // A Chromium without windows has no viewer of PDF, so this looks at what is given to one.
  await hers.page.evaluate(() => Object.defineProperty(navigator, 'pdfViewerEnabled', { value: true }));
  const files = new Files(hers);
  const meadow = png('meadow.png', 1600, 900);
  await files.choose([meadow, text('plan.go', code), pdf('offer.pdf', 'Two rows of beans')]);
  await files.whole(3);
  await hers.box().fill('Plans');
  await hers.box().press('Enter');
  await files.choose([png('later.png', 500, 500, 3)]);
  await files.whole(1);
  await hers.box().press('Enter');

  const opener = hers.button('files.openImage', { name: 'meadow.png' });
  await opener.focus();
  await hers.page.keyboard.press('Enter');
  const { gallery, page } = files;
  const at = (n: number) =>
    expect(gallery.getByText(hers.t('files.of', { at: n, count: 4 }), { exact: true })).toBeVisible();
  await at(1);
  await expect(gallery).toHaveAccessibleName('meadow.png');
  await expect(gallery.getByText(alice.name)).toBeVisible();
  await accessible(page, 'the gallery', '[role="dialog"]');

  const width = async () => (await gallery.getByRole('img', { name: 'meadow.png' }).boundingBox())?.width ?? 0;
  const fits = await width();
  await page.keyboard.press('+');
  await expect.poll(width).toBeCloseTo(fits * 1.5, 0);
  const scrolled = () => gallery.locator('[data-zoomed]').evaluate((view) => view.scrollLeft);
  const middle = await scrolled();
  await page.keyboard.press('ArrowRight');
  await expect.poll(scrolled).toBeGreaterThan(middle);
  await page.keyboard.press('0');
  await expect.poll(width).toBeCloseTo(fits, 0);

  const [download] = await Promise.all([
    page.waitForEvent('download'),
    gallery.getByRole('button', { name: hers.t('files.download', { name: 'meadow.png' }) }).click(),
  ]);
  expect(download.suggestedFilename()).toBe('meadow.png');
  expect((await readFile(await download.path())).length).toBeGreaterThan(0);
  await hers.button('files.copyLink', {}, gallery).click();
  expect(await page.evaluate(() => navigator.clipboard.readText())).toMatch(/\/api\/v4\/files\/[a-z0-9]{26}$/);

  await page.keyboard.press('ArrowRight');
  await at(2);
  await expect(gallery.locator('pre')).toContainText('println("beans")');
  await expect(gallery.locator('pre span').first()).toBeVisible();
  await page.keyboard.press('ArrowRight');
  await at(3);
  await expect(gallery.locator('iframe')).toHaveAttribute('src', /^blob:/);
  await page.keyboard.press('ArrowRight');
  await at(4);
  await page.keyboard.press('ArrowRight');
  await at(4);
  await page.keyboard.press('Escape');
  await expect(gallery).toHaveCount(0);
  await expect(opener).toBeFocused();
});

test('what is deleted, refused or too large says so', async ({ world }) => {
  const [alice, bob] = [await world.join('alice'), await world.join('bob')];
  const room = await world.channel(alice, 'Garden plans', [bob]);
  const [hers, his] = await Promise.all([
    world.open(alice, `channels/${room.name}`),
    world.open(bob, `channels/${room.name}`),
  ]);
  await Promise.all([hers.ready(), his.ready()]);
  const files = new Files(hers);
  await files.choose([png('meadow.png', 800, 500), text('plan.txt', 'Two rows of beans')]);
  await files.whole(2);
  await hers.box().fill('Plans');
  await hers.box().press('Enter');

  await his.button('files.openImage', { name: 'meadow.png' }).click();
  const gallery = new Files(his).gallery;
  await expect(gallery).toBeVisible();
  await hers.act(hers.message('Plans'), 'delete');
  await hers.dialog.getByRole('button', { name: hers.t('messages.act.delete') }).click();
  await expect(hers.message('Plans')).toHaveCount(0);
  await his.page.keyboard.press('ArrowRight');
  await expect(gallery.getByRole('alert')).toContainText(his.t('files.failed', { name: 'plan.txt' }));
  await his.page.keyboard.press('Escape');
  await expect(his.main.getByText('plan.txt')).toHaveCount(0);

  // Too large and too many are said before anything is sent; what the server refuses, when it does.
  let sent = 0;
  await hers.page.route('**/api/v4/files', async (route) => {
    sent++;
    await route.fulfill({
      status: 403,
      json: { id: 'api.context.permissions.app_error', message: 'You may not send files here.', status_code: 403 },
    });
  });
  await hers.page.evaluate(() => {
    const data = new DataTransfer();
    data.items.add(new File([new Uint8Array(101 * 1024 * 1024)], 'film.mov'));
    const box = document.querySelector('[data-composer] textarea');
    box?.dispatchEvent(new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true }));
  });
  await expect(hers.main.getByText(/film\.mov is larger than 10[0-9] MB/)).toBeVisible();
  expect(sent).toBe(0);
  await files.choose(Array.from({ length: 11 }, (_, i) => text(`${i}.txt`, 'x')));
  await expect(hers.main.getByText(/A message can have 10 files/)).toBeVisible();
  await expect(files.attached().getByText('You may not send files here.')).toHaveCount(10);
  expect(sent).toBe(10);
  await accessible(hers.page, 'files that were refused');
  await hers.page.unroute('**/api/v4/files');
  await hers.button('files.retry', { name: '0.txt' }).click();
  await expect(files.attached().locator('[data-status="done"]')).toHaveCount(1);
});

test('a large file goes on after a cut where it was, and arrives as it is', async ({ world }) => {
  const alice = await world.join('alice');
  const room = await world.channel(alice, 'Garden plans');
  const hers = await (await world.open(alice, `channels/${room.name}`)).ready();
  const files = new Files(hers);
  const buffer = Buffer.alloc(21_000_000);
  for (let i = 0; i < buffer.length; i += 997) buffer[i] = i % 251;
  const parts: number[] = [];
  await hers.page.route('**/api/v4/uploads/*', async (route) => {
    if (route.request().method() !== 'POST') return route.continue();
    const size = Number((await route.request().allHeaders())['content-length'] ?? 0);
    parts.push(size);
    // The second part is lost on its way.
    return parts.length === 2 ? route.abort('connectionreset') : route.continue();
  });
  await files.choose([{ name: 'film.bin', mimeType: 'application/octet-stream', buffer }]);
  await files.whole(1);
  expect(parts.length).toBe(4);
  await hers.box().press('Enter');
  const card = hers.main.getByRole('link', { name: /film\.bin/ });
  await expect(card).toBeVisible();
  const [download] = await Promise.all([hers.page.waitForEvent('download'), card.click()]);
  const hash = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex');
  expect(hash(await readFile(await download.path()))).toBe(hash(buffer));
});

test('files of a channel are found by name and by kind, and lead to their messages', async ({ world }) => {
  const alice = await world.join('alice');
  const room = await world.channel(alice, 'Garden plans');
  const hers = await (await world.open(alice, `channels/${room.name}`)).ready();
  const files = new Files(hers);
  await files.choose([png('meadow.png', 800, 500), text('harvest.txt', 'Two rows of beans')]);
  await files.whole(2);
  await hers.box().fill('Plans');
  await hers.box().press('Enter');
  await expect(hers.button('files.openImage', { name: 'meadow.png' })).toBeVisible();

  await hers.page.keyboard.press('Control+Alt+i');
  await hers.pane.getByRole('button', { name: /^Files/ }).click();
  const list = hers.pane.getByRole('list', { name: hers.t('search.files.list') });
  await expect(list.getByText('meadow.png')).toBeVisible();
  await expect(list.getByText('harvest.txt')).toBeVisible();
  await accessible(hers.page, 'the files of a channel');
  await hers.pane.getByRole('combobox').selectOption({ label: hers.t('search.files.images') });
  await expect(list.getByText('harvest.txt')).toHaveCount(0);
  await list.getByRole('button', { name: /^meadow\.png/ }).click();
  await expect(files.gallery).toHaveAccessibleName('meadow.png');
  await hers.page.keyboard.press('Escape');

  const search = hers.page.getByRole('search').first().getByRole('combobox');
  await search.fill('harvest');
  await search.press('Enter');
  await hers.pane.getByRole('radio', { name: hers.t('search.files') }).check();
  await expect(list.getByText('harvest.txt')).toBeVisible();
  await expect(list.getByText('meadow.png')).toHaveCount(0);
});

test('on a phone the gallery goes on by swipes', async ({ world }) => {
  const alice = await world.join('alice');
  const room = await world.channel(alice, 'Garden plans');
  const viewport = { width: 390, height: 844 };
  const hers = await (
    await world.open(alice, `channels/${room.name}`, { viewport, hasTouch: true, isMobile: true })
  ).ready();
  const files = new Files(hers);
  await files.choose([png('one.png', 900, 600), png('two.png', 600, 900, 2)]);
  await files.whole(2);
  await hers.box().fill('Two');
  await hers.button('composer.send').tap();
  await hers.button('files.openImage', { name: 'one.png' }).tap();
  await expect(files.gallery).toHaveAccessibleName('one.png');
  const swipe = async (from: number, to: number) => {
    const cdp = await hers.page.context().newCDPSession(hers.page);
    const point = (x: number) => [{ x, y: 400 }];
    await cdp.send('Input.dispatchTouchEvent', { type: 'touchStart', touchPoints: point(from) });
    await cdp.send('Input.dispatchTouchEvent', { type: 'touchMove', touchPoints: point((from + to) / 2) });
    await cdp.send('Input.dispatchTouchEvent', { type: 'touchMove', touchPoints: point(to) });
    await cdp.send('Input.dispatchTouchEvent', { type: 'touchEnd', touchPoints: [] });
  };
  await swipe(300, 80);
  await expect(files.gallery).toHaveAccessibleName('two.png');
  await swipe(80, 300);
  await expect(files.gallery).toHaveAccessibleName('one.png');
  await accessible(hers.page, 'the gallery on a phone', '[role="dialog"]');
});
