import type { Page } from '@playwright/test';
import { type Locale, words } from '../words.ts';

/** The pages before somebody is inside. */
export class SigninPage {
  constructor(
    readonly page: Page,
    private readonly locale: Locale = 'en',
  ) {}

  private t(id: string, values = {}): string {
    return words(id, values, this.locale);
  }

  get title() {
    return this.page.getByRole('heading', { level: 1 });
  }

  /** field is a form's field by the id of its label. */
  field(id: string) {
    return this.page.getByLabel(this.t(id), { exact: true });
  }

  button(id: string) {
    return this.page.getByRole('button', { name: this.t(id), exact: true });
  }

  async signIn(name: string, password: string): Promise<void> {
    await this.field('signin.login.nameOrEmail').fill(name);
    await this.field('signin.password').fill(password);
    await this.button('signin.login.submit').click();
  }

  /** createAccount fills the form of a new account; the username is what the form suggests unless one is given. */
  async createAccount(submit: string, email: string, password: string, username?: string): Promise<void> {
    await this.field('signin.email').fill(email);
    if (username !== undefined) await this.field('signin.username').fill(username);
    await this.field('signin.password').fill(password);
    await this.button(submit).click();
  }
}
