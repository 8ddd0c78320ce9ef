import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import { postOf } from '../src/ear.js';
import { word } from '../src/person.js';
import { newTeam, World } from '../src/world.js';

let world: World;
const listeners = ['alice', 'bob', 'erin'] as const;

before(async () => {
  world = await World.create();
  await world.listen(...listeners);
});
beforeEach(() => world.forget(...listeners));
after(() => world?.close());

test('a post, its edit and its end are heard by members, with mentions for the mentioned', async () => {
  const { alice, bob, erin } = world.people;
  const channel = await world.channel('P', bob);
  const post = await alice.say(channel.id, `hello @${bob.name}`);
  const mine = (m: { data: { post: string } }) => postOf(m).id === post.id;

  const posted = await bob.ear.next('posted', mine);
  assert.deepEqual(JSON.parse(posted.data.mentions ?? '[]'), [bob.id]);
  assert.deepEqual(
    [posted.data.channel_type, posted.data.sender_name, posted.data.team_id, posted.broadcast.channel_id],
    ['P', `@${alice.name}`, world.team.id, channel.id],
  );
  const own = await alice.ear.next('posted', mine);
  assert.equal(own.data.mentions, undefined);

  await alice.client.patchPost({ id: post.id, message: 'changed' });
  assert.equal(postOf(await bob.ear.next('post_edited', mine)).message, 'changed');
  await bob.client.pinPost(post.id);
  assert.equal(postOf(await alice.ear.next('post_edited', (m) => mine(m) && postOf(m).is_pinned)).id, post.id);
  await alice.client.deletePost(post.id);
  await bob.ear.next('post_deleted', mine);

  await erin.hearsNo('posted', (m) => m.broadcast.channel_id === channel.id);
  await erin.hearsNo('post_edited');
  await erin.hearsNo('post_deleted');
});

test('reactions are heard by all members', async () => {
  const { alice, bob, erin } = world.people;
  const channel = await world.channel('P', bob);
  const post = await alice.say(channel.id, 'react');
  await bob.client.addReaction(bob.id, post.id, 'smile');
  for (const person of [alice, bob]) {
    const heard = await person.ear.next('reaction_added');
    const reaction: { user_id: string; emoji_name: string } = JSON.parse(heard.data.reaction);
    assert.deepEqual([reaction.user_id, reaction.emoji_name], [bob.id, 'smile']);
  }
  await bob.client.removeReaction(bob.id, post.id, 'smile');
  await alice.ear.next('reaction_removed');
  await erin.hearsNo('reaction_added');
  await erin.hearsNo('reaction_removed');
});

test('a new channel is told to its maker, membership to those concerned', async () => {
  const { alice, bob, erin } = world.people;
  const channel = await world.channel('P');
  assert.equal((await alice.ear.next('channel_created')).data.channel_id, channel.id);
  await alice.client.addToChannel(bob.id, channel.id);
  for (const person of [alice, bob]) {
    const added = await person.ear.next('user_added', (m) => m.broadcast.channel_id === channel.id);
    assert.deepEqual([added.data.user_id, added.data.team_id], [bob.id, world.team.id]);
  }
  await alice.client.removeFromChannel(bob.id, channel.id);
  const told = await bob.ear.next('user_removed');
  assert.deepEqual([told.data.channel_id, told.data.remover_id], [channel.id, alice.id]);
  const seen = await alice.ear.next('user_removed');
  assert.deepEqual([seen.data.user_id, seen.broadcast.channel_id], [bob.id, channel.id]);
  await erin.hearsNo('channel_created');
  await erin.hearsNo('user_added');
  await erin.hearsNo('user_removed');
});

test('a removed member hears nothing more', async () => {
  const { alice, bob } = world.people;
  const channel = await world.channel('O', bob);
  const post = await alice.say(channel.id, 'before');
  await bob.ear.next('posted', (m) => postOf(m).id === post.id);
  await alice.client.removeFromChannel(bob.id, channel.id);
  await bob.ear.next('user_removed');
  bob.ear.forget();
  await alice.say(channel.id, `after @${bob.name}`);
  await alice.client.patchPost({ id: post.id, message: 'changed' });
  await alice.client.addReaction(alice.id, post.id, 'smile');
  alice.ear.typing(channel.id);
  await alice.settle();
  const here = (m: { broadcast: { channel_id: string } }) => m.broadcast.channel_id === channel.id;
  await bob.hearsNo('posted', here);
  await bob.hearsNo('post_edited', here);
  await bob.hearsNo('reaction_added', here);
  await bob.hearsNo('typing', here);
});

test('direct and group channels are announced to their members', async () => {
  const { alice, bob, carol, erin } = world.people;
  const direct = await alice.client.createDirectChannel([alice.id, bob.id]);
  const opened = await bob.ear.next('direct_added');
  assert.deepEqual([opened.broadcast.channel_id, opened.data.creator_id], [direct.id, alice.id]);
  const group = await alice.client.createGroupChannel([alice.id, bob.id, carol.id]);
  const joined = await bob.ear.next('group_added');
  assert.equal(joined.broadcast.channel_id, group.id);
  await alice.say(group.id, 'all three');
  await bob.ear.next('posted', (m) => m.broadcast.channel_id === group.id);
  await erin.hearsNo('direct_added');
  await erin.hearsNo('group_added');
  await erin.hearsNo('posted', (m) => [direct.id, group.id].includes(m.broadcast.channel_id));
});

test('a channel’s changes reach the team as far as they may', async () => {
  const { alice, bob, erin } = world.people;
  const channel = await world.channel('O', bob);
  await alice.client.patchChannel(channel.id, { header: word('header') });
  await bob.ear.next('channel_updated', (m) => m.broadcast.channel_id === channel.id);
  await alice.client.deleteChannel(channel.id);
  assert.equal((await erin.ear.next('channel_deleted')).data.channel_id, channel.id);
  await world.admin.client.unarchiveChannel(channel.id);
  assert.equal((await erin.ear.next('channel_restored')).data.channel_id, channel.id);
});

test('joining and leaving a team', async () => {
  const { bob } = world.people;
  const team = await newTeam(world.admin);
  await world.admin.client.addToTeam(team.id, bob.id);
  assert.equal((await bob.ear.next('added_to_team')).data.team_id, team.id);
  await bob.client.removeFromTeam(team.id, bob.id);
  assert.equal((await bob.ear.next('leave_team')).data.team_id, team.id);
});
