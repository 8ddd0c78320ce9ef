import { expect, type Locator, type Page } from '@playwright/test';
import { type Locale, pattern, words } from '../words.ts';

/** Client is the frame that somebody who is signed in sees, found by roles and by the names that a screen reader says. */
export class Client {
  readonly main: Locator;

  constructor(
    readonly page: Page,
    readonly locale: Locale = 'en',
  ) {
    this.main = page.getByRole('main');
  }

  /** t is a text of the client in its language. */
  t(id: string, values: Record<string, string | number> = {}): string {
    return words(id, values, this.locale);
  }

  /** english is the same text for who reads English. */
  english(id: string): string {
    return words(id);
  }

  /** The pane on the right. */
  get pane(): Locator {
    return this.page.getByRole('complementary', { name: this.t('app.pane') });
  }

  get dialog(): Locator {
    return this.page.getByRole('dialog');
  }

  get title(): Locator {
    return this.main.getByRole('heading', { level: 1 });
  }

  button(id: string, values = {}, within: Page | Locator = this.page): Locator {
    return within.getByRole('button', { name: this.t(id, values), exact: true });
  }

  menuItem(id: string, values = {}): Locator {
    return this.page.getByRole('menuitem', { name: this.t(id, values) });
  }

  /** box is where one writes, in the channel or in the pane. */
  box(within: Locator = this.main): Locator {
    const label = within === this.main ? 'composer.label' : 'composer.labelReply';
    return within.getByLabel(pattern(label, this.locale));
  }

  /** message is the message with these words. */
  message(text: string | RegExp, within: Locator = this.main): Locator {
    return within.getByRole('article', { name: text });
  }

  /** say writes a message and waits until it stands in the list. */
  async say(text: string, within: Locator = this.main): Promise<void> {
    await this.box(within).fill(text);
    await this.box(within).press('Enter');
    await expect(this.message(text, within).last()).toBeVisible();
  }

  /** act does something with a message, by its menu. */
  async act(message: Locator, id: string): Promise<void> {
    await message.hover();
    await this.button('messages.more.acts', {}, message).click();
    await this.menuItem(`messages.act.${id}`).click();
  }

  /** row is a channel or conversation of the sidebar. What else is known of it follows its name, after commas. */
  row(name: string): Locator {
    return this.page.getByRole('treeitem', {
      name: new RegExp(`^${name.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}(,|$)`),
    });
  }

  /** go opens a channel or conversation by the sidebar. */
  async go(name: string): Promise<void> {
    await this.row(name).getByRole('link').click();
    await expect(this.title).toContainText(name);
    await expect(this.box()).toBeVisible();
  }

  /** channelMenu chooses from the menu of the open channel. */
  async channelMenu(id: string): Promise<void> {
    await this.title.getByRole('button').click();
    await this.menuItem(id).click();
  }

  /** openThread opens the thread of a message beside the channel. */
  async openThread(message: Locator): Promise<void> {
    await this.act(message, 'reply');
    await expect(this.box(this.pane)).toBeVisible();
  }

  /** ready waits until the open channel can be read and written in. */
  async ready(): Promise<this> {
    await expect(this.box()).toBeVisible();
    await expect(this.main.getByRole('list').first()).toBeVisible();
    return this;
  }
}
