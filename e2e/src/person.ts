import { Client4, ClientError } from '@mattermost/client';
import type { Post } from '@mattermost/types/posts';
import type { PreferenceType } from '@mattermost/types/preferences';
import type { UserProfile } from '@mattermost/types/users';
import type { Browser, BrowserContext, BrowserContextOptions, Cookie } from '@playwright/test';

export const password = 'Journey-Passw0rd-1';

/** serverUrl is where the run's server listens. */
export function serverUrl(): string {
  const url = process.env.PARLEY_URL;
  if (!url) throw new Error('PARLEY_URL is not set; the tests set it in src/setup.ts');
  return url.replace(/\/$/, '');
}

let counter = 0;

/** word makes a new lower-case word, so that journeys beside each other never meet. */
export function word(stem: string): string {
  counter++;
  return `${stem}-${Date.now().toString(36)}${counter.toString(36)}${Math.random().toString(36).slice(2, 6)}`;
}

/** Someone's name as people read it: the stem with a capital. */
function shown(username: string): string {
  const stem = username.split('-')[0] ?? username;
  return stem.charAt(0).toUpperCase() + stem.slice(1);
}

/** A Person is an account with one session, used by the published client and by browser contexts alike. */
export class Person {
  private readonly contexts: BrowserContext[] = [];

  /** What went wrong inside this person's pages, unnoticed by them. */
  readonly errors: string[] = [];

  private constructor(
    readonly client: Client4,
    readonly profile: UserProfile,
    private readonly cookies: Cookie[],
    private readonly url: string,
  ) {}

  /** signUp makes an account whose name begins with `stem` and signs it in. */
  static async signUp(stem: string, more: Partial<UserProfile> = {}, url = serverUrl()): Promise<Person> {
    const username = word(stem);
    const account = { username, email: `${username}@example.com`, password, first_name: shown(username), ...more };
    const client = new Client4();
    client.setUrl(url);
    await client.createUser(account as UserProfile, '', '');
    return Person.signIn(username, url);
  }

  /** administrator signs the first account in, and makes it on an empty server. */
  static async administrator(url = serverUrl()): Promise<Person> {
    try {
      return await Person.signIn('administrator', url);
    } catch {
      const client = new Client4();
      client.setUrl(url);
      const account = { username: 'administrator', email: 'administrator@example.com', password };
      await client.createUser(account as UserProfile, '', '').catch((error: unknown) => {
        if (!(error instanceof ClientError) || error.status_code !== 400) throw error;
      });
      return Person.signIn('administrator', url);
    }
  }

  /** signIn logs in as the web client does, and keeps token and cookies. */
  static async signIn(username: string, url = serverUrl()): Promise<Person> {
    const answer = await fetch(`${url}/api/v4/users/login`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', 'X-Requested-With': 'XMLHttpRequest' },
      body: JSON.stringify({ login_id: username, password }),
    });
    if (!answer.ok) throw new Error(`${username} can't log in: ${answer.status} ${await answer.text()}`);
    const client = new Client4();
    client.setUrl(url);
    client.setToken(answer.headers.get('Token') ?? '');
    const profile: UserProfile = JSON.parse(await answer.text());
    return new Person(
      client,
      profile,
      answer.headers.getSetCookie().map((line) => parse(line, url)),
      url,
    );
  }

  get id(): string {
    return this.profile.id;
  }

  /** The user's name, as mentions write it. */
  get name(): string {
    return this.profile.username;
  }

  say(channelId: string, message: string, rootId = ''): Promise<Post> {
    return this.client.createPost({ channel_id: channelId, message, root_id: rootId });
  }

  /** prefer sets one preference before a window opens. */
  async prefer(category: string, name: string, value: string): Promise<void> {
    const preference: PreferenceType = { user_id: this.id, category, name, value };
    await this.client.savePreferences(this.id, [preference]);
  }

  /** browse opens a browser context in which this person is signed in. It ends with `close`. */
  async browse(browser: Browser, options: BrowserContextOptions = {}): Promise<BrowserContext> {
    const context = await browser.newContext({ baseURL: this.url, ...options });
    this.contexts.push(context);
    context.on('weberror', (thrown) => this.errors.push(String(thrown.error().stack ?? thrown.error())));
    await context.addCookies(this.cookies);
    return context;
  }

  async close(): Promise<void> {
    await Promise.all(this.contexts.splice(0).map((context) => context.close()));
  }
}

/** parse reads a Set-Cookie line into what a browser context takes. */
function parse(line: string, url: string): Cookie {
  const [pair = '', ...attributes] = line.split('; ');
  const flag = (name: string) => attributes.some((a) => a.toLowerCase() === name);
  const [name = '', ...value] = pair.split('=');
  return {
    name,
    value: value.join('='),
    domain: new URL(url).hostname,
    path: '/',
    expires: -1,
    httpOnly: flag('httponly'),
    secure: flag('secure'),
    sameSite: 'Lax',
  };
}
