import { accessible } from '../src/axe.ts';
import { SigninPage } from '../src/pages/signin.ts';
import { Person, password, serverUrl, word } from '../src/person.ts';
import { Server } from '../src/server.ts';
import { shot } from '../src/shot.ts';
import { words } from '../src/words.ts';
import { expect, test } from '../src/world.ts';

test('an empty server leads from the first account over the first team to the first message', async ({ browser }) => {
  const server = await Server.start();
  const context = await browser.newContext({ baseURL: server.url });
  const page = await context.newPage();
  const signin = new SigninPage(page);
  await page.goto('/');
  await expect(signin.title).toHaveText(words('signin.first.title'));
  await accessible(page, 'the first run');
  await shot(page, 'first-run');
  await signin.createAccount('signin.first.submit', 'ada@example.com', password, 'ada');
  await expect(signin.title).toHaveText(words('signin.create.first'));
  await accessible(page, 'the first team');
  await signin.field('signin.team.name').fill('The Analytical Society');
  await signin.button('signin.create.submit').click();
  await expect(page).toHaveURL(/\/the-analytical-society\/channels\/town-square$/);
  await context.close();
  await server.stop();
});

test('signing in: what is wrong is said beside it, and the place that was asked for is reached', async ({
  page,
  world,
}) => {
  const alice = await world.join('alice');
  const signin = new SigninPage(page);
  await page.goto(serverUrl() + world.path('channels/off-topic'));
  await expect(signin.title).toBeVisible();
  await accessible(page, 'signing in');
  await signin.signIn(alice.name, 'Wrong-Passw0rd-1');
  await expect(page.getByRole('alert')).toBeVisible();
  await accessible(page, 'a wrong password');
  await signin.signIn(alice.name, password);
  await expect(page).toHaveURL(serverUrl() + world.path('channels/off-topic'));
});

test('a session that has ended says so, and the place is reached after signing in again', async ({ world }) => {
  const alice = await world.join('alice');
  const hers = await (await world.open(alice, 'channels/off-topic')).ready();
  const { page } = hers;
  const signin = new SigninPage(page);
  // A page that is opened again asks; one that is open is told.
  for (const end of [() => page.reload(), async () => undefined]) {
    await world.admin.client.revokeAllSessionsForUser(alice.id);
    await end();
    await expect(page.getByText(words('signin.notice.expired'))).toBeVisible();
    await signin.signIn(alice.name, password);
    await expect(page).toHaveURL(serverUrl() + world.path('channels/off-topic'));
    await hers.ready();
  }
});

test('an account is made on the server with a team to choose', async ({ page, world }) => {
  const signin = new SigninPage(page);
  await world.admin.client.patchTeam({ id: world.team.id, allow_open_invite: true });
  await page.goto(`${serverUrl()}/signup_email`);
  await accessible(page, 'making an account');
  await signin.createAccount('signin.up.submit', 'not an address', 'short');
  await expect(page.getByText(words('signin.email.form'))).toBeVisible();
  await accessible(page, 'an account with mistakes');
  const name = word('zoe');
  await signin.createAccount('signin.up.submit', `${name}@example.com`, password, name);
  await expect(signin.title).toHaveText(words('signin.teams.title'));
  await accessible(page, 'choosing a team');
  await page
    .getByRole('button', { name: words('signin.teams.joinTeam', { team: world.team.display_name }) })
    .first()
    .click();
  await expect(page).toHaveURL(/\/channels\/town-square$/);
});

test('an invitation link leads into its team', async ({ page, world }) => {
  const signin = new SigninPage(page);
  await page.goto(`${serverUrl()}/signup_user_complete/?id=${world.team.invite_id}`);
  await expect(signin.title).toHaveText(words('signin.invite.toTeam', { team: world.team.display_name }));
  await accessible(page, 'an invitation');
  const name = word('yan');
  await signin.createAccount('signin.up.submit', `${name}@example.com`, password, name);
  await expect(page).toHaveURL(serverUrl() + world.path());
});

test('a forgotten password is asked for without telling who has an account', async ({ page }) => {
  const signin = new SigninPage(page);
  await page.goto(`${serverUrl()}/reset_password`);
  await accessible(page, 'a forgotten password');
  const email = `${word('nobody')}@example.com`;
  await signin.field('signin.email').fill(email);
  await signin.button('signin.reset.submit').click();
  await expect(page.getByText(words('signin.reset.sent', { email }))).toBeVisible();
  await accessible(page, 'a link that was sent');
});

test('a second step asks for its code', async ({ page }) => {
  const { TOTP, Secret } = await import('otpauth');
  const person = await Person.signUp('mfa');
  const { secret } = await person.client.generateMfaSecret(person.id);
  const totp = new TOTP({ secret: Secret.fromBase32(secret) });
  await person.client.updateUserMfa(person.id, true, totp.generate());
  const signin = new SigninPage(page);
  await page.goto(`${serverUrl()}/login`);
  await signin.signIn(person.name, password);
  await expect(signin.title).toHaveText(words('signin.code.title'));
  await accessible(page, 'the code of a second step');
  await signin.field('signin.code.label').fill('000000');
  await signin.button('signin.login.submit').click();
  await expect(page.getByRole('alert')).toBeVisible();
  await signin.field('signin.code.label').fill(totp.generate());
  await expect(signin.title).toHaveText(words('signin.teams.title'));
});
