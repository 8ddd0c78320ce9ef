import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { OAuthApp, OutgoingOAuthConnection } from '@mattermost/types/integrations';
import { Receiver } from '../src/receiver.js';
import { refused, World } from '../src/world.js';

let world: World;
before(async () => {
  world = await World.create();
});
after(async () => {
  await world?.close();
});

test('an OAuth application is made, let in, used, sent away and deleted with the published client', async () => {
  const { alice } = world.people;
  const { client } = world.admin;
  const draft = {
    name: 'Calendar',
    description: 'Shows what is planned',
    homepage: 'https://calendar.example.com',
    callback_urls: ['https://calendar.example.com/back'],
  } as OAuthApp;
  await refused(alice.client.createOAuthApp(draft), 403, 'api.context.permissions.app_error');
  const app = await client.createOAuthApp(draft);
  assert.equal((await alice.client.getOAuthAppInfo(app.id)).client_secret, '');
  const changed = await client.editOAuthApp({ ...app, name: 'Diary' });
  assert.equal(changed.name, 'Diary');
  const renewed = await client.regenOAuthAppSecret(app.id);
  assert.notEqual(renewed.client_secret, app.client_secret);

  const answer = (await alice.client.authorizeOAuthApp(
    'code',
    app.id,
    'https://calendar.example.com/back',
    'st',
    'user',
  )) as unknown as {
    redirect: string;
  };
  const code = new URL(answer.redirect).searchParams.get('code') ?? '';
  const got = await fetch(`${client.getUrl()}/oauth/access_token`, {
    method: 'POST',
    body: new URLSearchParams({
      grant_type: 'authorization_code',
      code,
      redirect_uri: 'https://calendar.example.com/back',
      client_id: app.id,
      client_secret: renewed.client_secret,
    }),
  });
  const token = (await got.json()) as { access_token: string };
  const me = () =>
    fetch(`${client.getUrl()}/api/v4/users/me`, { headers: { Authorization: `Bearer ${token.access_token}` } });
  assert.equal((await me()).status, 200);
  assert.deepEqual(
    (await alice.client.getAuthorizedOAuthApps(alice.id)).map(({ id }) => id),
    [app.id],
  );
  await alice.client.deauthorizeOAuthApp(app.id);
  assert.equal((await me()).status, 401);
  await client.deleteOAuthApp(app.id);
  await refused(client.getOAuthApp(app.id), 404, 'app.oauth.get_app.find.app_error');
});

test('an outgoing OAuth connection is made, tried, found, used, changed and deleted with the published client', async () => {
  const { alice } = world.people;
  const { client } = world.admin;
  const team = world.team.id;
  const partner = await Receiver.start({ access_token: 'abc', token_type: 'Bearer', expires_in: 60, text: 'here' });
  const draft = {
    name: 'Partner',
    client_id: 'parley',
    client_secret: 'the-secret',
    oauth_token_url: `${partner.url}/token`,
    grant_type: 'client_credentials',
    audiences: [`${partner.url}/api`],
  } as unknown as OutgoingOAuthConnection;
  await refused(alice.client.createOutgoingOAuthConnection(team, draft), 403, 'api.context.permissions.app_error');
  await refused(alice.client.getOutgoingOAuthConnections(team), 403, 'api.context.permissions.app_error');
  await client.validateOutgoingOAuthConnection(team, draft);
  assert.match(partner.bodies.at(-1) ?? '', /grant_type=client_credentials/);
  const made = await client.createOutgoingOAuthConnection(team, draft);
  assert.equal(made.client_id, 'parley');
  assert.equal(made.client_secret, undefined);
  assert.deepEqual(await client.getOutgoingOAuthConnection(team, made.id), made);
  const ids = (list: OutgoingOAuthConnection[]) => list.map(({ id }) => id);
  assert.ok(ids(await client.getOutgoingOAuthConnections(team)).includes(made.id));
  assert.deepEqual(ids(await client.getOutgoingOAuthConnectionsForAudience(team, `${partner.url}/api/x`)), [made.id]);
  assert.deepEqual(ids(await client.getOutgoingOAuthConnectionsForAudience(team, `${partner.url}/other`)), []);
  const command = await client.addCommand({
    team_id: team,
    trigger: 'partner',
    method: 'P',
    url: `${partner.url}/api/command`,
  } as never);
  const asked = partner.bodies.length;
  const room = await world.channel('O');
  await alice.client.executeCommand('/partner', { channel_id: room.id, team_id: team } as never);
  assert.equal(partner.bodies.length, asked + 2, 'a token is asked for, then the command is called');
  await client.deleteCommand(command.id);
  const changed = await client.editOutgoingOAuthConnection(team, { ...made, name: 'Renamed' });
  assert.deepEqual(changed, { ...made, name: 'Renamed', update_at: changed.update_at });
  await client.deleteOutgoingOAuthConnection(made.id);
  await refused(client.getOutgoingOAuthConnection(team, made.id), 404, 'parley.oauthconns.missing.app_error');
  partner.close();
});
