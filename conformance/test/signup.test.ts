import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { UserProfile } from '@mattermost/types/users';
import { connect, Person, password, word } from '../src/person.js';
import { administrator, newTeam, refused } from '../src/world.js';

test('the server answers before anybody logs in', async () => {
  const client = connect();
  assert.equal((await client.ping(false)).status, 'OK');
  const config = await client.getClientConfig();
  assert.equal(config.EnableSignUpWithEmail, 'true');
  assert.match(config.Version, /^\d+\.\d+\.\d+$/);
});

test('the first person becomes administrator, later ones do not', async () => {
  const admin = await administrator();
  assert.deepEqual(admin.profile.roles.split(' ').sort(), ['system_admin', 'system_user']);
  const other = await Person.signUp(word('newcomer'));
  assert.equal(other.profile.roles, 'system_user');
  assert.equal(other.profile.password ?? '', '');
});

test('an account is refused with a reason', async () => {
  const taken = await Person.signUp(word('taken'));
  const account = (changes: Partial<UserProfile>) =>
    connect().createUser(
      { username: word('x'), email: `${word('x')}@example.com`, password, ...changes } as UserProfile,
      '',
      '',
    );
  await refused(account({ username: taken.name }), 400, 'app.user.save.username_exists.app_error');
  await refused(account({ email: taken.profile.email }), 400, 'app.user.save.email_exists.app_error');
  await refused(account({ email: 'nope' }), 400, 'model.user.is_valid.email.app_error');
  await refused(account({ password: 'abc' }), 400, 'model.user.is_valid.pwd_min_length.app_error');
});

test('login by name and by mail, logout, wrong password', async () => {
  const anna = await Person.signUp(word('anna'));
  const client = connect();
  assert.equal((await client.login(anna.profile.email, password)).id, anna.id);
  assert.equal((await client.getMe()).id, anna.id);
  await client.logout();
  await refused(client.getMe(), 401, 'api.context.session_expired.app_error');
  await refused(connect().login(anna.name, 'Wrong-Passw0rd-1'), 401);
});

test('two teams: joining by invite, listing, leaving', async () => {
  const admin = await administrator();
  const anna = await Person.signUp(word('anna'));
  const [first, second] = [await newTeam(admin), await newTeam(admin)];
  await admin.client.addToTeam(first.id, anna.id);
  await anna.client.addToTeamFromInvite('', second.invite_id);
  const mine = (await anna.client.getMyTeams()).map((t) => t.id).sort();
  assert.deepEqual(mine, [first.id, second.id].sort());
  const names = (await anna.client.getMyChannels(first.id)).map((c) => c.name).sort();
  assert.deepEqual(names, ['off-topic', 'town-square']);
  await anna.client.removeFromTeam(second.id, anna.id);
  assert.deepEqual(
    (await anna.client.getMyTeams()).map((t) => t.id),
    [first.id],
  );
  await refused(anna.client.getMyChannels(second.id), 403, 'api.context.permissions.app_error');
});

test('a profile is changed by its owner only', async () => {
  const [anna, ben] = [await Person.signUp(word('anna')), await Person.signUp(word('ben'))];
  const patched = await anna.client.patchMe({ first_name: 'Anna', nickname: 'An', locale: 'fr' });
  assert.equal(patched.first_name, 'Anna');
  const seen = await ben.client.getUser(anna.id);
  assert.equal(seen.nickname, 'An');
  await refused(ben.client.patchUser({ id: anna.id, nickname: 'hijacked' }), 403, 'api.context.permissions.app_error');
});
