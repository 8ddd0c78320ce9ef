import assert from 'node:assert/strict';
import { ClientError } from '@mattermost/client';
import type { ChannelType, ServerChannel } from '@mattermost/types/channels';
import type { Team } from '@mattermost/types/teams';
import { Person, word } from './person.js';

/** The first person on an empty server becomes its administrator; later files find the account. */
export async function administrator(): Promise<Person> {
  try {
    return await Person.logIn('administrator');
  } catch (error) {
    if (!(error instanceof ClientError) || error.status_code !== 401) throw error;
    return Person.signUp('administrator');
  }
}

/** refused asserts that a call fails with a status and, when given, an error id. */
export async function refused(call: Promise<unknown>, status: number, id?: string): Promise<void> {
  await assert.rejects(call, (error) => {
    assert.ok(error instanceof ClientError, `a ClientError, not ${error}`);
    assert.equal(error.status_code, status, error.message);
    if (id) assert.equal(error.server_error_id, id);
    return true;
  });
}

export type Name = 'alice' | 'bob' | 'carol' | 'dave' | 'erin';

/** A World is one team with five people in it. Erin is in the team but never in the channels made here. */
export class World {
  private constructor(
    readonly admin: Person,
    readonly people: Readonly<Record<Name, Person>>,
    readonly team: Team,
  ) {}

  static async create(): Promise<World> {
    const admin = await administrator();
    const [alice, bob, carol, dave, erin] = await Promise.all(
      ['alice', 'bob', 'carol', 'dave', 'erin'].map((name) => Person.signUp(word(name))),
    );
    assert.ok(alice && bob && carol && dave && erin);
    const people = { alice, bob, carol, dave, erin };
    const team = await newTeam(admin);
    await admin.client.addUsersToTeam(
      team.id,
      Object.values(people).map((p) => p.id),
    );
    return new World(admin, people, team);
  }

  /** channel is made by Alice, who adds the others. */
  async channel(type: ChannelType, ...members: Person[]): Promise<ServerChannel> {
    const name = word('room');
    const { alice } = this.people;
    const channel = await alice.client.createChannel({ name, display_name: name, type, team_id: this.team.id });
    if (members.length > 0) {
      await alice.client.addToChannels(
        members.map((m) => m.id),
        channel.id,
      );
    }
    return channel;
  }

  async listen(...names: Name[]): Promise<void> {
    await Promise.all(names.map((name) => this.people[name].listen()));
  }

  /** forget lets everybody who listens forget what they heard while the scene was set. */
  async forget(...names: Name[]): Promise<void> {
    for (const name of names) {
      await this.people[name].settle();
      this.people[name].ear.forget();
    }
  }

  close(): void {
    for (const person of [this.admin, ...Object.values(this.people)]) person.leave();
  }
}

export async function newTeam(owner: Person): Promise<Team> {
  const name = word('team');
  return owner.client.createTeam({ name, display_name: name, type: 'O' } as Team);
}
