import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { FileInfo } from '@mattermost/types/files';
import type { Person } from '../src/person.js';
import { word } from '../src/person.js';
import { refused, World } from '../src/world.js';

let world: World;
before(async () => {
  world = await World.create();
});
after(() => world?.close());

async function upload(
  person: Person,
  channelId: string,
  name: string,
  text: string,
  bookmark = false,
): Promise<FileInfo> {
  const form = new FormData();
  form.append('channel_id', channelId);
  form.append('client_ids', word('client'));
  form.append('files', new File([text], name, { type: 'text/plain' }), name);
  const answer = await person.client.uploadFile(form, bookmark);
  assert.equal(answer.client_ids.length, 1);
  const [info] = answer.file_infos;
  assert.ok(info);
  return info;
}

/** content reads a file with a session, as a page would. */
async function content(person: Person, url: string, headers: Record<string, string> = {}): Promise<Response> {
  return fetch(url, { headers: { Authorization: `Bearer ${person.client.getToken()}`, ...headers } });
}

test('a file is uploaded, posted, listed with its message and read by members alone', async () => {
  const { alice, bob, erin } = world.people;
  const channel = await world.channel('P', bob);
  const info = await upload(alice, channel.id, 'plan.txt', 'Tulips by the gate');
  assert.deepEqual([info.name, info.extension, info.size], ['plan.txt', 'txt', 18]);
  const url = alice.client.getFileUrl(info.id, 0);
  assert.equal((await content(bob, url)).status, 403, 'before it is posted it is its uploader’s own');
  const post = await alice.client.createPost({ channel_id: channel.id, message: 'see', file_ids: [info.id] });
  assert.deepEqual(post.file_ids, [info.id]);
  assert.equal((await bob.client.getPost(post.id)).metadata.files?.[0]?.name, 'plan.txt');
  assert.deepEqual(
    (await bob.client.getFileInfosForPost(post.id)).map((one) => one.id),
    [info.id],
  );
  assert.equal(await (await content(bob, url)).text(), 'Tulips by the gate');
  const part = await content(bob, url, { Range: 'bytes=0-5' });
  assert.deepEqual([part.status, await part.text()], [206, 'Tulips']);
  assert.equal((await content(erin, url)).status, 403);
  const taken = await bob.client.createPost({ channel_id: channel.id, message: 'mine', file_ids: [info.id] });
  assert.deepEqual(taken.file_ids ?? [], [], 'a file belongs to one message');
  await alice.client.deletePost(post.id);
  assert.equal((await content(bob, url)).status, 404);
});

test('a large file comes in parts', async () => {
  const { alice } = world.people;
  const channel = await world.channel('O');
  const call = (path: string, body: BodyInit) =>
    fetch(`${alice.client.getBaseRoute()}${path}`, {
      method: 'POST',
      body,
      headers: { Authorization: `Bearer ${alice.client.getToken()}` },
    });
  const session = await (
    await call('/uploads', JSON.stringify({ channel_id: channel.id, filename: 'large.bin', file_size: 6 }))
  ).json();
  assert.equal((await call(`/uploads/${session.id}`, new Uint8Array([1, 2, 3, 4]))).status, 204);
  const last = await call(`/uploads/${session.id}`, new Uint8Array([5, 6]));
  assert.equal(last.status, 200);
  const info: FileInfo = await last.json();
  const bytes = await (await content(alice, alice.client.getFileUrl(info.id, 0))).arrayBuffer();
  assert.deepEqual([...new Uint8Array(bytes)], [1, 2, 3, 4, 5, 6]);
});

test('files are found by their names, where one may read', async () => {
  const { alice, bob, erin } = world.people;
  const channel = await world.channel('P', bob);
  const name = word('minutes').replaceAll('-', '');
  const info = await upload(alice, channel.id, `${name}.txt`, 'x');
  await alice.client.createPost({ channel_id: channel.id, message: '', file_ids: [info.id] });
  const found = await bob.client.searchFiles(world.team.id, name, false);
  assert.deepEqual(found.order, [info.id]);
  assert.equal(found.file_infos.get?.(info.id) ?? Object.values(found.file_infos)[0]?.name, `${name}.txt`);
  assert.deepEqual((await erin.client.searchFiles(world.team.id, name, false)).order, []);
});

test('links and files are bookmarked in a channel', async () => {
  const { alice, bob } = world.people;
  const channel = await world.channel('O', bob);
  await world.listen('bob');
  const link = await alice.client.createChannelBookmark(
    channel.id,
    { display_name: 'Plan', type: 'link', link_url: 'https://example.org/plan', emoji: ':tulip:' },
    '',
  );
  await bob.ear.next('channel_bookmark_created', (m) => JSON.parse(m.data.bookmark).id === link.id);
  const info = await upload(alice, channel.id, 'beds.txt', 'Beds', true);
  const file = await alice.client.createChannelBookmark(
    channel.id,
    { display_name: 'Beds', type: 'file', file_id: info.id },
    '',
  );
  assert.equal(file.file?.name, 'beds.txt');
  assert.equal(await (await content(bob, bob.client.getFileUrl(info.id, 0))).text(), 'Beds');
  const sorted = await bob.client.updateChannelBookmarkSortOrder(channel.id, file.id, 0, '');
  assert.deepEqual(
    sorted.map((one) => one.display_name),
    ['Beds', 'Plan'],
  );
  const changed = await alice.client.updateChannelBookmark(channel.id, link.id, { display_name: 'The plan' }, '');
  assert.equal(changed.updated.display_name, 'The plan');
  await alice.client.deleteChannelBookmark(channel.id, file.id, '');
  assert.deepEqual(
    (await bob.client.getChannelBookmarks(channel.id)).map((one) => one.display_name),
    ['The plan'],
  );
});

test('custom emoji are made, found, used and deleted', async () => {
  const { alice, bob } = world.people;
  const channel = await world.channel('O', bob);
  const name = word('tulip').replaceAll('-', '_');
  const dot = Buffer.from(
    'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
    'base64',
  );
  const image = new File([dot], 'dot.png', { type: 'image/png' });
  const emoji = await alice.client.createCustomEmoji({ name, creator_id: alice.id }, image);
  assert.equal((await bob.client.getCustomEmojiByName(name)).id, emoji.id);
  assert.ok((await bob.client.searchCustomEmoji(name.slice(0, 8))).some((one) => one.id === emoji.id));
  assert.ok((await bob.client.autocompleteCustomEmoji(name.slice(0, 8))).some((one) => one.id === emoji.id));
  assert.equal((await content(bob, bob.client.getCustomEmojiImageUrl(emoji.id))).status, 200);
  const post = await bob.say(channel.id, `:${name}:`);
  assert.deepEqual(
    (await alice.client.getPost(post.id)).metadata.emojis?.map((one) => one.name),
    [name],
  );
  await refused(bob.client.deleteCustomEmoji(emoji.id), 403);
  await alice.client.deleteCustomEmoji(emoji.id);
  await refused(bob.client.getCustomEmojiByName(name), 404);
});
