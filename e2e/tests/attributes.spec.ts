import { accessible } from '../src/axe.ts';
import { serverUrl, word } from '../src/person.ts';
import { expect, test } from '../src/world.ts';

test('administrators define attributes, people fill them in, others read them', async ({ world }) => {
  const [alice, bob] = [await world.join('alice'), await world.join('bob')];
  const [office, skills, boss] = [word('Office'), word('Skills'), word('Manager')];
  const admin = await (await world.open(world.admin)).ready();
  const openProfile = async (client: typeof admin) => {
    await client.page.keyboard.press('Control+Shift+A');
    await client.dialog.getByRole('tab', { name: client.t('settings.tab.profile') }).click();
  };
  await openProfile(admin);
  await admin.button('settings.attributes.manage').click();
  const make = async (name: string, type: string, more?: () => Promise<unknown>) => {
    await admin.button('settings.attributes.new').click();
    await admin.dialog.getByLabel(admin.t('settings.attributes.name'), { exact: true }).fill(name);
    await admin.dialog.getByLabel(admin.t('settings.attributes.type'), { exact: true }).selectOption(type);
    await more?.();
    await admin.button('settings.save').click();
    await expect(admin.dialog.getByRole('listitem').filter({ hasText: name })).toBeVisible();
  };
  await make(office, 'text');
  await make(skills, 'multiselect', async () => {
    await admin.dialog.getByLabel(admin.t('settings.attributes.options'), { exact: true }).fill('Drawing\nWelding');
    await accessible(admin.page, 'a new attribute');
  });
  await make(boss, 'user');
  await accessible(admin.page, 'the attributes');
  await admin.dialog.getByRole('button', { name: admin.t('settings.attributes.up', { name: skills }) }).click();
  const rows = admin.dialog.getByRole('listitem').filter({ hasText: new RegExp(`${office}|${skills}`) });
  await expect(rows.first()).toContainText(skills);

  const hers = await (await world.open(alice)).ready();
  await openProfile(hers);
  await hers.dialog.getByLabel(office).fill('Lyon, 3rd floor');
  await hers.dialog.getByRole('group', { name: skills }).getByLabel('Welding').check();
  await hers.dialog.getByRole('combobox', { name: boss }).fill(bob.name);
  await hers.page.getByRole('option', { name: bob.name }).click();
  await accessible(hers.page, 'the profile with attributes');
  await hers.button('settings.save').click();
  await expect(hers.button('settings.save')).toBeHidden();
  await hers.page.keyboard.press('Escape');
  await hers.say('Who am I?');

  const his = await (await world.open(bob)).ready();
  await his.message('Who am I?').getByRole('button', { name: alice.name }).first().click();
  const card = his.dialog;
  for (const words of [office, 'Lyon, 3rd floor', skills, 'Welding', boss, bob.name])
    await expect(card).toContainText(words);
  await accessible(his.page, 'a card with attributes', '[role=dialog]');
  // What changes is seen at once.
  const fields = await (
    await fetch(`${serverUrl()}/api/v4/custom_profile_attributes/fields`, {
      headers: { Authorization: `Bearer ${alice.client.getToken()}` },
    })
  ).json();
  const field = fields.find((one: { name: string }) => one.name === office);
  await fetch(`${serverUrl()}/api/v4/custom_profile_attributes/values`, {
    method: 'PATCH',
    headers: { Authorization: `Bearer ${alice.client.getToken()}` },
    body: JSON.stringify({ [field.id]: 'Nantes' }),
  });
  await expect(card).toContainText('Nantes');
  await admin.dialog.getByRole('button', { name: admin.t('settings.attributes.remove', { name: office }) }).click();
  await admin.button('settings.attributes.delete', {}, admin.page.getByRole('dialog').last()).click();
  await expect(card).not.toContainText(office);
});
