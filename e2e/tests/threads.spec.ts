import { accessible } from '../src/axe.ts';
import { pattern } from '../src/words.ts';
import { expect, test } from '../src/world.ts';

test.describe('a thread', () => {
  test('is answered beside the channel, counted below its message, and unread until it is read', async ({ world }) => {
    const [alice, bob] = [await world.join('alice'), await world.join('bob')];
    const room = await world.channel(alice, 'Garden plans', [bob]);
    const root = await alice.say(room.id, 'Who waters on Sunday?');
    const [hers, his] = await Promise.all([
      world.open(alice, `channels/${room.name}`),
      world.open(bob, `channels/${room.name}`),
    ]);
    await his.ready();
    await his.openThread(his.message('Who waters on Sunday?'));
    await his.say('I do', his.pane);
    await expect(hers.message('Who waters on Sunday?').getByRole('button', { name: /1 reply/ })).toBeVisible();
    await expect(hers.row(hers.t('sidebar.threads'))).toHaveAccessibleName(/unread|1/);

    await hers
      .message('Who waters on Sunday?')
      .getByRole('button', { name: /1 reply/ })
      .click();
    await expect(hers.message('I do', hers.pane)).toBeVisible();
    await accessible(hers.page, 'a thread beside its channel');
    await hers.say('Thank you', hers.pane);
    await expect(his.message('Thank you', his.pane)).toBeVisible();
    await expect(hers.row(hers.t('sidebar.threads'))).toHaveAccessibleName(hers.t('sidebar.threads'));
    await expect
      .poll(async () => (await alice.client.getUserThread(alice.id, world.team.id, root.id)).unread_replies)
      .toBe(0);
  });

  test('with news waits in the list of threads, and leaves it when it is read', async ({ world }) => {
    const [alice, bob] = [await world.join('alice'), await world.join('bob')];
    const room = await world.channel(alice, 'Garden plans', [bob]);
    const first = await alice.say(room.id, 'Apples or pears?');
    await bob.say(room.id, `Pears, @${alice.name}`, first.id);
    const second = await alice.say(room.id, 'Hedge or fence?');
    await bob.say(room.id, 'Hedge', second.id);
    const hers = await world.open(alice, 'threads');
    await expect(hers.main.getByText('Apples or pears?')).toBeVisible();
    await expect(hers.main.getByText('Hedge or fence?')).toBeVisible();
    await accessible(hers.page, 'the list of threads');
    await hers.main.getByText('Apples or pears?').click();
    await expect(hers.page.getByRole('article', { name: /: Pears/ })).toBeVisible();
    await hers.main.getByText('Hedge or fence?').first().click();
    await expect(hers.page.getByRole('article', { name: /: Hedge$/ })).toBeVisible();
    await expect(hers.row(hers.t('sidebar.threads'))).toHaveAccessibleName(hers.t('sidebar.threads'));
    const unread = async () => (await alice.client.getUserThreads(alice.id, world.team.id, {})).total_unread_threads;
    await expect.poll(unread).toBe(0);
    await hers.page.reload();
    await hers
      .button('threads.readAll')
      .or(hers.main.getByText(pattern('threads.allRead')))
      .first()
      .waitFor();
    await expect(hers.row(hers.t('sidebar.threads'))).toHaveAccessibleName(hers.t('sidebar.threads'));
  });

  test('stands in the channel for who reads no threads apart, and makes it unread', async ({ world }) => {
    const [alice, bob] = [await world.join('alice'), await world.join('bob')];
    await alice.prefer('display_settings', 'collapsed_reply_threads', 'off');
    const room = await world.channel(alice, 'Garden plans', [bob]);
    const root = await alice.say(room.id, 'Who waters on Sunday?');
    const hers = await (await world.open(alice)).ready();
    await expect(hers.row(hers.t('sidebar.threads'))).toHaveCount(0);
    await bob.say(room.id, 'I do', root.id);
    await expect(hers.row('Garden plans')).toHaveAccessibleName(/, unread/);
    await hers.go('Garden plans');
    await expect(hers.message('I do')).toBeVisible();
    await expect(hers.row('Garden plans')).toHaveAccessibleName('Garden plans');
    await hers.openThread(hers.message('I do'));
    await hers.say('Thank you', hers.pane);
    await expect(hers.message('Thank you')).toBeVisible();
  });
});
