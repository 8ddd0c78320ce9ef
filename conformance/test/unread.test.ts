import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Person, Unread } from '../src/person.js';
import { World } from '../src/world.js';

let world: World;
before(async () => {
  world = await World.create();
});
after(() => world?.close());

const count = (messages: number, roots: number, mentions: number, rootMentions: number): Unread => ({
  messages,
  roots,
  mentions,
  rootMentions,
});

async function readBy(channelId: string, ...people: Person[]): Promise<void> {
  for (const person of people) await person.client.viewMyChannel(channelId);
}

test('unread and mention counts are exact for everybody after a known sequence', async () => {
  const { alice, bob, carol, dave } = world.people;
  const everybody = [alice, bob, carol, dave];
  const channel = await world.channel('O', bob, carol, dave);
  await readBy(channel.id, ...everybody);
  const counts = () => Promise.all(everybody.map((p) => p.unread(channel.id)));
  assert.deepEqual(
    await counts(),
    everybody.map(() => count(0, 0, 0, 0)),
  );

  await alice.say(channel.id, 'plain');
  await alice.say(channel.id, `hello @${bob.name}`);
  assert.deepEqual(await counts(), [count(0, 0, 0, 0), count(2, 2, 1, 1), count(2, 2, 0, 0), count(2, 2, 0, 0)]);

  await alice.say(channel.id, `in code \`@${bob.name}\`, glued no@${bob.name}`);
  const root = await alice.say(channel.id, '@channel look');
  assert.deepEqual(await counts(), [count(0, 0, 0, 0), count(4, 4, 2, 2), count(4, 4, 1, 1), count(4, 4, 1, 1)]);

  await bob.say(channel.id, 'my own message reads what came before');
  assert.deepEqual(await counts(), [count(1, 1, 0, 0), count(0, 0, 0, 0), count(5, 5, 1, 1), count(5, 5, 1, 1)]);

  await readBy(channel.id, alice, carol);
  await bob.say(channel.id, `a reply for @${carol.name}`, root.id);
  assert.deepEqual((await counts()).slice(2), [count(1, 0, 1, 0), count(6, 5, 1, 1)]);
});

test('each message of a direct channel is a mention', async () => {
  const { alice, bob } = world.people;
  const direct = await alice.client.createDirectChannel([alice.id, bob.id]);
  await alice.say(direct.id, 'one');
  await alice.say(direct.id, 'two');
  assert.deepEqual(await bob.unread(direct.id), count(2, 2, 2, 2));
  assert.deepEqual(await alice.unread(direct.id), count(0, 0, 0, 0));
  await readBy(direct.id, bob);
  assert.deepEqual(await bob.unread(direct.id), count(0, 0, 0, 0));
});

test('a channel is marked unread from a post on', async () => {
  const { alice, bob } = world.people;
  const channel = await world.channel('O', bob);
  await alice.say(channel.id, 'one');
  const two = await alice.say(channel.id, `two @${bob.name}`);
  await alice.say(channel.id, 'three');
  await readBy(channel.id, bob);
  await world.listen('bob');
  await world.forget('bob');
  const marked = await bob.client.markPostAsUnread(bob.id, two.id);
  assert.equal(marked.mention_count, 1);
  assert.deepEqual(await bob.unread(channel.id), count(2, 2, 1, 1));
  const heard = await bob.ear.next('post_unread');
  assert.deepEqual([heard.data.post_id, heard.data.mention_count], [two.id, 1]);
  assert.equal(heard.broadcast.user_id, bob.id);
});

test('a team’s unread sums its channels', async () => {
  const { dave } = world.people;
  const inTeam = async () => (await dave.client.getMyTeamUnreads()).find((t) => t.team_id === world.team.id);
  const channel = await world.channel('O', dave);
  await readBy(channel.id, dave);
  const before = await inTeam();
  await world.people.alice.say(channel.id, `@${dave.name}`);
  await world.people.alice.say(channel.id, 'more');
  const now = await inTeam();
  assert.ok(before && now);
  assert.deepEqual([now.msg_count - before.msg_count, now.mention_count - before.mention_count], [2, 1]);
});

test('reading in one window reaches the other', async () => {
  const { alice, carol } = world.people;
  const channel = await world.channel('O', carol);
  await alice.say(channel.id, 'news');
  await world.listen('carol');
  await world.forget('carol');
  await readBy(channel.id, carol);
  const viewed = await carol.ear.next('multiple_channels_viewed');
  assert.ok((viewed.data.channel_times[channel.id] ?? 0) > 0);
});
