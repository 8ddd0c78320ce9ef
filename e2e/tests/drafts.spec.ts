import { accessible } from '../src/axe.ts';
import { expect, test } from '../src/world.ts';

test('what one begins to write is there on another device, and gone when it is sent', async ({ world }) => {
  const alice = await world.join('alice');
  const room = await world.channel(alice, 'Garden plans', []);
  const path = `channels/${room.name}`;
  const desk = await (await world.open(alice, path)).ready();
  // Another browser: it shares no storage, only the account.
  const phone = await (await world.open(alice, path)).ready();
  const tab = await (await world.tab(desk)).ready();
  await desk.box().fill('Shall we plant');
  await expect(phone.box()).toHaveValue('Shall we plant');
  await expect(tab.box()).toHaveValue('Shall we plant');
  // While one tab is written in, nothing that is on its way comes back into it or the other.
  const seen = tab.page.evaluate(
    () =>
      new Promise<string[]>((done) => {
        const field = document.querySelector('textarea');
        const values: string[] = [];
        const look = setInterval(() => values.at(-1) !== field?.value && values.push(field?.value ?? ''), 20);
        setTimeout(() => {
          clearInterval(look);
          done(values);
        }, 4000);
      }),
  );
  await desk.box().pressSequentially(' tulips or roses this autumn?', { delay: 60 });
  await expect(phone.box()).toHaveValue('Shall we plant tulips or roses this autumn?');
  const values = await seen;
  expect(values, 'each text in the other tab continues the one before').toEqual(
    values.toSorted((a, b) => a.length - b.length),
  );
  expect(values.at(-1)).toBe('Shall we plant tulips or roses this autumn?');

  await desk.box().press('Enter');
  await expect(desk.message('Shall we plant tulips or roses this autumn?')).toBeVisible();
  await expect(phone.box()).toHaveValue('');
  await expect(tab.box()).toHaveValue('');
});

test('the files of a draft are there on another device, and are sent from there', async ({ world }) => {
  const alice = await world.join('alice');
  const room = await world.channel(alice, 'Garden plans', []);
  const path = `channels/${room.name}`;
  const desk = await (await world.open(alice, path)).ready();
  const phone = await (await world.open(alice, path)).ready();
  const file = { name: 'plan.txt', mimeType: 'text/plain', buffer: Buffer.from('Tulips') };
  await desk.main.locator('input[type=file]').setInputFiles(file);
  const chip = phone.page.getByRole('list', { name: phone.t('files.attached') }).getByText('plan.txt');
  await expect(chip).toBeVisible();
  await phone.row('Drafts').getByRole('link').click();
  await expect(phone.main.getByRole('article')).toContainText('plan.txt');
  await accessible(phone.page, 'a draft with a file alone');
  await phone.button('drafts.delete').click();
  await expect(desk.page.getByRole('list', { name: desk.t('files.attached') })).toHaveCount(0);
  await phone.page.getByRole('button', { name: phone.t('drafts.undo'), exact: true }).click();
  await expect(desk.page.getByRole('list', { name: desk.t('files.attached') })).toContainText('plan.txt');
  await phone.button('drafts.send').click();
  await phone.go('Garden plans');
  await expect(desk.main.getByRole('article').last()).toContainText('plan.txt');
  await expect(desk.page.getByRole('list', { name: desk.t('files.attached') })).toHaveCount(0);
});

test('a draft that was written without a network is kept, and goes on elsewhere', async ({ world }) => {
  const alice = await world.join('alice');
  const room = await world.channel(alice, 'Garden plans', []);
  const path = `channels/${room.name}`;
  const train = await (await world.open(alice, path)).ready();
  const desk = await (await world.open(alice, path)).ready();
  await train.page.context().setOffline(true);
  await train.box().fill('Written in a tunnel');
  await train.page.context().setOffline(false);
  await expect(desk.box()).toHaveValue('Written in a tunnel', { timeout: 40_000 });
  // An other client's draft arrives, and is listed.
  await alice.client.upsertDraft(
    {
      channel_id: world.square.id,
      root_id: '',
      message: 'From an app',
      user_id: alice.id,
      create_at: 1,
      update_at: 1,
      delete_at: 0,
      props: {},
    } as never,
    '',
  );
  await desk.row(desk.t('sidebar.drafts')).click();
  await expect(desk.main.getByText('From an app')).toBeVisible();
  await expect(desk.main.getByText('Written in a tunnel')).toBeVisible();
  await accessible(desk.page, 'drafts');
});
