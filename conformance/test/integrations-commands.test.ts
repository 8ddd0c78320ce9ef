import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Command } from '@mattermost/types/integrations';
import { Receiver } from '../src/receiver.js';
import { refused, World } from '../src/world.js';

let world: World;
let receiver: Receiver;
const last = () => new URLSearchParams(receiver.bodies.at(-1));
before(async () => {
  world = await World.create();
  receiver = await Receiver.start({ response_type: 'in_channel', text: 'rolled 6' });
});
after(async () => {
  receiver?.close();
  await world?.close();
});

test('a command is made, typed, run, changed and deleted with the published client', async () => {
  const { alice, bob } = world.people;
  const room = await world.channel('O', bob);
  const { client } = world.admin;
  const url = `${receiver.url}/dice`;
  const made = await client.addCommand({
    team_id: world.team.id,
    trigger: 'dice',
    method: 'P',
    url,
    auto_complete: true,
    auto_complete_desc: 'Roll',
    auto_complete_hint: '[n]',
  } as Command);
  assert.equal(made.token.length, 26);
  await refused(alice.client.addCommand({ ...made, trigger: 'mine' }), 403, 'api.context.permissions.app_error');
  await refused(client.addCommand({ ...made, trigger: 'away' }), 400, 'api.command.duplicate_trigger.app_error');

  const args = { channel_id: room.id, team_id: world.team.id };
  const offered = await alice.client.getAutocompleteCommandsList(world.team.id);
  assert.deepEqual(
    offered.filter(({ trigger }) => trigger === 'dice').map(({ token, url: where }) => [token, where]),
    [['', '']],
  );
  const suggested = await alice.client.getCommandAutocompleteSuggestionsList('/dic', world.team.id, args);
  assert.deepEqual(
    suggested.map(({ Complete, Hint, Description }) => [Complete, Hint, Description]),
    [['dice', '[n]', 'Roll']],
  );

  await bob.listen();
  const answer = await alice.client.executeCommand('/dice two', args);
  assert.equal(answer.text, 'rolled 6');
  assert.equal(last().get('token'), made.token);
  assert.equal(last().get('text'), 'two');
  const posts = await bob.client.getPosts(room.id);
  assert.equal(posts.posts[posts.order[0] ?? '']?.message, 'rolled 6');
  await refused(
    world.people.erin.client.executeCommand('/me x', { ...args, channel_id: (await world.channel('P')).id }),
    403,
  );
  await refused(alice.client.executeCommand('/nothing', args), 404, 'api.command.execute_command.not_found.app_error');

  const { token } = await client.regenCommandToken(made.id);
  await alice.client.executeCommand('/dice', args);
  assert.equal(last().get('token'), token);
  const changed = await client.editCommand({ ...made, trigger: 'roll' });
  assert.equal(changed.trigger, 'roll');
  assert.deepEqual(
    (await client.getCustomTeamCommands(world.team.id)).map(({ trigger }) => trigger),
    ['roll'],
  );
  await client.deleteCommand(made.id);
  await refused(alice.client.executeCommand('/roll', args), 404, 'api.command.execute_command.not_found.app_error');
});
