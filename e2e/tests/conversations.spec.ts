import { accessible } from '../src/axe.ts';
import type { Client } from '../src/pages/client.ts';
import type { Person } from '../src/person.ts';
import { expect, test } from '../src/world.ts';

/** begin opens a conversation with people by the dialog. */
async function begin(client: Client, ...people: Person[]): Promise<void> {
  await client.button('sidebar.new').click();
  await client.menuItem('sidebar.newMessage').click();
  const field = client.dialog.getByRole('combobox', { name: client.t('channels.message.to') });
  for (const person of people) {
    await field.fill(person.name);
    await client.page.getByRole('option', { name: person.name }).click();
  }
  await client.button('channels.message.go', {}, client.dialog).click();
  await expect(client.dialog).toBeHidden();
}

test('two people write to each other directly, from either side', async ({ world }) => {
  const [alice, bob] = [await world.join('alice'), await world.join('bob')];
  const [hers, his] = await Promise.all([world.open(alice), world.open(bob)]);
  await Promise.all([hers.ready(), his.ready()]);
  await begin(hers, bob);
  await expect(hers.page).toHaveURL(new RegExp(`/messages/@${bob.name}$`));
  await hers.say('Only for you');
  await expect(his.row(alice.name)).toHaveAccessibleName(/1 mention/);
  await his.go(alice.name);
  await expect(his.message('Only for you')).toBeVisible();
  await his.say('And for you');
  await expect(hers.message('And for you')).toBeVisible();
  await accessible(his.page, 'a direct conversation');
  await his.page.reload();
  await expect(his.message('Only for you')).toBeVisible();
});

test('three people have a conversation of their own', async ({ world }) => {
  const people = [await world.join('alice'), await world.join('bob'), await world.join('carol')] as const;
  const [alice, bob, carol] = people;
  const hers = await (await world.open(alice)).ready();
  await begin(hers, bob, carol);
  await hers.say('The three of us');
  const theirs = await world.open(carol);
  await theirs.ready();
  const row = theirs.page.getByRole('treeitem', { name: new RegExp(alice.name) });
  await expect(row).toHaveAccessibleName(/1 mention/);
  await row.getByRole('link').click();
  await expect(theirs.message('The three of us')).toBeVisible();
  await theirs.say('Here I am');
  await expect(hers.message('Here I am')).toBeVisible();
});

test('an old link to a conversation or a message opens it', async ({ world }) => {
  const [alice, bob] = [await world.join('alice'), await world.join('bob')];
  const direct = await bob.client.createDirectChannel([bob.id, alice.id]);
  await bob.say(direct.id, 'From long ago');
  const hers = await world.open(alice, `messages/@${bob.name}`);
  await expect(hers.message('From long ago')).toBeVisible();
  const room = await world.channel(alice, 'Garden plans', [bob]);
  const post = await bob.say(room.id, 'Linked to');
  for (let i = 0; i < 40; i++) await bob.say(room.id, `Later ${i}`);
  await hers.page.goto(world.path(`pl/${post.id}`));
  await expect(hers.message('Linked to')).toBeInViewport();
  await expect(hers.title).toContainText('Garden plans');
});
