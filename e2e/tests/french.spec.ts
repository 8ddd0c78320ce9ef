import { accessible } from '../src/axe.ts';
import { SigninPage } from '../src/pages/signin.ts';
import { password, serverUrl } from '../src/person.ts';
import { expect, test } from '../src/world.ts';

test.use({ locale: 'fr-FR' });

test('une journée en français, du mot de passe aux réglages', async ({ world, page }) => {
  const alice = await world.join('alice', { locale: 'fr' });
  const bob = await world.join('bob');
  const room = await world.channel(alice, 'Potager', [bob]);
  const signin = new SigninPage(page, 'fr');
  await page.goto(`${serverUrl()}/login`);
  await expect(page.locator('html')).toHaveAttribute('lang', 'fr');
  await signin.signIn(alice.name, 'faux mot de passe');
  await expect(page.getByRole('alert')).toContainText(/mot de passe/);
  await signin.signIn(alice.name, password);

  const elle = await (await world.open(alice, `channels/${room.name}`, { locale: 'fr-FR' })).ready();
  await bob.say(room.id, 'Bonjour à toutes');
  await expect(elle.message('Bonjour à toutes')).toBeVisible();
  await elle.say('Salut !');
  await elle.act(elle.message('Bonjour à toutes'), 'reply');
  await elle.say('Ça pousse', elle.pane);
  await accessible(elle.page, 'un canal et une discussion, en français');
  await elle.page.keyboard.press('Control+/');
  await expect(elle.dialog.getByRole('heading', { name: elle.t('app.keys.title') })).toBeVisible();
  await elle.page.keyboard.press('Escape');

  // Nothing on the screen is left in English.
  const shown = await elle.page.locator('body').innerText();
  for (const id of ['sidebar.find', 'messages.new', 'composer.send', 'sidebar.section.channels', 'sidebar.threads']) {
    const english = elle.english(id);
    if (english !== elle.t(id)) expect(shown).not.toContain(english);
  }
  await elle.channelMenu('channels.leave');
  await expect(elle.row('Potager')).toHaveCount(0);
});
