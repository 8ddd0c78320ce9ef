import { accessible } from '../src/axe.ts';
import type { Client } from '../src/pages/client.ts';
import { expect, test } from '../src/world.ts';

/** report brings a message before the moderators, by its menu. */
async function report(client: Client, words: string): Promise<void> {
  await client.act(client.message(words), 'report');
  await client.dialog.getByLabel(client.t('moderation.reason'), { exact: true }).selectOption('Other');
  await client.dialog.getByLabel(client.t('moderation.comment'), { exact: true }).fill(`About: ${words}`);
  await client.button('moderation.report.send').click();
  await expect(client.dialog).toBeHidden();
}

test('a message is reported, hidden, and kept; another one is removed', async ({ world }) => {
  const [alice, bob] = [await world.join('alice'), await world.join('bob')];
  await world.channel(alice, 'Garden', [bob]);
  const [hers, his] = await Promise.all([world.open(alice), world.open(bob)]);
  const moderator = await (await world.open(world.admin)).ready();
  await Promise.all([hers.go('Garden'), his.go('Garden')]);
  await hers.say('Rather rude');
  await hers.say('Really awful');
  await his.act(his.message('Rather rude'), 'report');
  await his.button('moderation.report.send').click();
  await expect(his.dialog).toContainText(his.t('moderation.reason.empty'));
  await accessible(his.page, 'reporting a message');
  await his.page.keyboard.press('Escape');
  await report(his, 'Rather rude');
  await report(his, 'Really awful');
  await expect(hers.message('Rather rude')).toBeHidden();

  await moderator.page.getByRole('button', { name: /^Your menu/ }).click();
  await moderator.menuItem('people.me.reports').click();
  const waiting = (words: string) =>
    moderator.dialog.getByRole('listitem').filter({ hasText: words }).filter({ hasText: alice.name });
  await expect(waiting('Rather rude')).toContainText(bob.name);
  await waiting('Rather rude').getByRole('combobox').selectOption({ label: world.admin.name });
  await expect(waiting('Rather rude')).toContainText(moderator.t('moderation.status.Assigned'));
  await accessible(moderator.page, 'the reports');
  const decide = async (words: string, act: 'keep' | 'remove') => {
    await moderator.button(`moderation.${act}`, {}, waiting(words)).click();
    const ask = moderator.page.getByRole('dialog').last();
    await ask.getByLabel(moderator.t('moderation.why'), { exact: true }).fill('Looked at');
    await moderator.button(`moderation.${act}`, {}, ask).click();
    await expect(waiting(words)).toBeHidden();
  };
  await decide('Rather rude', 'keep');
  await expect(hers.message('Rather rude')).toBeVisible();
  await expect(his.message('Rather rude')).toBeVisible();
  await decide('Really awful', 'remove');
  await moderator.dialog.getByRole('radio', { name: moderator.t('moderation.decided') }).check();
  await expect(waiting('Looked at').first()).toBeVisible();
  await accessible(moderator.page, 'the decided reports');
  await expect(hers.message('Really awful')).toBeHidden();
  await expect(hers.row('content-review')).toHaveAccessibleName(/mention/);
});

test('a deletion is taken back', async ({ world }) => {
  const [alice, bob] = [await world.join('alice'), await world.join('bob')];
  await world.channel(alice, 'Garden', [bob]);
  const [hers, his] = await Promise.all([world.open(alice), world.open(bob)]);
  await Promise.all([hers.go('Garden'), his.go('Garden')]);
  for (const words of ['One', 'Two', 'Three']) await hers.say(words);
  await his.openThread(his.message('Two'));
  await his.say('A reply', his.pane);
  await hers.act(hers.message('Two'), 'delete');
  await hers.button('messages.delete.confirm', {}, hers.dialog).click();
  await expect(hers.message('Two')).toBeHidden();
  await expect(his.message('Two')).toBeHidden();
  await hers.button('messages.delete.undo').click();
  await expect(hers.message('Two')).toBeVisible();
  await expect(his.message('Two')).toBeVisible();
  const texts = await hers.main.getByRole('article').allTextContents();
  const at = (words: string) => texts.findIndex((one) => one.includes(words));
  expect(at('One')).toBeLessThan(at('Two'));
  expect(at('Two')).toBeLessThan(at('Three'));
  await hers.openThread(hers.message('Two'));
  await expect(hers.message('A reply', hers.pane)).toBeVisible();
});
