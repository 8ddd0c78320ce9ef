import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { TOTP } from 'otpauth';
import { connect, Person, word } from '../src/person.js';
import { refused, World } from '../src/world.js';

let world: World;
before(async () => {
  world = await World.create();
});
after(() => world?.close());

const expired = 'api.context.session_expired.app_error';

test('sessions are listed and revoked one by one and all at once', async () => {
  const first = await Person.signUp(word('anna'));
  const second = await Person.logIn(first.name);
  const third = await Person.logIn(first.name);
  const sessions = await first.client.getSessions(first.id);
  assert.equal(sessions.length, 3);
  assert.ok(
    sessions.every((s) => s.user_id === first.id && !s.token),
    'a list of sessions gives no token away',
  );
  const newest = sessions.toSorted((a, b) => b.create_at - a.create_at)[0];
  await first.client.revokeSession(first.id, newest?.id ?? '');
  const alive = await Promise.allSettled([second, third].map((p) => p.client.getMe()));
  assert.equal(alive.filter((r) => r.status === 'fulfilled').length, 1);
  await refused(world.people.bob.client.getSessions(first.id), 403, 'api.context.permissions.app_error');
  await first.client.revokeAllSessionsForUser(first.id);
  for (const person of [first, second, third]) await refused(person.client.getMe(), 401, expired);
});

test('a revoked session loses its websocket', async () => {
  const anna = await Person.signUp(word('anna'));
  const other = await Person.logIn(anna.name);
  const ear = await other.openEar();
  try {
    await anna.client.revokeAllSessionsForUser(anna.id);
    await ear.until('the socket is closed', () => ear.counts.closed > 0);
  } finally {
    ear.close();
  }
});

test('a personal access token works until it is switched off or revoked', async () => {
  const anna = await Person.signUp(word('anna'));
  await refused(anna.client.createUserAccessToken(anna.id, 'mine'), 403, 'api.context.permissions.app_error');
  await world.admin.client.updateUserRoles(anna.id, 'system_user system_user_access_token');
  const token = await anna.client.createUserAccessToken(anna.id, 'mine');
  const robot = connect();
  robot.setToken(token.token ?? '');
  assert.equal((await robot.getMe()).id, anna.id);
  const listed = await anna.client.getUserAccessTokensForUser(anna.id);
  assert.deepEqual(
    listed.map((t) => [t.id, t.description, t.token ?? '']),
    [[token.id, 'mine', '']],
  );
  await refused(world.people.bob.client.getUserAccessToken(token.id), 403);
  await anna.client.disableUserAccessToken(token.id);
  await refused(robot.getMe(), 401, expired);
  await anna.client.enableUserAccessToken(token.id);
  assert.equal((await robot.getMe()).id, anna.id);
  await anna.client.revokeUserAccessToken(token.id);
  await refused(robot.getMe(), 401, expired);
});

test('a second factor is asked for once it is on', async () => {
  const anna = await Person.signUp(word('anna'));
  const { secret, qr_code } = await anna.client.generateMfaSecret(anna.id);
  assert.ok(qr_code.length > 0);
  const code = () => new TOTP({ secret }).generate();
  await refused(anna.client.updateUserMfa(anna.id, true, '000000'), 401, 'mfa.activate.bad_token.app_error');
  await anna.client.updateUserMfa(anna.id, true, code());
  assert.equal((await anna.client.getMe()).mfa_active, true);
  await refused(Person.logIn(anna.name), 401, 'mfa.validate_token.authenticate.app_error');
  await refused(Person.logIn(anna.name, '000000'), 401, 'api.user.check_user_mfa.bad_code.app_error');
  // The code that switched it on may not be used twice, so this one is of the next half minute.
  const next = new TOTP({ secret }).generate({ timestamp: Date.now() + 30_000 });
  assert.equal((await Person.logIn(anna.name, next)).id, anna.id);
  await world.admin.client.updateUserMfa(anna.id, false, '');
  assert.equal((await Person.logIn(anna.name)).id, anna.id);
});

test('a new password ends other sessions, a deactivated account all', async () => {
  const anna = await Person.signUp(word('anna'));
  const other = await Person.logIn(anna.name);
  await world.admin.client.updateUserActive(anna.id, false);
  for (const person of [anna, other]) await refused(person.client.getMe(), 401, expired);
  await refused(Person.logIn(anna.name), 401);
  await world.admin.client.updateUserActive(anna.id, true);
  assert.equal((await Person.logIn(anna.name)).id, anna.id);
});
