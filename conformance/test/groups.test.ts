import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { word } from '../src/person.js';
import { refused, World } from '../src/world.js';

let world: World;
before(async () => {
  world = await World.create();
});
after(() => world?.close());

test('groups of people are made, mentioned, changed and archived', async () => {
  const { alice, bob, carol } = world.people;
  const channel = await world.channel('O', bob, carol);
  const name = word('gardeners');
  const group = await alice.client.createGroupWithUserIds({
    name,
    display_name: 'Gardeners',
    allow_reference: true,
    source: 'custom',
    user_ids: [alice.id, bob.id],
  } as never);
  assert.equal((await bob.client.getGroup(group.id, true)).member_count, 2);
  assert.ok((await bob.client.getGroupsByUserId(bob.id)).some((one) => one.id === group.id));
  assert.deepEqual(
    (await bob.client.getGroupsByNames([name])).map((one) => one.id),
    [group.id],
  );
  const before = [(await bob.unread(channel.id)).mentions, (await carol.unread(channel.id)).mentions];
  await alice.say(channel.id, `@${name} dig, please`);
  const now = [(await bob.unread(channel.id)).mentions, (await carol.unread(channel.id)).mentions];
  assert.deepEqual(now, [(before[0] ?? 0) + 1, before[1]]);
  await alice.client.addUsersToGroup(group.id, [carol.id]);
  await alice.client.removeUsersFromGroup(group.id, [bob.id]);
  const members = (await alice.client.getProfilesInGroup(group.id)).map((one) => one.id);
  assert.deepEqual(members.toSorted(), [alice.id, carol.id].toSorted());
  await alice.client.patchGroup(group.id, { display_name: 'Diggers' } as never);
  assert.equal((await bob.client.getGroup(group.id)).display_name, 'Diggers');
  await alice.client.archiveGroup(group.id);
  await alice.client.restoreGroup(group.id);
});

test('people say more of themselves in attributes', async () => {
  const { alice, bob } = world.people;
  const field = await world.admin.client.createCustomProfileAttributeField({
    name: word('plot'),
    type: 'text',
    attrs: { sort_order: 1, visibility: 'when_set', value_type: '' },
  } as never);
  assert.ok((await bob.client.getCustomProfileAttributeFields()).some((one) => one.id === field.id));
  await alice.client.updateCustomProfileAttributeValues({ [field.id]: 'By the gate' });
  assert.equal((await bob.client.getUserCustomProfileAttributesValues(alice.id))[field.id], 'By the gate');
  await refused(bob.client.deleteCustomProfileAttributeField(field.id), 403);
  await world.admin.client.deleteCustomProfileAttributeField(field.id);
});

test('a custom status is set, and its words are offered again', async () => {
  const { alice, bob } = world.people;
  const status = {
    emoji: 'tulip',
    text: 'In the garden',
    duration: 'date_and_time',
    expires_at: new Date(Date.now() + 3_600_000).toISOString(),
  };
  await alice.client.updateCustomStatus(status as never);
  const shown = JSON.parse((await bob.client.getUser(alice.id)).props?.customStatus ?? '{}');
  assert.equal(shown.text, 'In the garden');
  await alice.client.unsetCustomStatus();
  assert.equal((await bob.client.getUser(alice.id)).props?.customStatus || undefined, undefined);
  await alice.client.removeRecentCustomStatus(status as never);
});

test('messages are reported and reviewed', async () => {
  const { alice, bob } = world.people;
  const channel = await world.channel('O', bob);
  const post = await alice.say(channel.id, 'something bad');
  const rules = await bob.client.getContentFlaggingConfig();
  const reason = rules.reasons[0] ?? '';
  assert.notEqual(reason, '');
  await bob.client.flagPost(post.id, reason, 'I find this bad');
  await refused(bob.client.removeFlaggedPost(post.id, 'mine to decide'), 403);
  assert.equal((await world.admin.client.getFlaggedPost(post.id)).id, post.id);
  await world.admin.client.removeFlaggedPost(post.id, 'it is bad');
  await refused(bob.client.getPost(post.id), 404);
});

test('a group conversation becomes a private channel', async () => {
  const { alice, bob, carol } = world.people;
  const group = await alice.client.createGroupChannel([bob.id, carol.id]);
  const { data: teams } = await alice.client.getGroupMessageMembersCommonTeams(group.id);
  assert.ok(teams.some((one) => one.id === world.team.id));
  const name = word('diggers');
  const { data: channel } = await alice.client.convertGroupMessageToPrivateChannel(
    group.id,
    world.team.id,
    'Diggers',
    name,
  );
  assert.deepEqual([channel.type, channel.team_id], ['P', world.team.id]);
});

test('terms of service are written by administrators and accepted', async () => {
  const { alice } = world.people;
  await refused(alice.client.createTermsOfService('Be kind.'), 403);
  const terms = await world.admin.client.createTermsOfService(`Be kind. ${word('v')}`);
  assert.equal((await alice.client.getTermsOfService()).id, terms.id);
  await alice.client.updateMyTermsOfServiceStatus(terms.id, true);
  assert.equal((await alice.client.getMe()).terms_of_service_id, terms.id);
});
