import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Command } from '@mattermost/types/integrations';
import { accessible } from '../src/axe.ts';
import { words } from '../src/words.ts';
import { expect, test } from '../src/world.ts';

/** An integration: what it was asked, and what it says to each thing asked. */
async function integration(
  answer: (asked: URLSearchParams, path: string) => object,
): Promise<{ url: string; server: Server; asked: URLSearchParams[] }> {
  const asked: URLSearchParams[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const url = new URL(request.url ?? '/', 'http://x');
      const form = request.method === 'GET' ? url.searchParams : new URLSearchParams(Buffer.concat(chunks).toString());
      // Lists are asked for too, while one types.
      if (form.has('token')) asked.push(form);
      response.setHeader('Content-Type', 'application/json');
      response.end(JSON.stringify(answer(form, url.pathname)));
    });
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, server, asked };
}

test('a command of an integration is offered, goes on, runs, answers and leads somewhere', async ({ world }) => {
  const [alice, bob] = [await world.join('alice'), await world.join('bob')];
  const room = await world.channel(alice, 'Kitchen', [bob]);
  const other = await world.channel(alice, 'Larder', []);
  const beans = await integration((form, path) => {
    if (path === '/kinds')
      return [
        { item: 'runner', helptext: 'climbs' },
        { item: 'broad', helptext: 'stands by itself' },
      ];
    if (form.get('text') === 'lost') return { goto_location: `/${world.team.name}/channels/${other.name}` };
    if (form.get('text')?.startsWith('order'))
      return { response_type: 'in_channel', text: `Ordered: ${form.get('text')}` };
    return { text: 'Only you can read this.' };
  });
  const made = await world.admin.client.addCommand({
    team_id: world.team.id,
    trigger: 'beans',
    method: 'P',
    url: `${beans.url}/run`,
    auto_complete: true,
    auto_complete_desc: 'Order beans',
    auto_complete_hint: '[what]',
    autocomplete_data: {
      Trigger: 'beans',
      SubCommands: [
        {
          Trigger: 'order',
          HelpText: 'Order some',
          Arguments: [
            { Type: 'DynamicList', HelpText: 'Which', Data: { FetchURL: '/kinds' } },
            { Type: 'TextInput', HelpText: 'How many grams', Data: { Hint: '[grams]' } },
          ],
        },
        { Trigger: 'list', HelpText: 'List orders' },
      ],
    },
  } as unknown as Command);
  try {
    const hers = await (await world.open(alice, `channels/${room.name}`)).ready();
    const his = await (await world.open(bob, `channels/${room.name}`)).ready();
    const box = hers.box();
    const option = (name: string | RegExp) => hers.page.getByRole('option', { name });
    await box.click();
    await hers.page.keyboard.type('/bea');
    await expect(option(/\/beans/)).toHaveAttribute('aria-selected', 'true');
    await accessible(hers.page, 'a command is offered');
    await hers.page.keyboard.press('Enter');
    await expect(option(/Order some/)).toBeVisible();
    await expect(box).toHaveAttribute('aria-activedescendant', /.+/);
    await accessible(hers.page, 'a command goes on');
    await hers.page.keyboard.press('Enter');
    await expect(option(/broad/)).toBeVisible();
    await hers.page.keyboard.press('ArrowDown');
    await hers.page.keyboard.press('Tab');
    await expect(box).toHaveValue('/beans order broad ');
    await expect(hers.page.getByText('[grams] · How many grams')).toBeVisible();
    await accessible(hers.page, 'a command says what is to be written');
    await hers.page.keyboard.type('500');
    await hers.page.keyboard.press('Enter');
    await expect(his.message('Ordered: order broad 500')).toBeVisible();
    await expect(box).toHaveValue('');
    expect(beans.asked.at(-1)?.get('token')).toBe(made.token);
    expect(beans.asked.at(-1)?.get('user_name')).toBe(alice.name);

    await box.fill('/beans list');
    await hers.page.keyboard.press('Enter');
    await expect(hers.main.getByText('Only you can read this.')).toBeVisible();
    await accessible(hers.page, 'an answer for oneself alone');
    await expect(his.main.getByText('Only you can read this.')).toHaveCount(0);
    // Later answers come by the address that the integration was given.
    const later = new URL(beans.asked.at(-1)?.get('response_url') ?? '');
    await fetch(later, {
      method: 'POST',
      body: JSON.stringify({ text: 'The beans are here.', response_type: 'in_channel' }),
    });
    await expect(his.message('The beans are here.')).toBeVisible();

    await box.fill('/beans lost');
    await hers.page.keyboard.press('Escape');
    await hers.page.keyboard.press('Enter');
    await expect(hers.title).toContainText('Larder');

    // In a conversation the commands are those of the team that one has come from.
    await alice.client.createDirectChannel([alice.id, bob.id]);
    const aside = await (await world.open(alice, `messages/@${bob.name}`)).ready();
    await aside.box().fill('/beans order broad');
    await aside.page.keyboard.press('Escape');
    await aside.page.keyboard.press('Enter');
    await expect(aside.message('Ordered: order broad')).toBeVisible();
    expect(beans.asked.at(-1)?.get('team_id')).toBe(world.team.id);

    beans.server.close();
    beans.server.closeAllConnections();
    await hers.box().fill('/beans order');
    await hers.page.keyboard.press('Escape');
    await hers.page.keyboard.press('Enter');
    await expect(hers.main.getByText(/integration behind “\/beans”/)).toBeVisible();
    await expect(hers.box()).toHaveValue('/beans order');
    await accessible(hers.page, 'a command that failed');
  } finally {
    beans.server.close();
  }
});

test('a command is offered on messages, by key, by mouse and on a phone', async ({ world }) => {
  const [alice, bob] = [await world.join('alice'), await world.join('bob')];
  const room = await world.channel(alice, 'Garden', [bob]);
  const root = await bob.say(room.id, 'Water the beans');
  const tasks = await integration((form) =>
    form.get('root_id') ? { text: 'Noted for you.' } : { response_type: 'in_channel', text: 'The task is made.' },
  );
  try {
    const boss = await world.open(world.admin, 'integrations/commands');
    await boss.button('integrations.commands.add').first().click();
    const field = (id: string) => boss.dialog.getByRole('textbox', { name: words(id) });
    await field('integrations.field.title').fill('Make a task');
    await field('integrations.commands.trigger').fill('task');
    await field('integrations.commands.url').fill(`${tasks.url}/run`);
    const offer = boss.dialog.getByRole('checkbox', { name: words('integrations.commands.onMessages') });
    await boss.dialog.getByRole('combobox').selectOption('G');
    await expect(offer).toBeDisabled();
    await boss.dialog.getByRole('combobox').selectOption('P');
    await offer.check();
    await accessible(boss.page, 'a command that is offered on messages');
    await boss.button('integrations.make', {}, boss.dialog).click();
    await boss.button('integrations.done', {}, boss.dialog).click();

    const hers = await (await world.open(alice, `channels/${room.name}`)).ready();
    const message = hers.message('Water the beans');
    await message.hover();
    await hers.button('messages.more.acts', {}, message).click();
    await expect(hers.menuItem('messages.acts.more')).toBeVisible();
    await accessible(hers.page, 'a menu with more of integrations', '[role=menu]');
    await hers.page.keyboard.press('End');
    await expect(hers.menuItem('messages.acts.more')).toBeFocused();
    await hers.page.keyboard.press('ArrowRight');
    const task = hers.page.getByRole('menuitem', { name: 'Make a task' });
    await expect(task).toBeFocused();
    await accessible(
      hers.page,
      'what integrations offer on a message',
      `[role=menu][aria-label="${words('messages.acts.more')}"]`,
    );
    await hers.page.keyboard.press('Enter');
    await expect(hers.message('The task is made.')).toBeVisible();
    await expect(hers.page.getByRole('menu')).toHaveCount(0);
    expect(tasks.asked.at(-1)?.get('post_id')).toBe(root.id);
    expect(tasks.asked.at(-1)?.get('message')).toBe('Water the beans');
    expect(tasks.asked.at(-1)?.get('user_name')).toBe(alice.name);

    // In a thread the answer stands in the thread.
    await bob.say(room.id, 'Twice a day', root.id);
    await hers.openThread(message);
    const reply = hers.message('Twice a day', hers.pane);
    await reply.hover();
    await hers.button('messages.more.acts', {}, reply).click();
    await hers.menuItem('messages.acts.more').click();
    await task.click();
    await expect(hers.pane.getByText('Noted for you.')).toBeVisible();

    const his = await (
      await world.open(bob, `channels/${room.name}`, {
        viewport: { width: 390, height: 844 },
        isMobile: true,
        hasTouch: true,
      })
    ).ready();
    await his.message('Water the beans').dispatchEvent('pointerdown', { pointerType: 'touch', bubbles: true });
    await expect(his.dialog.getByRole('button', { name: 'Make a task' })).toBeVisible();
    await accessible(his.page, 'what integrations offer on a phone');
    await his.dialog.getByRole('button', { name: 'Make a task' }).tap();
    await expect(his.message('The task is made.')).toHaveCount(2);
  } finally {
    tasks.server.close();
  }
});

test('commands of the server run there, and this client keeps its own', async ({ world }) => {
  const alice = await world.join('alice');
  const hers = await (await world.open(alice)).ready();
  const box = hers.box();
  await box.click();
  await hers.page.keyboard.type('/echo ');
  await expect(hers.page.getByText(/\[delay in seconds\]/)).toBeVisible();
  await hers.page.keyboard.type('"Tea is ready" 1');
  await hers.page.keyboard.press('Enter');
  await expect(hers.message('Tea is ready')).toBeVisible();
  await box.fill('/help');
  await hers.page.keyboard.press('Enter');
  await expect(hers.main.getByText('/shrug')).toBeVisible();
  await box.fill('/nosuchcommand x');
  await hers.page.keyboard.press('Enter');
  await expect(hers.main.getByText(hers.t('composer.unknownCommand', { name: 'nosuchcommand' }))).toBeVisible();
  await expect(box).toHaveValue('/nosuchcommand x');
  await box.fill('/settings');
  await hers.page.keyboard.press('Enter');
  await expect(hers.dialog).toBeVisible();
});
