import { accessible } from '../src/axe.ts';
import type { Client } from '../src/pages/client.ts';
import { Person } from '../src/person.ts';
import { words } from '../src/words.ts';
import { expect, test } from '../src/world.ts';

const teamName = (hers: Client, name: string) => hers.page.getByRole('button', { name, exact: true });

/** fromTeamMenu chooses from the menu of the open team. */
async function fromTeamMenu(hers: Client, id: string): Promise<void> {
  await teamName(hers, 'Reading room').click();
  await hers.menuItem(id).click();
}

test('who runs a team makes others do so too, changes it, removes a member and archives it', async ({ world }) => {
  const [alice, bob, carol] = [await world.join('alice'), await world.join('bob'), await world.join('carol')];
  await world.admin.client.updateTeamMemberSchemeRoles(world.team.id, alice.id, true, true);
  const [hers, his, carols] = await Promise.all([world.open(alice), world.open(bob), world.open(carol)]);
  await Promise.all([hers.ready(), his.ready(), carols.ready()]);

  await fromTeamMenu(hers, 'teams.manageMembers');
  const row = (person: Person) => hers.dialog.getByRole('listitem').filter({ hasText: `@${person.name}` });
  const actOn = async (person: Person, id: string) => {
    await row(person)
      .getByRole('button', { name: words('teams.members.acts', { name: person.name }) })
      .click();
    await hers.menuItem(id).click();
  };
  await actOn(bob, 'teams.members.promote');
  await expect(row(bob)).toContainText(words('teams.members.admin'));
  await accessible(hers.page, 'the members of a team');
  await actOn(carol, 'teams.members.remove');
  await hers.dialog
    .last()
    .getByRole('button', { name: words('teams.members.remove') })
    .click();
  await expect(row(carol)).toHaveCount(0);
  await expect(carols.row('Town Square')).toHaveCount(0);
  await hers.page.keyboard.press('Escape');
  await expect(hers.dialog).toBeHidden();

  // What became of him shows at once, without a reload.
  await fromTeamMenu(his, 'teams.settings');
  await his.dialog.getByLabel(words('teams.settings.name')).fill('Library');
  await his.dialog.locator('input[type=file]').setInputFiles({
    name: 'team.png',
    mimeType: 'image/png',
    buffer: Buffer.from(
      'iVBORw0KGgoAAAANSUhEUgAAABAAAAAQCAIAAACQkWg2AAAAFklEQVR42mPgz4snCTGMahjVMHw1AACmwNwBy6DLMgAAAABJRU5ErkJggg==',
      'base64',
    ),
  });
  await expect(his.button('teams.settings.removePicture')).toBeVisible();
  await his.button('teams.settings.save').click();
  await expect(teamName(hers, 'Library')).toBeVisible();
  await his.dialog.getByRole('tab', { name: words('teams.settings.end') }).click();
  await his.button('teams.archive').click();
  await his.dialog
    .last()
    .getByRole('button', { name: words('teams.archive.confirm'), exact: true })
    .click();
  for (const one of [hers, his]) await expect(one.page).not.toHaveURL(new RegExp(`/${world.team.name}/`));
  // It is there again when an administrator of the server brings it back.
  await world.admin.client.unarchiveTeam(world.team.id);
  await hers.page.goto(world.path());
  await hers.ready();
});

test('somebody leaves a team', async ({ world }) => {
  const alice = await world.join('alice');
  const hers = await (await world.open(alice)).ready();
  await fromTeamMenu(hers, 'teams.leave');
  await hers.dialog.getByRole('button', { name: words('teams.leave.confirm') }).click();
  await expect(hers.page).not.toHaveURL(new RegExp(`/${world.team.name}/`));
  expect(await alice.client.getMyTeams()).toEqual([]);
});

test('other sessions are ended, and the second step is turned on and off', async ({ world }) => {
  const { TOTP, Secret } = await import('otpauth');
  const alice = await world.join('alice');
  const elsewhere = await Person.signIn(alice.name);
  const hers = await (await world.open(alice)).ready();
  await hers.page.keyboard.press('Control+Shift+a');
  await hers.dialog.getByRole('tab', { name: words('settings.tab.security') }).click();
  await expect(hers.dialog.getByText(words('settings.sessions.this'))).toBeVisible();
  await hers.dialog
    .getByRole('button', { name: /^Sign out/ })
    .last()
    .click();
  await expect
    .poll(() =>
      elsewhere.client.getMe().then(
        () => 'signed in',
        (error) => error.status_code,
      ),
    )
    .toBe(401);

  await hers.button('settings.mfa.begin').click();
  const secret = (await hers.dialog.locator('code').first().innerText()).replaceAll(' ', '');
  await accessible(hers.page, 'setting up the second step');
  await hers.dialog
    .getByLabel(words('signin.code.label'))
    .fill(new TOTP({ secret: Secret.fromBase32(secret) }).generate());
  await expect(hers.button('settings.mfa.end')).toBeVisible();
  expect((await alice.client.getMe()).mfa_active).toBe(true);
  await hers.button('settings.mfa.end').click();
  await hers.dialog
    .last()
    .getByRole('button', { name: words('settings.mfa.end'), exact: true })
    .click();
  await expect(hers.button('settings.mfa.begin')).toBeVisible();
  expect((await alice.client.getMe()).mfa_active ?? false).toBe(false);
});
