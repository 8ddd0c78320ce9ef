import { accessible } from '../src/axe.ts';
import { word } from '../src/person.ts';
import { expect, test } from '../src/world.ts';

test('a group is made, mentioned, looked at and archived', async ({ world }) => {
  const [alice, bob] = [await world.join('alice'), await world.join('bob')];
  const [hers, his] = await Promise.all([world.open(alice), world.open(bob)]);
  await Promise.all([hers.ready(), his.ready()]);
  const name = word('design');

  await hers.page.getByRole('button', { name: world.team.display_name }).first().click();
  await hers.menuItem('teams.groups').click();
  await expect(hers.dialog).toContainText(hers.t('groups.title'));
  await accessible(hers.page, 'the groups');
  await hers.button('groups.new').click();
  await hers.dialog.getByLabel(hers.t('groups.called'), { exact: true }).fill('Design circle');
  const mention = hers.dialog.getByLabel(hers.t('groups.name'), { exact: true });
  await expect(mention).toHaveValue('design-circle');
  await mention.fill(alice.name); // somebody is called so
  await hers.button('groups.create').click();
  await expect(mention).toHaveAttribute('aria-invalid', 'true');
  await mention.fill(name);
  await hers.dialog.getByRole('combobox', { name: hers.t('groups.members') }).fill(bob.name);
  await hers.page.getByRole('option', { name: bob.name }).click();
  await accessible(hers.page, 'a new group');
  await hers.button('groups.create').click();
  await expect(hers.dialog.getByRole('listitem')).toHaveCount(2);
  await accessible(hers.page, 'a group');
  await hers.page.keyboard.press('Escape');
  await expect(hers.dialog).toBeHidden();

  // Completed by what it is called, it reaches Bob elsewhere.
  const room = await world.channel(alice, 'Drawing', [bob]);
  await hers.go('Drawing');
  await bob.client.viewMyChannel(room.id);
  await hers.box().pressSequentially(`@${name.slice(0, -2)}`);
  await hers.page.getByRole('option', { name: /Design circle/ }).click();
  await hers.box().pressSequentially('please look');
  await hers.box().press('Enter');
  await expect(his.row('Drawing')).toHaveAccessibleName(/1 mention/);
  await his.go('Drawing');
  const link = his.message(/please look/).getByRole('button', { name: `@${name}` });
  await expect(link).toHaveAttribute('data-me', '');
  await link.click();
  await expect(his.dialog).toContainText('Design circle');
  await expect(his.dialog).toContainText(his.t('groups.people', { count: 2 }));
  await accessible(his.page, 'the card of a group', '[role=dialog]');
  await his.button('groups.see').click();

  // He leaves; then she archives it.
  await his.button('groups.leave').click();
  await expect(his.dialog.getByRole('listitem')).toHaveCount(1);
  await his.button('groups.archive').click();
  await his.button('groups.archive', {}, his.page.getByRole('dialog').last()).click();
  await expect(his.button('groups.restore')).toBeVisible();
  await his.page.keyboard.press('Escape');
  await expect(link).toBeHidden();
  await expect(his.message(/please look/)).toContainText(`@${name}`);
});
