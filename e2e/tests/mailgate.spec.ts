import { accessible } from '../src/axe.ts';
import { freePort, sendMail } from '../src/mail.ts';
import { expect, test } from '../src/world.ts';

test('a channel has a mail address, and mail becomes messages', async ({ world }) => {
  const port = await freePort();
  await world.admin.client.patchConfig({
    EmailGatewaySettings: {
      Enable: true,
      Domain: 'chat.example.org',
      ListenAddress: `127.0.0.1:${port}`,
      VerifySenders: false,
      AllowOutsiders: true,
      MessagesPerHour: 1000,
    },
  } as never);
  const [alice, bob] = [await world.join('alice'), await world.join('bob')];
  const room = await world.channel(alice, 'Greenhouse', [bob]);
  const hers = await (await world.open(alice, `channels/${room.name}`)).ready();
  const openTab = async () => {
    await hers.channelMenu('channels.settings');
    await hers.dialog.getByRole('tab', { name: hers.t('channels.settings.email') }).click();
  };
  await openTab();
  await accessible(hers.page, 'a channel without a mail address');
  await hers.button('channels.email.make', {}, hers.dialog).click();
  const code = hers.dialog.locator('code', { hasText: '@chat.example.org' });
  await expect(code).toBeVisible();
  const address = (await code.textContent()) ?? '';
  await accessible(hers.page, 'a channel with a mail address');
  await hers.page.keyboard.press('Escape');

  // A member's mail is theirs, with its file, and what refers to it goes into the thread.
  const first = {
    from: `Bob <${(await bob.client.getMe()).email}>`,
    to: address,
    subject: 'Seedlings have come',
    id: `${room.id}.1@example.com`,
    head: ['Content-Type: multipart/mixed; boundary="b"'],
    body: '--b\nContent-Type: text/html; charset=utf-8\n\n<p>All <b>forty</b> of them.</p>\n--b\nContent-Type: text/plain; name="list.txt"\nContent-Disposition: attachment; filename="list.txt"\n\ntomatoes\n--b--',
  };
  await expect.poll(() => sendMail(port, first)).toMatch(/^250 /);
  const message = hers.main.getByRole('article').filter({ hasText: 'Seedlings have come' });
  await expect(message).toContainText('All forty of them.');
  await expect(message).toContainText('list.txt');
  const next = {
    ...first,
    subject: 'Re: Seedlings have come',
    id: `${room.id}.2@example.com`,
    head: [`In-Reply-To: <${first.id}>`, 'Content-Type: text/plain; charset=utf-8'],
    body: 'And five more.\n\nOn 27 Nov 2026 Bob wrote:\n> All forty of them.',
  };
  expect(await sendMail(port, next)).toMatch(/^250 /);
  await expect(hers.main.getByText(/1 reply/)).toBeVisible();

  // Strangers are refused until the channel lets them in; they show their address.
  const stranger = {
    ...next,
    from: 'Sam <sam@example.net>',
    subject: 'May I come?',
    id: `${room.id}.3@example.net`,
    head: [],
  };
  expect(await sendMail(port, stranger)).toMatch(/^550 .*Only members/);
  await openTab();
  const anybody = hers.dialog.getByRole('radio', { name: hers.t('channels.email.who.anybody') });
  await anybody.click();
  await expect(anybody).toBeChecked();
  await hers.page.keyboard.press('Escape');
  await expect.poll(() => sendMail(port, stranger)).toMatch(/^250 /);
  await expect(hers.main.getByRole('article').filter({ hasText: 'May I come?' })).toContainText('sam@example.net');
  await accessible(hers.page, 'messages by mail');

  await openTab();
  await hers.button('channels.email.renew', {}, hers.dialog).click();
  await hers.page
    .getByRole('dialog', { name: /mail address\?/ })
    .getByRole('button', { name: hers.t('channels.email.renew') })
    .click();
  await expect(code).not.toHaveText(address);
  expect(await sendMail(port, { ...stranger, id: `${room.id}.4@example.net` })).toMatch(/^550 /);
  await hers.button('channels.email.remove', {}, hers.dialog).click();
  await hers.page
    .getByRole('dialog', { name: /mail address\?/ })
    .getByRole('button', { name: hers.t('channels.email.remove') })
    .click();
  await expect(hers.button('channels.email.make', {}, hers.dialog)).toBeVisible();
});

test('the console has the sheets of the gateways', async ({ world }) => {
  const its = await (await world.open(world.admin, 'channels/town-square')).ready();
  for (const sheet of ['mailgate', 'irc']) {
    await its.page.goto(`/admin_console/settings/${sheet}`);
    await expect(its.page.getByRole('heading', { name: its.t(`admin.sheet.${sheet}`) })).toBeVisible();
    await accessible(its.page, `console ${sheet}`);
  }
});
