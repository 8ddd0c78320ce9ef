import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { OAuthApp } from '@mattermost/types/integrations';
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
