import { accessible } from '../src/axe.ts';
import { pattern } from '../src/words.ts';
import { expect, test } from '../src/world.ts';

test.describe('what is unread', () => {
  test('stands in the sidebar and in the title, opens at its first message and clears', async ({ world }) => {
    const [alice, bob] = [await world.join('alice'), await world.join('bob')];
    const room = await world.channel(alice, 'Garden plans', [bob]);
    const hers = await (await world.open(alice)).ready();
    await expect(hers.row('Garden plans')).toHaveAccessibleName('Garden plans');

    await bob.say(room.id, 'The peas are up');
    await expect(hers.row('Garden plans')).toHaveAccessibleName(`Garden plans, ${hers.t('sidebar.row.unread')}`);
    await bob.say(room.id, `@${alice.name} come and see`);
    await expect(hers.row('Garden plans')).toHaveAccessibleName(/, 1 mention,/);
    await expect(hers.page).toHaveTitle(/^\(1\)/);
    await accessible(hers.page, 'a mention in the sidebar');

    await hers.go('Garden plans');
    await expect(hers.main.getByText(hers.t('messages.new'), { exact: true })).toBeVisible();
    await expect(hers.message('The peas are up')).toBeVisible();
    await expect(hers.row('Garden plans')).toHaveAccessibleName('Garden plans');
    await expect(hers.page).not.toHaveTitle(/^\(/);
    await hers.page.reload();
    await hers.ready();
    await expect(hers.row('Garden plans')).toHaveAccessibleName('Garden plans');
  });

  test('is what somebody marks unread, until they read it again', async ({ world }) => {
    const [alice, bob] = [await world.join('alice'), await world.join('bob')];
    const room = await world.channel(alice, 'Garden plans', [bob]);
    for (const text of ['Sow', 'Water', 'Wait', 'Weed']) await bob.say(room.id, text);
    const hers = await (await world.open(alice, `channels/${room.name}`)).ready();
    await expect(hers.row('Garden plans')).toHaveAccessibleName('Garden plans');
    await hers.act(hers.message('Wait'), 'unread');
    await expect(hers.row('Garden plans')).toHaveAccessibleName(/, unread/);
    await hers.go('Off-Topic');
    await expect(hers.row('Garden plans')).toHaveAccessibleName(/, unread/);
    await hers.page.reload();
    await hers.ready();
    await expect(hers.row('Garden plans')).toHaveAccessibleName(/, unread/);
    await hers.go('Garden plans');
    await expect(hers.row('Garden plans')).toHaveAccessibleName('Garden plans');
  });

  test('is the same in two tabs of one person', async ({ world }) => {
    const [alice, bob] = [await world.join('alice'), await world.join('bob')];
    const room = await world.channel(alice, 'Garden plans', [bob]);
    const one = await (await world.open(alice)).ready();
    const two = await (await world.tab(one)).ready();
    await bob.say(room.id, `@${alice.name} frost tonight`);
    for (const tab of [one, two]) await expect(tab.row('Garden plans')).toHaveAccessibleName(/1 mention/);
    await one.go('Garden plans');
    await expect(one.message('frost tonight')).toBeVisible();
    await expect(two.row('Garden plans')).toHaveAccessibleName('Garden plans');
    await one.say('I cover them');
    await two.go('Garden plans');
    await expect(two.message('I cover them')).toBeVisible();
    await two.act(two.message('I cover them'), 'edit');
    await two.main.getByLabel(two.t('composer.edit.label')).fill('I cover them all');
    await two.main.getByLabel(two.t('composer.edit.label')).press('Enter');
    await expect(one.message('I cover them all')).toBeVisible();
  });

  test('of many messages leads to the first, and the newest is one press away', async ({ world }) => {
    const [alice, bob] = [await world.join('alice'), await world.join('bob')];
    const room = await world.channel(alice, 'Garden plans', [bob]);
    await alice.client.viewMyChannel(room.id);
    for (let i = 1; i <= 90; i++) await bob.say(room.id, `Row ${i} of the beds`);
    const hers = await world.open(alice, `channels/${room.name}`);
    await expect(hers.message('Row 1 of the beds')).toBeVisible();
    await expect(hers.main.getByText(hers.t('messages.new'), { exact: true })).toBeVisible();
    await hers.main
      .getByRole('button', { name: pattern('messages.newest') })
      .or(hers.main.getByRole('button', { name: pattern('messages.newCount') }))
      .click();
    await expect(hers.message('Row 90 of the beds')).toBeInViewport();
    await hers.page.reload();
    await expect(hers.message('Row 90 of the beds')).toBeInViewport();
  });
});
