import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { ChannelCategory } from '@mattermost/types/channel_categories';
import type { PreferenceType } from '@mattermost/types/preferences';
import { refused, World } from '../src/world.js';

let world: World;
before(async () => {
  world = await World.create();
});
after(() => world?.close());

test('preferences are kept, heard, deleted, and nobody else’s', async () => {
  const { alice, bob } = world.people;
  await world.listen('alice', 'bob');
  await world.forget('alice', 'bob');
  const clock: PreferenceType = {
    user_id: alice.id,
    category: 'display_settings',
    name: 'use_military_time',
    value: 'true',
  };
  await alice.client.savePreferences(alice.id, [clock]);
  const heard = await alice.ear.next('preferences_changed');
  assert.deepEqual(JSON.parse(heard.data.preferences), [clock]);
  const kept = await alice.client.getUserPreferences(alice.id);
  assert.equal(kept.find((p) => p.name === clock.name)?.value, 'true');
  await alice.client.deletePreferences(alice.id, [clock]);
  await alice.ear.next('preferences_deleted');
  assert.ok(!(await alice.client.getUserPreferences(alice.id)).some((p) => p.name === clock.name));
  await bob.hearsNo('preferences_changed');
  await refused(bob.client.getUserPreferences(alice.id), 403, 'api.context.permissions.app_error');
  await refused(bob.client.savePreferences(alice.id, [clock]), 403);
});

test('a person has three sidebar categories and makes more', async () => {
  const { alice } = world.people;
  const channel = await world.channel('O');
  const list = () => alice.client.getChannelCategories(alice.id, world.team.id);
  const first = await list();
  assert.deepEqual(
    first.categories.map((c) => c.type),
    ['favorites', 'channels', 'direct_messages'],
  );
  assert.ok(first.categories[1]?.channel_ids.includes(channel.id));
  await world.listen('alice');
  await world.forget('alice');
  const made = await alice.client.createChannelCategory(alice.id, world.team.id, {
    user_id: alice.id,
    team_id: world.team.id,
    display_name: 'Mine',
    type: 'custom',
    channel_ids: [channel.id],
  });
  assert.deepEqual(made.channel_ids, [channel.id]);
  assert.equal((await alice.ear.next('sidebar_category_created')).data.category_id, made.id);
  const second = await list();
  assert.ok(!second.categories.find((c) => c.type === 'channels')?.channel_ids.includes(channel.id));
  assert.equal(second.order.length, 4);
});

test('categories are renamed, reordered and removed', async () => {
  const { carol } = world.people;
  const route = [carol.id, world.team.id] as const;
  const draft: Partial<ChannelCategory> = {
    user_id: carol.id,
    team_id: world.team.id,
    display_name: 'One',
    type: 'custom',
  };
  const made = await carol.client.createChannelCategory(...route, { ...draft, channel_ids: [] });
  const renamed = await carol.client.updateChannelCategory(...route, { ...made, display_name: 'Two', collapsed: true });
  assert.deepEqual([renamed.display_name, renamed.collapsed], ['Two', true]);
  const order = await carol.client.getChannelCategoryOrder(...route);
  const turned = order.toReversed();
  assert.deepEqual(await carol.client.updateChannelCategoryOrder(...route, turned), turned);
  assert.deepEqual((await carol.client.getChannelCategories(...route)).order, turned);
  await carol.client.deleteChannelCategory(...route, made.id);
  assert.ok(!(await carol.client.getChannelCategoryOrder(...route)).includes(made.id));
  await refused(world.people.bob.client.getChannelCategories(...route), 403, 'api.context.permissions.app_error');
});

test('a muted channel stays muted', async () => {
  const { bob } = world.people;
  const channel = await world.channel('O', bob);
  const props = { channel_id: channel.id, user_id: bob.id, mark_unread: 'mention' };
  await bob.client.updateChannelNotifyProps(props);
  assert.equal((await bob.client.getMyChannelMember(channel.id)).notify_props.mark_unread, 'mention');
});
