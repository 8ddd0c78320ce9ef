import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Draft } from '@mattermost/types/drafts';
import { postOf, until } from '../src/ear.js';
import { refused, World } from '../src/world.js';

let world: World;
before(async () => {
  world = await World.create();
});
after(() => world?.close());

const draft = (channelId: string, userId: string, message: string): Draft => ({
  channel_id: channelId,
  user_id: userId,
  root_id: '',
  message,
  props: {},
  file_ids: [],
  create_at: 0,
  update_at: 0,
  delete_at: 0,
});

test('a draft is kept, listed, told to one’s other connections and deleted', async () => {
  const { alice } = world.people;
  const channel = await world.channel('O');
  await world.listen('alice');
  const kept = await alice.client.upsertDraft(draft(channel.id, alice.id, 'half a'), '');
  assert.equal(kept.message, 'half a');
  await alice.ear.next('draft_created', (m) => JSON.parse(m.data.draft).channel_id === channel.id);
  await alice.client.upsertDraft(draft(channel.id, alice.id, 'half a thought'), '');
  const mine = (await alice.client.getUserDrafts(world.team.id)).filter((one) => one.channel_id === channel.id);
  assert.deepEqual(
    mine.map((one) => one.message),
    ['half a thought'],
  );
  await alice.client.deleteDraft(channel.id, undefined, '');
  await alice.ear.next('draft_deleted', (m) => JSON.parse(m.data.draft).channel_id === channel.id);
  assert.deepEqual(
    ((await alice.client.getUserDrafts(world.team.id)) ?? []).filter((one) => one.channel_id === channel.id),
    [],
  );
});

test('a message is scheduled, changed, listed, taken back; another goes at its time', async () => {
  const { alice, bob } = world.people;
  const channel = await world.channel('O', bob);
  await world.listen('bob');
  const at = Date.now() + 3_600_000;
  const words = { channel_id: channel.id, message: 'in an hour', scheduled_at: at };
  const { data: made } = await alice.client.createScheduledPost(words, '');
  const { data: changed } = await alice.client.updateScheduledPost({ ...made, message: 'in a good hour' }, '');
  assert.equal(changed.message, 'in a good hour');
  const { data: listed } = await alice.client.getScheduledPosts(world.team.id, true);
  assert.deepEqual(
    listed[world.team.id]?.map((one) => one.message),
    ['in a good hour'],
  );
  await refused(bob.client.deleteScheduledPost(bob.id, made.id, ''), 403);
  await alice.client.deleteScheduledPost(alice.id, made.id, '');
  await alice.client.createScheduledPost({ ...words, message: 'now then', scheduled_at: Date.now() + 1_000 }, '');
  await bob.ear.next('posted', (m) => postOf(m).message === 'now then');
});

test('one is reminded of a message', async () => {
  const { alice, bob } = world.people;
  const channel = await world.channel('P', bob);
  const post = await alice.say(channel.id, 'remember the tulips');
  await bob.client.addPostReminder(bob.id, post.id, Math.floor(Date.now() / 1000) + 3600);
  const { erin } = world.people;
  await refused(erin.client.addPostReminder(erin.id, post.id, Math.floor(Date.now() / 1000) + 3600), 403);
});

test('messages say how important they are, and are acknowledged', async () => {
  const { alice, bob } = world.people;
  const channel = await world.channel('O', bob);
  await world.listen('alice');
  const post = await alice.client.createPost({
    channel_id: channel.id,
    message: 'The greenhouse is on fire',
    metadata: { priority: { priority: 'urgent', requested_ack: true } },
  } as never);
  assert.equal((await bob.client.getPost(post.id)).metadata.priority?.priority, 'urgent');
  const acknowledged = await bob.client.acknowledgePost(post.id, bob.id);
  assert.ok(acknowledged.acknowledged_at > 0);
  await alice.ear.next('post_acknowledgement_added', (m) => JSON.parse(m.data.acknowledgement).post_id === post.id);
  assert.deepEqual(
    (await alice.client.getPost(post.id)).metadata.acknowledgements?.map((one) => one.user_id),
    [bob.id],
  );
  await bob.client.unacknowledgePost(post.id, bob.id);
  await until(
    'nobody acknowledges',
    async () => !(await alice.client.getPost(post.id)).metadata.acknowledgements?.length,
  );
});

test('a message burns once it has been read', async () => {
  const { alice, bob } = world.people;
  const channel = await world.channel('O', bob);
  await world.listen('alice');
  const post = await alice.client.createPost({
    channel_id: channel.id,
    message: 'the key',
    type: 'burn_on_read',
  } as never);
  assert.equal((await bob.client.getPost(post.id)).message, '');
  const shown = await bob.client.revealBurnOnReadPost(post.id);
  assert.equal(shown.message, 'the key');
  assert.ok((shown.metadata.expire_at ?? 0) > Date.now());
  await alice.ear.next('burn_on_read_all_revealed', (m) => m.data.post_id === post.id);
  await bob.client.burnPostNow(post.id);
  assert.equal((await bob.client.getPost(post.id)).message, '');
  await refused(bob.client.revealBurnOnReadPost(post.id), 400, 'app.reveal_post.post_expired.app_error');
});

test('a thread moves to another channel', async () => {
  const { alice, bob } = world.people;
  const [from, to] = [await world.channel('O', bob), await world.channel('O', bob)];
  const root = await alice.say(from.id, 'root');
  const reply = await bob.say(from.id, 'reply', root.id);
  await refused(bob.client.moveThread(root.id, to.id), 403);
  await alice.client.moveThread(root.id, to.id);
  assert.equal((await bob.client.getPost(reply.id)).channel_id, to.id);
  assert.deepEqual((await bob.client.getPosts(to.id)).order.slice(0, 2), [reply.id, root.id]);
});
