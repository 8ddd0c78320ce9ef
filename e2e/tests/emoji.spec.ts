import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { accessible } from '../src/axe.ts';
import { word } from '../src/person.ts';
import { root } from '../src/server.ts';
import { expect, test } from '../src/world.ts';

// Any picture will do.
const picture = readFileSync(join(root, 'web/public/icons/icon-192.png'));

test('an emoji is made of a picture, used by others, and deleted again', async ({ world }) => {
  const [alice, bob] = [await world.join('alice'), await world.join('bob')];
  const room = await world.channel(alice, 'Garden plans', [bob]);
  const hers = await (await world.open(alice, `channels/${room.name}`)).ready();
  const his = await (await world.open(bob, `channels/${room.name}`)).ready();
  const name = word('leaf').replace(/-/g, '_');
  await hers.button('composer.emoji').click();
  await hers.button('emoji.custom.title').click();
  const dialog = hers.page.getByRole('dialog', { name: hers.t('emoji.custom.title') });
  const choose = dialog.locator('input[type="file"]');
  await choose.setInputFiles({ name: 'notes.txt', mimeType: 'text/plain', buffer: Buffer.from('no picture') });
  await expect(dialog.getByText(hers.t('emoji.custom.wrongKind'))).toBeVisible();
  await choose.setInputFiles({ name: 'Smile.png', mimeType: 'image/png', buffer: picture });
  const field = dialog.getByLabel(hers.t('emoji.custom.name'), { exact: true });
  await expect(field).toHaveValue('smile');
  await hers.button('emoji.custom.add', {}, dialog).click();
  await expect(dialog.getByText(hers.t('emoji.custom.name.system'))).toBeVisible();
  await accessible(hers.page, 'making a custom emoji');
  await field.fill(name);
  await hers.button('emoji.custom.add', {}, dialog).click();
  const listed = dialog.getByRole('listitem').filter({ hasText: `:${name}:` });
  await expect(listed).toBeVisible();
  await accessible(hers.page, 'custom emojis');
  await hers.page.keyboard.press('Escape');
  await expect(dialog).toBeHidden();

  // The other has heard of it: it is offered while he writes, and shown to both.
  await his.box().pressSequentially(`Look :${name.slice(0, 9)}`);
  await expect(his.page.getByRole('option', { name: new RegExp(name) }).first()).toBeVisible();
  await his.box().press('Enter');
  await expect(his.box()).toHaveValue(`Look :${name}: `);
  await his.box().press('Enter');
  const drawn = hers.main.getByRole('img', { name: `:${name}:` });
  await expect(drawn).toBeVisible();
  await expect.poll(() => drawn.evaluate((image: HTMLImageElement) => image.naturalWidth)).toBe(128);
  const { order } = await alice.client.getPosts(room.id);
  await alice.client.addReaction(alice.id, order[0] ?? '', name);
  await expect(his.main.getByRole('button', { name: new RegExp(name) })).toBeVisible();

  await hers.button('composer.emoji').click();
  await hers.button('emoji.custom.title').click();
  await hers.button('emoji.custom.delete', { name }, dialog).click();
  await hers.page.getByRole('button', { name: hers.t('emoji.custom.deleteIt'), exact: true }).click();
  await expect(listed).toBeHidden();
  await expect.poll(async () => (await alice.client.getReactionsForPost(order[0] ?? ''))?.length ?? 0).toBe(0);
});
