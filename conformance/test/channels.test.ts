import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { word } from '../src/person.js';
import { refused, World } from '../src/world.js';

let world: World;
before(async () => {
  world = await World.create();
});
after(() => world?.close());

test('a public channel is found and joined by everybody in the team', async () => {
  const { alice, bob } = world.people;
  const channel = await world.channel('O');
  assert.equal(channel.creator_id, alice.id);
  const found = await bob.client.autocompleteChannels(world.team.id, channel.name);
  assert.deepEqual(
    found.map((c) => c.id),
    [channel.id],
  );
  const member = await bob.client.addToChannel(bob.id, channel.id);
  assert.equal(member.user_id, bob.id);
  const members = (await alice.client.getChannelMembers(channel.id)).map((m) => m.user_id).sort();
  assert.deepEqual(members, [alice.id, bob.id].sort());
  assert.equal((await alice.client.getChannelStats(channel.id)).member_count, 2);
});

test('a private channel does not exist for those outside', async () => {
  const { bob, erin } = world.people;
  const channel = await world.channel('P', bob);
  assert.equal((await bob.client.getChannel(channel.id)).type, 'P');
  await refused(erin.client.getChannel(channel.id), 403, 'api.context.permissions.app_error');
  await refused(erin.client.getPosts(channel.id), 403, 'api.context.permissions.app_error');
  await refused(erin.client.addToChannel(erin.id, channel.id), 403, 'api.context.permissions.app_error');
  const seen = await erin.client.searchChannels(world.team.id, channel.name);
  assert.deepEqual(seen, []);
});

test('a direct channel is one whoever opens it', async () => {
  const { alice, bob, carol } = world.people;
  const opened = await alice.client.createDirectChannel([alice.id, bob.id]);
  const again = await bob.client.createDirectChannel([bob.id, alice.id]);
  assert.equal(again.id, opened.id);
  assert.equal(opened.type, 'D');
  assert.equal(opened.name, [alice.id, bob.id].sort().join('__'));
  await refused(carol.client.getChannel(opened.id), 403, 'api.context.permissions.app_error');
  await refused(carol.client.createDirectChannel([alice.id, bob.id]), 403, 'api.context.permissions.app_error');
});

test('a group channel is one whoever opens it', async () => {
  const { alice, bob, carol, dave } = world.people;
  const group = await alice.client.createGroupChannel([alice.id, bob.id, carol.id]);
  const again = await bob.client.createGroupChannel([carol.id, alice.id, bob.id]);
  assert.equal(again.id, group.id);
  assert.equal(group.type, 'G');
  const profiles = await alice.client.getProfilesInGroupChannels([group.id]);
  assert.deepEqual((profiles[group.id] ?? []).map((p) => p.id).sort(), [bob.id, carol.id].sort());
  await refused(dave.client.getChannel(group.id), 403, 'api.context.permissions.app_error');
});

test('a channel is renamed, archived, restored', async () => {
  const { alice, bob } = world.people;
  const channel = await world.channel('O', bob);
  const header = word('header');
  const patched = await alice.client.patchChannel(channel.id, { header, display_name: 'Renamed' });
  assert.equal(patched.display_name, 'Renamed');
  assert.equal((await bob.client.getChannel(channel.id)).header, header);
  await alice.client.deleteChannel(channel.id);
  assert.notEqual((await bob.client.getChannel(channel.id)).delete_at, 0);
  await refused(bob.say(channel.id, 'too late'), 400, 'api.post.create_post.can_not_post_to_deleted.error');
  await world.admin.client.unarchiveChannel(channel.id);
  assert.equal((await bob.say(channel.id, 'open again')).message, 'open again');
});

test('names are unique in a team and follow the rules', async () => {
  const { alice } = world.people;
  const channel = await world.channel('O');
  const make = (name: string) =>
    alice.client.createChannel({ name, display_name: 'x', type: 'O', team_id: world.team.id });
  await refused(make(channel.name), 400, 'store.sql_channel.save_channel.exists.app_error');
  await refused(make('Not Good'), 400, 'model.channel.is_valid.1_or_more.app_error');
});
