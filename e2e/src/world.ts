import type { ChannelType, ServerChannel } from '@mattermost/types/channels';
import type { Team } from '@mattermost/types/teams';
import { type Browser, type BrowserContextOptions, test as base, expect } from '@playwright/test';
import { Client } from './pages/client.ts';
import { Person, word } from './person.ts';

/** A World is a team of one journey's own with the people in it. */
export class World {
  private readonly people: Person[] = [];

  private constructor(
    private readonly browser: Browser,
    readonly admin: Person,
    readonly team: Team,
    /** The team's first channel, in which everybody is. */
    readonly square: ServerChannel,
  ) {}

  static async make(browser: Browser): Promise<World> {
    const admin = await Person.administrator();
    const name = word('team');
    const team = await admin.client.createTeam({ name, display_name: 'Reading room', type: 'O' } as Team);
    const square = await admin.client.getChannelByName(team.id, 'town-square');
    return new World(browser, admin, team, square);
  }

  /** join makes a person and has them join the team. */
  async join(stem: string, more: Parameters<typeof Person.signUp>[1] = {}): Promise<Person> {
    const person = await Person.signUp(stem, more);
    this.people.push(person);
    await this.admin.client.addToTeam(this.team.id, person.id);
    return person;
  }

  /** channel is made by its owner, who adds the others. */
  async channel(
    owner: Person,
    display: string,
    others: Person[] = [],
    type: ChannelType = 'O',
  ): Promise<ServerChannel> {
    const name = word('room');
    const channel = await owner.client.createChannel({ name, display_name: display, type, team_id: this.team.id });
    await Promise.all(others.map((p) => owner.client.addToChannel(p.id, channel.id)));
    return channel;
  }

  /** path is the address of one of the team's places: `channels/town-square`, `messages/@name`, `threads`. */
  path(place = 'channels/town-square'): string {
    return `/${this.team.name}/${place}`;
  }

  /** open shows a place to a person in a browser context of their own. */
  async open(person: Person, place?: string, options: BrowserContextOptions = {}): Promise<Client> {
    const context = await person.browse(this.browser, options);
    const page = await context.newPage();
    await page.goto(this.path(place));
    return new Client(page, person.profile.locale === 'fr' ? 'fr' : 'en');
  }

  /** tab opens the same place in another tab of the same browser. */
  async tab(of: Client): Promise<Client> {
    const page = await of.page.context().newPage();
    await page.goto(of.page.url());
    return new Client(page, of.locale);
  }

  /** close ends everybody's windows and returns what was thrown in them. */
  async close(): Promise<string[]> {
    const everybody = [this.admin, ...this.people];
    await Promise.all(everybody.map((person) => person.close()));
    return everybody.flatMap((person) => person.errors);
  }
}

/** test is Playwright's, with a world that ends with the journey, and in which nothing may have been thrown. */
export const test = base.extend<{ world: World }>({
  world: async ({ browser }, use) => {
    const world = await World.make(browser);
    await use(world);
    expect(await world.close(), 'thrown in a page').toEqual([]);
  },
});

export { expect };
