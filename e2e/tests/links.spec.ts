import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { deflateSync } from 'node:zlib';
import { accessible, inScheme } from '../src/axe.ts';
import { expect, test } from '../src/world.ts';

const table = Array.from({ length: 256 }, (_, n) => {
  let c = n;
  for (let k = 0; k < 8; k++) c = c & 1 ? 0xedb88320 ^ (c >>> 1) : c >>> 1;
  return c >>> 0;
});

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type), data]);
  const sum = body.reduce((c, byte) => (table[(c ^ byte) & 255] ?? 0) ^ (c >>> 8), 0xffffffff) ^ 0xffffffff;
  const out = Buffer.alloc(body.length + 8);
  out.writeUInt32BE(data.length);
  body.copy(out, 4);
  out.writeUInt32BE(sum >>> 0, body.length + 4);
  return out;
}

/** A picture of one colour. */
function picture(width: number, height: number): Buffer {
  const head = Buffer.from([0, 0, 0, 0, 0, 0, 0, 0, 8, 2, 0, 0, 0]);
  head.writeUInt32BE(width);
  head.writeUInt32BE(height, 4);
  const row = Buffer.concat([Buffer.from([0]), Buffer.alloc(width * 3, Buffer.from([0xd9, 0x8e, 0x32]))]);
  const pixels = deflateSync(Buffer.concat(Array.from({ length: height }, () => row)));
  const sign = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  return Buffer.concat([sign, chunk('IHDR', head), chunk('IDAT', pixels), chunk('IEND', Buffer.alloc(0))]);
}

const page = `<!doctype html><meta charset="utf-8"><title>Sourdough</title>
<meta property="og:title" content="Sourdough for beginners"><meta property="og:site_name" content="The bakery">
<meta property="og:description" content="Flour, water, salt and patience: how a loaf comes to be in two days.">
<meta property="og:image" content="/loaf.png">`;

let site: Server;
let address = '';

test.beforeAll(async () => {
  site = createServer((request, response) => {
    const image = request.url?.endsWith('.png');
    response.setHeader('Content-Type', image ? 'image/png' : 'text/html');
    response.end(image ? picture(640, 360) : page);
  });
  await new Promise<void>((listening) => site.listen(0, '127.0.0.1', listening));
  address = `http://127.0.0.1:${(site.address() as AddressInfo).port}`;
});

test.afterAll(() => new Promise<unknown>((closed) => site.close(closed)));

test('A link shows what it leads to; its author can take that away', async ({ world }) => {
  const [alice, bob] = [await world.join('alice'), await world.join('bob')];
  const room = await world.channel(alice, 'Bread', [bob]);
  const hers = await world.open(alice, `channels/${room.name}`);
  const his = await world.open(bob, `channels/${room.name}`);
  await Promise.all([hers.ready(), his.ready()]);
  await alice.say(room.id, `Have a look: ${address}/bread`);
  await alice.say(room.id, `${address}/loaf.png`);
  await alice.say(room.id, 'More on example.org/bread, says the readme.md');

  for (const { main } of [hers, his]) {
    const card = main.getByRole('link').filter({ hasText: 'Sourdough for beginners' });
    await expect(card).toBeVisible();
    await expect(card).toContainText('The bakery');
    await expect(card).toHaveAttribute('href', `${address}/bread`);
    await expect(main.getByRole('button', { name: hers.t('messages.openImage', { name: 'loaf.png' }) })).toBeVisible();
    await expect(main.getByRole('link', { name: 'example.org/bread' })).toHaveAttribute(
      'href',
      'https://example.org/bread',
    );
    await expect(main.getByRole('link', { name: 'readme.md' })).toHaveCount(0);
  }
  // The room of an image is there before the image.
  const shown = hers.main.getByRole('button', { name: hers.t('messages.openImage', { name: 'loaf.png' }) });
  expect((await shown.boundingBox())?.width).toBe(480);
  await accessible(hers.page, 'link previews');
  for (const scheme of ['light', 'dark'] as const) {
    await inScheme(hers.page, scheme);
    if (process.env.E2E_LOOK) await hers.page.screenshot({ path: `${process.env.E2E_LOOK}/links-${scheme}.png` });
  }

  const remove = hers.t('messages.preview.remove');
  await expect(his.main.getByRole('button', { name: remove })).toHaveCount(0);
  const card = (main: typeof hers.main) => main.getByRole('link').filter({ hasText: 'Sourdough for beginners' });
  await hers.main
    .getByRole('button', { name: hers.t('messages.preview.hide') })
    .first()
    .click();
  await expect(card(hers.main)).toHaveCount(0);
  await hers.main
    .getByRole('button', { name: hers.t('messages.preview.show') })
    .first()
    .click();
  await hers.main.getByRole('button', { name: remove }).first().click();
  await expect(card(hers.main)).toHaveCount(0);
  await expect(card(his.main)).toHaveCount(0);
  await expect(his.main.getByText('Have a look')).toBeVisible();
});
