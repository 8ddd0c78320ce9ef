import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Client4, WebSocketClient } from '@mattermost/client';
import type { Post } from '@mattermost/types/posts';
import { postOf } from '../src/ear.js';
import { word } from '../src/person.js';
import { refused, World } from '../src/world.js';

let world: World;
before(async () => {
  world = await World.create();
});
after(async () => {
  await world?.close();
});

test('a bot on the published client hears its name and answers in the thread', async () => {
  const { alice, bob } = world.people;
  const room = await world.channel('O', bob);
  const { client } = world.admin;
  const name = word('helper');
  const bot = await client.createBot({ username: name, display_name: 'Helper', description: 'helps' } as never);
  await refused(alice.client.createBot({ username: word('mine') } as never), 403, 'api.context.permissions.app_error');
  const token = await client.createUserAccessToken(bot.user_id, 'the bot itself');
  await client.addToTeam(world.team.id, bot.user_id);
  await client.addToChannel(bot.user_id, room.id);

  // The bot: what somebody writes who has read the client's documentation.
  const its = new Client4();
  its.setUrl(client.getUrl());
  its.setToken(String(token.token));
  const socket = new WebSocketClient();
  const failures: unknown[] = [];
  const ready = new Promise<void>((hello) => {
    socket.addMessageListener((message) => {
      if (message.event === 'hello') hello();
      if (message.event !== 'posted') return;
      const post = JSON.parse(String((message.data as Record<string, unknown>)['post'])) as Post;
      if (post.user_id === bot.user_id || !post.message.includes(`@${name}`)) return;
      const answer = { channel_id: post.channel_id, root_id: post.id, message: `You said: ${post.message}` };
      its.createPost(answer as Post).catch((error: unknown) => failures.push(error));
    });
  });
  socket.initialize(its.getWebSocketUrl(), String(token.token));
  try {
    await ready;
    await bob.listen();
    const asked = await alice.say(room.id, `@${name} hello`);
    await bob.ear.next('posted', (event) => {
      const post = postOf(event);
      return post.user_id === bot.user_id && post.root_id === asked.id && post.props['from_bot'] === 'true';
    });
  } finally {
    socket.close();
  }
  assert.deepEqual(failures, []);

  const patched = await client.patchBot(bot.user_id, { display_name: 'Better' } as never);
  assert.equal(patched.display_name, 'Better');
  assert.ok((await client.getBots()).some(({ user_id }) => user_id === bot.user_id));
  assert.ok((await client.disableBot(bot.user_id)).delete_at > 0);
  await refused(its.getMe(), 401, 'api.context.session_expired.app_error');
  assert.equal((await client.enableBot(bot.user_id)).delete_at, 0);
  const given = await client.assignBot(bot.user_id, alice.id);
  assert.equal(given.owner_id, alice.id);
});
