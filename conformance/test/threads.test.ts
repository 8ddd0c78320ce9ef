import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Person } from '../src/person.js';
import { refused, World } from '../src/world.js';

let world: World;
before(async () => {
  world = await World.create();
});
after(() => world?.close());

const totals = async (person: Person) => {
  const list = await person.client.getUserThreads(person.id, world.team.id, { totalsOnly: true });
  return [list.total, list.total_unread_threads, list.total_unread_mentions];
};

const thread = (person: Person, id: string) => person.client.getUserThread(person.id, world.team.id, id);

test('replies hang under their root, and the collapsed page shows roots only', async () => {
  const { alice, bob } = world.people;
  const channel = await world.channel('O', bob);
  const root = await alice.say(channel.id, 'root');
  const [one, two] = [await bob.say(channel.id, 'one', root.id), await bob.say(channel.id, 'two', root.id)];
  const whole = await alice.client.getPostThread(root.id);
  assert.deepEqual(new Set(Object.keys(whole.posts)), new Set([root.id, one.id, two.id]));
  const collapsed = await alice.client.getPosts(channel.id, 0, 60, true, true);
  assert.ok(collapsed.order.includes(root.id) && !collapsed.order.includes(one.id));
  const shown = collapsed.posts[root.id];
  assert.equal(shown?.reply_count, 2);
  assert.equal(shown?.is_following, true);
  const expanded = await alice.client.getPosts(channel.id, 0, 2);
  assert.deepEqual(expanded.order, [two.id, one.id]);
});

test('author, repliers and the mentioned follow; counts are each one’s own', async () => {
  const { alice, bob, carol, dave } = world.people;
  const channel = await world.channel('O', bob, carol, dave);
  const before = await Promise.all([alice, bob, carol, dave].map(totals));
  const root = await alice.say(channel.id, 'root');
  await bob.say(channel.id, 'one', root.id);
  await bob.say(channel.id, `two @${carol.name}`, root.id);
  const after = await Promise.all([alice, bob, carol, dave].map(totals));
  const grown = after.map((now, i) => now.map((n, k) => n - (before[i]?.[k] ?? 0)));
  assert.deepEqual(grown, [
    [1, 1, 0],
    [1, 0, 0],
    [1, 1, 1],
    [0, 0, 0],
  ]);
  const seen = await thread(carol, root.id);
  assert.deepEqual([seen.reply_count, seen.unread_replies, seen.unread_mentions], [2, 2, 1]);
  await refused(thread(dave, root.id), 404, 'app.user.get_thread_membership_for_user.not_found');
});

test('a thread is read up to a time, and marked unread again', async () => {
  const { alice, bob } = world.people;
  const channel = await world.channel('O', bob);
  const root = await alice.say(channel.id, 'root');
  const one = await bob.say(channel.id, 'one', root.id);
  await bob.say(channel.id, `two @${alice.name}`, root.id);
  const before = await thread(alice, root.id);
  assert.deepEqual([before.unread_replies, before.unread_mentions], [2, 1]);
  const half = await alice.client.updateThreadReadForUser(alice.id, world.team.id, root.id, one.create_at);
  assert.deepEqual([half.unread_replies, half.unread_mentions], [1, 1]);
  await alice.client.updateThreadReadForUser(alice.id, world.team.id, root.id, Date.now() + 1000);
  const read = await thread(alice, root.id);
  assert.deepEqual([read.unread_replies, read.unread_mentions], [0, 0]);
  await alice.client.markThreadAsUnreadForUser(alice.id, world.team.id, root.id, one.id);
  assert.equal((await thread(alice, root.id)).unread_replies, 2);
  await alice.client.updateThreadsReadForUser(alice.id, world.team.id);
  assert.deepEqual((await totals(alice)).slice(1), [0, 0]);
});

test('following is taken and left by hand', async () => {
  const { alice, bob, carol } = world.people;
  const channel = await world.channel('O', bob, carol);
  const root = await alice.say(channel.id, 'root');
  await bob.say(channel.id, 'reply', root.id);
  await carol.client.updateThreadFollowForUser(carol.id, world.team.id, root.id, true);
  assert.equal((await thread(carol, root.id)).reply_count, 1);
  await bob.client.updateThreadFollowForUser(bob.id, world.team.id, root.id, false);
  await refused(thread(bob, root.id), 404, 'app.user.get_threads_for_user.not_found');
  await refused(carol.client.updateThreadFollowForUser(alice.id, world.team.id, root.id, false), 403);
});

test('those who follow hear of a reply with their own counts', async () => {
  const { alice, bob, carol } = world.people;
  const channel = await world.channel('O', bob, carol);
  await world.listen('alice', 'bob', 'carol');
  await world.forget('alice', 'bob', 'carol');
  const root = await alice.say(channel.id, 'root');
  await bob.say(channel.id, 'reply', root.id);
  const update = await alice.ear.next('thread_updated');
  const heard: { id: string; unread_replies: number; reply_count: number } = JSON.parse(update.data.thread);
  assert.deepEqual([heard.id, heard.reply_count, heard.unread_replies], [root.id, 1, 1]);
  assert.equal(update.broadcast.user_id, alice.id);
  await carol.hearsNo('thread_updated');
  await alice.client.updateThreadFollowForUser(alice.id, world.team.id, root.id, false);
  const left = await alice.ear.next('thread_follow_changed', (m) => !m.data.state);
  assert.equal(left.data.thread_id, root.id);
});
