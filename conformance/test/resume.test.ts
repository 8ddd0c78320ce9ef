import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { type Ear, postOf } from '../src/ear.js';
import { World } from '../src/world.js';

let world: World;
before(async () => {
  world = await World.create();
});
after(() => world?.close());

/** texts lists the messages of a channel in the order in which they were heard. */
const texts = (ear: Ear, channelId: string) =>
  ear
    .all('posted', (m) => m.broadcast.channel_id === channelId)
    .map((m) => postOf(m).message)
    .filter((text) => text.startsWith('line '));

test('after a cut nothing is lost and nothing comes twice', async () => {
  const { alice, bob } = world.people;
  const channel = await world.channel('P', bob);
  const ear = await bob.openEar();
  try {
    const wanted: string[] = [];
    for (let round = 0; round < 5; round++) {
      for (let i = 0; i < 6; i++) {
        if (i === 2) ear.away();
        wanted.push(`line ${round}-${i}`);
        await alice.say(channel.id, wanted.at(-1) ?? '');
      }
      await ear.back();
      await ear.until('the missed lines', () => texts(ear, channel.id).length >= wanted.length);
    }
    await bob.settle(ear);
    assert.deepEqual(texts(ear, channel.id), wanted);
    assert.equal(ear.counts.missed, 0, 'the client saw no gap');
    assert.equal(ear.all('hello').length, 0, 'a resumed connection is not greeted again');
  } finally {
    ear.close();
  }
});

test('much missed: it all comes, or the client learns that it has to load again', async () => {
  const { alice, bob } = world.people;
  const channel = await world.channel('P', bob);
  const ear = await bob.openEar();
  try {
    await bob.settle(ear);
    ear.away();
    // More than the 128 messages that a server has to keep for a connection.
    await Promise.all(Array.from({ length: 200 }, (_, i) => alice.say(channel.id, `line ${i}`)));
    await ear.back();
    await bob.settle(ear);
    const heard = texts(ear, channel.id);
    assert.equal(new Set(heard).size, heard.length);
    assert.ok(ear.counts.missed > 0 || heard.length === 200, `${heard.length} of 200 came and no gap was told`);
  } finally {
    ear.close();
  }
});

test('what happens to membership during a cut holds after it', async () => {
  const { alice, bob } = world.people;
  const channel = await world.channel('P', bob);
  const ear = await bob.openEar();
  try {
    await bob.settle(ear);
    ear.away();
    await alice.say(channel.id, 'line for bob');
    await alice.client.removeFromChannel(bob.id, channel.id);
    await alice.say(channel.id, 'line for those who are in');
    await ear.back();
    await bob.settle(ear);
    assert.ok(!texts(ear, channel.id).includes('line for those who are in'));
  } finally {
    ear.close();
  }
});

test('two windows of one person both hear, each with its own numbers', async () => {
  const { alice, bob } = world.people;
  const channel = await world.channel('O', bob);
  const ears = await Promise.all([bob.openEar(), bob.openEar()]);
  try {
    const post = await alice.say(channel.id, 'line for both');
    for (const ear of ears) {
      const heard = await ear.next('posted', (m) => postOf(m).id === post.id);
      assert.ok(heard.seq > 0);
    }
  } finally {
    for (const ear of ears) ear.close();
  }
});
