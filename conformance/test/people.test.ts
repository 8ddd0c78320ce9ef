import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { until } from '../src/ear.js';
import { refused, World } from '../src/world.js';

let world: World;
before(async () => {
  world = await World.create();
});
after(() => world?.close());

const names = (list: { username: string }[]) => list.map((u) => u.username).sort();

test('people are found by name, in a team, in a channel, beside it', async () => {
  const { alice, bob, carol } = world.people;
  const channel = await world.channel('P', bob);
  const search = async (term: string, options: object) => names(await alice.client.searchUsers(term, options));
  assert.deepEqual(await search(bob.name, {}), [bob.name]);
  assert.deepEqual(await search(carol.name, { team_id: world.team.id }), [carol.name]);
  assert.deepEqual(await search(bob.name, { in_channel_id: channel.id }), [bob.name]);
  const beside = { team_id: world.team.id, not_in_channel_id: channel.id };
  assert.deepEqual(await search(carol.name, beside), [carol.name]);
  assert.deepEqual(await search(bob.name, beside), []);
  await refused(alice.client.searchUsers('', {}), 400, 'api.context.invalid_body_param.app_error');
});

test('autocomplete tells members from others', async () => {
  const { alice, bob, erin } = world.people;
  const channel = await world.channel('P', bob);
  const complete = (name: string) => alice.client.autocompleteUsers(name, world.team.id, channel.id);
  const member = await complete(bob.name);
  assert.deepEqual([names(member.users), names(member.out_of_channel ?? [])], [[bob.name], []]);
  const other = await complete(erin.name);
  assert.deepEqual([names(other.users), names(other.out_of_channel ?? [])], [[], [erin.name]]);
  await refused(erin.client.autocompleteUsers('a', world.team.id, channel.id), 403);
});

test('profiles come by ids, names, team and channel', async () => {
  const { alice, bob, carol } = world.people;
  const channel = await world.channel('O', bob);
  assert.deepEqual(names(await alice.client.getProfilesByIds([bob.id, carol.id])), names([bob.profile, carol.profile]));
  assert.deepEqual(names(await alice.client.getProfilesByUsernames([bob.name])), [bob.name]);
  assert.deepEqual(names(await alice.client.getProfilesInChannel(channel.id)), names([alice.profile, bob.profile]));
  const team = names(await alice.client.getProfilesInTeam(world.team.id));
  for (const person of Object.values(world.people)) assert.ok(team.includes(person.name));
  assert.equal((await alice.client.getUserByUsername(bob.name)).id, bob.id);
});

test('typing is heard by the other members only', async () => {
  const { alice, bob } = world.people;
  const channel = await world.channel('P', bob);
  await world.listen('alice', 'bob', 'erin');
  await world.forget('alice', 'bob', 'erin');
  alice.ear.typing(channel.id);
  const heard = await bob.ear.next('typing');
  assert.deepEqual([heard.data.user_id, heard.data.parent_id], [alice.id, '']);
  const root = await alice.say(channel.id, 'root');
  alice.ear.typing(channel.id, root.id);
  assert.equal((await bob.ear.next('typing')).data.parent_id, root.id);
  await alice.hearsNo('typing');
  await world.people.erin.hearsNo('typing');
});

test('a connected person is online, a status set by hand is seen by others', async () => {
  const { bob, dave } = world.people;
  const seen = async () => (await bob.client.getStatus(dave.id)).status;
  await world.listen('dave');
  await until('online after connecting', async () => (await seen()) === 'online');
  for (const status of ['dnd', 'away', 'offline', 'online']) {
    await dave.client.updateStatus({ user_id: dave.id, status });
    const heard = await dave.ear.next('status_change', (m) => m.data.status === status);
    assert.equal(heard.data.user_id, dave.id);
    assert.equal(await seen(), status);
  }
  const many = await bob.client.getStatusesByIds([dave.id, bob.id]);
  assert.deepEqual(new Set(many.map((s) => s.user_id)), new Set([dave.id, bob.id]));
  await refused(bob.client.updateStatus({ user_id: dave.id, status: 'away' }), 403);
});

test('a custom status is part of the profile', async () => {
  const { bob, dave } = world.people;
  const status = { emoji: 'palm_tree', text: 'on leave', duration: '' } as Parameters<
    typeof dave.client.updateCustomStatus
  >[0];
  await dave.client.updateCustomStatus(status);
  const shown: { text: string } = JSON.parse((await bob.client.getUser(dave.id)).props.customStatus ?? '{}');
  assert.equal(shown.text, 'on leave');
  await dave.client.unsetCustomStatus();
  const cleared = (await bob.client.getUser(dave.id)).props?.customStatus ?? '';
  assert.equal(cleared, '');
});
