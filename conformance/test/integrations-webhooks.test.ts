import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { IncomingWebhook, OutgoingWebhook } from '@mattermost/types/integrations';
import { postOf } from '../src/ear.js';
import { Receiver } from '../src/receiver.js';
import { refused, World } from '../src/world.js';

let world: World;
let receiver: Receiver;
before(async () => {
  world = await World.create();
  receiver = await Receiver.start({ text: 'building', response_type: 'comment' });
});
after(async () => {
  receiver?.close();
  await world?.close();
});

test('an incoming webhook is made, used, changed and deleted with the published client', async () => {
  const { alice, bob } = world.people;
  const room = await world.channel('O', bob);
  const { client } = world.admin;
  const made = await client.createIncomingWebhook({ channel_id: room.id, display_name: 'Build' } as IncomingWebhook);
  await refused(
    alice.client.createIncomingWebhook({ channel_id: room.id } as IncomingWebhook),
    403,
    'api.context.permissions.app_error',
  );
  await bob.listen();
  const address = `${client.getUrl()}/hooks/${made.id}`;
  const sent = await fetch(address, { method: 'POST', body: JSON.stringify({ text: 'green' }) });
  assert.equal(await sent.text(), 'ok');
  await bob.ear.next('posted', (event) => postOf(event).message === 'green');
  const list = await client.getIncomingWebhooks(world.team.id, 0, 50);
  assert.ok(Array.isArray(list) && list.some(({ id }) => id === made.id));
  const changed = await client.updateIncomingWebhook({ ...made, display_name: 'Builds' });
  assert.equal(changed.display_name, 'Builds');
  await client.removeIncomingWebhook(made.id);
  assert.equal((await fetch(address, { method: 'POST', body: JSON.stringify({ text: 'late' }) })).status, 400);
});

test('an outgoing webhook hears a word and answers in the thread', async () => {
  const { alice, bob } = world.people;
  const room = await world.channel('O', bob);
  const { client } = world.admin;
  const url = `${receiver.url}/build`;
  const made = await client.createOutgoingWebhook({
    team_id: world.team.id,
    channel_id: room.id,
    trigger_words: ['build'],
    callback_urls: [url],
    content_type: 'application/json',
    display_name: 'CI',
  } as OutgoingWebhook);
  await bob.listen();
  const post = await alice.say(room.id, 'build it');
  await bob.ear.next('posted', (event) => {
    const heard = postOf(event);
    return heard.message === 'building' && heard.root_id === post.id;
  });
  assert.deepEqual(
    receiver.bodies.map((body) => JSON.parse(body)).map(({ token, text, user_name }) => [token, text, user_name]),
    [[made.token, 'build it', alice.name]],
  );
  const renewed = await client.regenOutgoingHookToken(made.id);
  assert.notEqual(renewed.token, made.token);
  await client.removeOutgoingWebhook(made.id);
  assert.deepEqual(await client.getOutgoingWebhooks(room.id), []);
});
