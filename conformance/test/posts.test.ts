import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { PreferenceType } from '@mattermost/types/preferences';
import { word } from '../src/person.js';
import { refused, World } from '../src/world.js';

let world: World;
before(async () => {
  world = await World.create();
});
after(() => world?.close());

test('posts are paged newest first and found by time and position', async () => {
  const { alice, bob } = world.people;
  const channel = await world.channel('O', bob);
  const posts = [];
  for (const text of ['one', 'two', 'three', 'four', 'five']) posts.push(await alice.say(channel.id, text));
  const ids = posts.map((p) => p.id);
  const page = await bob.client.getPosts(channel.id, 0, 2);
  assert.deepEqual(page.order, [ids[4], ids[3]]);
  assert.equal(page.prev_post_id, ids[2]);
  assert.deepEqual((await bob.client.getPosts(channel.id, 1, 2)).order, [ids[2], ids[1]]);
  assert.deepEqual((await bob.client.getPostsBefore(channel.id, ids[2] ?? '', 0, 2)).order, [ids[1], ids[0]]);
  assert.deepEqual((await bob.client.getPostsAfter(channel.id, ids[2] ?? '', 0, 2)).order, [ids[4], ids[3]]);
  const since = await bob.client.getPostsSince(channel.id, posts[3]?.create_at ?? 0);
  assert.ok(since.order.includes(ids[4] ?? ''));
  assert.ok(!since.order.includes(ids[0] ?? ''));
});

test('a pending post sent twice is one post', async () => {
  const { alice } = world.people;
  const channel = await world.channel('O');
  const pending = { channel_id: channel.id, message: 'once', pending_post_id: `${alice.id}:${Date.now()}` };
  const [first, second] = [await alice.client.createPost(pending), await alice.client.createPost(pending)];
  assert.equal(second.id, first.id);
});

test('edit keeps a history for the author', async () => {
  const { alice, bob } = world.people;
  const channel = await world.channel('O', bob);
  const post = await alice.say(channel.id, 'first');
  const edited = await alice.client.patchPost({ id: post.id, message: 'second' });
  assert.equal(edited.message, 'second');
  assert.ok(edited.edit_at >= post.create_at);
  assert.equal((await bob.client.getPost(post.id)).message, 'second');
  const history = await alice.client.getPostEditHistory(post.id);
  assert.deepEqual(
    history.map((p) => [p.message, p.original_id]),
    [['first', post.id]],
  );
  await refused(bob.client.patchPost({ id: post.id, message: 'hijack' }), 403, 'api.context.permissions.app_error');
});

test('delete by the author and the administrator, not by others', async () => {
  const { alice, bob } = world.people;
  const channel = await world.channel('O', bob);
  const [mine, other] = [await alice.say(channel.id, 'mine'), await alice.say(channel.id, 'other')];
  await refused(bob.client.deletePost(mine.id), 403, 'api.context.permissions.app_error');
  await alice.client.deletePost(mine.id);
  await refused(bob.client.getPost(mine.id), 404, 'app.post.get.app_error');
  await world.admin.client.deletePost(other.id);
  const order = (await bob.client.getPosts(channel.id)).order;
  assert.ok(!order.includes(mine.id) && !order.includes(other.id));
});

test('reactions are added once and removed', async () => {
  const { alice, bob } = world.people;
  const channel = await world.channel('O', bob);
  const post = await alice.say(channel.id, 'react');
  await bob.client.addReaction(bob.id, post.id, 'smile');
  await bob.client.addReaction(bob.id, post.id, 'smile');
  await alice.client.addReaction(alice.id, post.id, '+1');
  const names = (await alice.client.getReactionsForPost(post.id)).map((r) => [r.user_id, r.emoji_name]);
  assert.deepEqual(new Set(names.map(String)), new Set([`${bob.id},smile`, `${alice.id},+1`]));
  assert.equal((await bob.client.getPost(post.id)).metadata.reactions?.length, 2);
  await bob.client.removeReaction(bob.id, post.id, 'smile');
  assert.equal((await alice.client.getReactionsForPost(post.id)).length, 1);
  await refused(bob.client.addReaction(alice.id, post.id, 'smile'), 403);
});

test('pins are shared', async () => {
  const { alice, bob, erin } = world.people;
  const channel = await world.channel('P', bob);
  const post = await alice.say(channel.id, 'pin me');
  await bob.client.pinPost(post.id);
  assert.deepEqual((await alice.client.getPinnedPosts(channel.id)).order, [post.id]);
  assert.equal((await alice.client.getPost(post.id)).is_pinned, true);
  await refused(erin.client.unpinPost(post.id), 403);
  await alice.client.unpinPost(post.id);
  assert.deepEqual((await bob.client.getPinnedPosts(channel.id)).order, []);
});

test('saved posts are one person’s own', async () => {
  const { alice, bob } = world.people;
  const channel = await world.channel('O', bob);
  const post = await alice.say(channel.id, 'keep');
  const saved: PreferenceType = { user_id: bob.id, category: 'flagged_post', name: post.id, value: 'true' };
  await bob.client.savePreferences(bob.id, [saved]);
  assert.deepEqual((await bob.client.getFlaggedPosts(bob.id)).order, [post.id]);
  assert.deepEqual((await bob.client.getFlaggedPosts(bob.id, channel.id)).order, [post.id]);
  assert.deepEqual((await alice.client.getFlaggedPosts(alice.id)).order, []);
  await bob.client.deletePreferences(bob.id, [saved]);
  assert.deepEqual((await bob.client.getFlaggedPosts(bob.id)).order, []);
});

test('search finds words where one may read, and nowhere else', async () => {
  const { alice, bob, erin } = world.people;
  const needle = word('needle').replaceAll('-', '');
  const [open, closed] = [await world.channel('O', bob, erin), await world.channel('P', bob)];
  const seen = await alice.say(open.id, `a ${needle} in the open`);
  const hidden = await alice.say(closed.id, `a ${needle} in private`);
  const find = async (person: typeof bob) =>
    (await person.client.searchPosts(world.team.id, needle, false)).order.toSorted();
  assert.deepEqual(await find(bob), [seen.id, hidden.id].toSorted());
  assert.deepEqual(await find(erin), [seen.id]);
});
