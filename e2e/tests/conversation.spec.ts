import { expect, test } from '../src/world.ts';

test.describe('two people in a channel', () => {
  test('see what the other writes, edits, reacts to and deletes as it happens', async ({ world }) => {
    const [alice, bob] = [await world.join('alice'), await world.join('bob')];
    const room = await world.channel(alice, 'Garden plans', [bob]);
    const [hers, his] = await Promise.all([
      world.open(alice, `channels/${room.name}`),
      world.open(bob, `channels/${room.name}`),
    ]);
    await Promise.all([hers.ready(), his.ready()]);

    await hers.box().pressSequentially('Shall we plant **beans**?');
    await expect(his.main.getByText(his.t('composer.typing.one', { a: alice.name }))).toBeVisible();
    await hers.box().press('Enter');
    const question = 'Shall we plant beans?';
    await expect(his.message(question).getByText('beans')).toBeVisible();
    await expect(his.message(question).locator('strong')).toHaveText('beans');

    await his.message(question).hover();
    await his.button('messages.reactWith', { emoji: '+1' }, his.message(question)).click();
    const thumb = hers.message(question).getByRole('button', { name: /^:\+1:/ });
    await expect(thumb).toHaveAttribute('aria-pressed', 'false');
    await thumb.click();
    await expect(his.message(question).getByRole('button', { name: /^:\+1: 2/ })).toHaveAttribute(
      'aria-pressed',
      'true',
    );

    await hers.box().press('ArrowUp');
    const edit = hers.main.getByLabel(hers.t('composer.edit.label'));
    await edit.fill('Shall we plant peas?');
    await edit.press('Enter');
    await expect(his.message('Shall we plant peas?')).toContainText(his.t('messages.edited'));
    await expect(his.message(question)).toHaveCount(0);

    await his.say('No peas, please');
    await hers.act(hers.message('Shall we plant peas?'), 'delete');
    await hers.dialog.getByRole('button', { name: hers.t('messages.act.delete') }).click();
    await expect(his.message('Shall we plant peas?')).toHaveCount(0);
    await expect(hers.message('No peas, please')).toBeVisible();
    await hers.page.reload();
    await expect(hers.message('No peas, please')).toBeVisible();
    await expect(hers.message('Shall we plant peas?')).toHaveCount(0);
  });
});
