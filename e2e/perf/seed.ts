import type { ServerChannel } from '@mattermost/types/channels';
import type { Team } from '@mattermost/types/teams';
import { Person, serverUrl, word } from '../src/person.ts';

/** How much there is to read. The defaults are the sizes of docs/performance.md. */
export const sizes = {
  channels: Number(process.env.PERF_CHANNELS ?? 100),
  posts: Number(process.env.PERF_POSTS ?? 1_000),
  long: Number(process.env.PERF_LONG ?? 100_000),
};

/** Room is a channel and the words of its newest post, by which a page is known to show it. */
export type Room = { id: string; name: string; title: string; last: string };

export type Seed = { team: Team; reader: Person; writers: Person[]; rooms: Room[]; long: Room; wet: Room[] };

/** What of a seed is written down, to find it again in a kept database. */
export type Kept = {
  sizes: typeof sizes;
  team: string;
  reader: string;
  writers: string[];
  rooms: Room[];
  long: Room;
  wet: Room[];
};

/** remembered signs in again the people of a seed that was made before, or returns nothing when sizes have changed. */
export async function remembered(kept: Kept): Promise<Seed | undefined> {
  if (JSON.stringify(kept.sizes) !== JSON.stringify(sizes)) return undefined;
  const reader = await Person.signIn(kept.reader);
  const writers = await Promise.all(kept.writers.map((name) => Person.signIn(name)));
  return { ...kept, reader, writers, team: await reader.client.getTeamByName(kept.team) };
}

/** asKept is what to write down of a seed. */
export function asKept(seed: Seed): Kept {
  const { team, reader, writers, rooms, long, wet } = seed;
  return { sizes, team: team.name, reader: reader.name, writers: writers.map((w) => w.name), rooms, long, wet };
}

/** Rooms of their own for what arrives while somebody reads, so that the others end as they were made. */
const wetRooms = 10;

/** What people write, over and over, each time with its number. */
export const texts = [
  'Can somebody look at the build before lunch?',
  'Done. It was the cache again, see `make clean`.',
  'The release notes are in the wiki, **please read them** before you answer customers.',
  'I have moved the meeting to Thursday 14:00, the room is the small one on the second floor. Bring the figures of last week, we compare them with what was promised in spring.',
  '> The server answers in 12 ms.\n\nThat is with an empty cache.',
  '- coffee\n- milk\n- something for the birthday',
  '```go\nfunc main() {\n\tfmt.Println("hello")\n}\n```',
  'Yes :thumbsup:',
  'https://example.com/a/rather/long/address?with=parameters is where they keep it',
  '| what | before | after |\n|---|---:|---:|\n| start | 466 ms | 39 ms |\n| memory | 140 MB | 12 MB |',
];

/** Order is what a room is to be filled with: posts a minute apart that end a minute ago. */
export type Order = { channel: string; posts: number; begin: number };

/** Fill writes the posts of all orders, as the writers in turn, see `sentence` and `author`. */
export type Fill = (orders: Order[], writers: Person[]) => Promise<void>;

export const minute = 60_000;

/** sentence is the text of a room's post, counted from 0. */
export function sentence(i: number): string {
  return `${texts[(i * 7) % texts.length]} (${i + 1})`;
}

/** author is whose turn it is: two or three in a row by the same, as people write. */
export function author(i: number): number {
  return Math.floor(i / 2.5);
}

/** seed makes a team with a reader, five writers and the rooms, and has them filled. */
export async function seed(fill: Fill): Promise<Seed> {
  const admin = await Person.administrator();
  const team = await admin.client.createTeam({ name: word('perf'), display_name: 'Performance', type: 'O' } as Team);
  const reader = await Person.signUp('reader');
  const writers = await Promise.all(['ada', 'ben', 'cleo', 'dan', 'eve'].map((stem) => Person.signUp(stem)));
  const everybody = [reader, ...writers];
  await admin.client.addUsersToTeam(
    team.id,
    everybody.map((p) => p.id),
  );
  // Only administrators may say when a post was written.
  await Promise.all(writers.map((w) => admin.client.updateUserRoles(w.id, 'system_user system_admin')));
  const make = (title: string) => room(team, everybody, title);
  const rooms: Room[] = [];
  for (let i = 1; i <= sizes.channels; i++) rooms.push(await make(`Room ${String(i).padStart(3, '0')}`));
  const wet: Room[] = [];
  for (let i = 1; i <= wetRooms; i++) wet.push(await make(`Wet room ${i}`));
  const long = await make('The long room');
  const order = ({ id }: Room, posts: number) => ({ channel: id, posts, begin: Date.now() - (posts + 1) * minute });
  await fill(
    [...rooms.map((r) => order(r, sizes.posts)), ...wet.map((r) => order(r, 100)), order(long, sizes.long)],
    writers,
  );
  return { team, reader, writers, rooms, long, wet };
}

/** finish writes each room's newest words, and marks the rooms read so that each opens at its end. */
export async function finish({ reader, writers, rooms, long, wet }: Seed): Promise<void> {
  for (const { id, last } of [...rooms, ...wet, long]) {
    await post(writers, 0, id, last);
    await reader.client.viewMyChannel(id);
  }
}

async function room(team: Team, members: Person[], title: string): Promise<Room> {
  const [owner, ...others] = members;
  if (!owner) throw new Error('nobody makes the room');
  const name = word('room');
  const channel = { name, display_name: title, type: 'O', team_id: team.id } as ServerChannel;
  const { id } = await owner.client.createChannel(channel);
  await owner.client.addToChannels(
    others.map((m) => m.id),
    id,
  );
  return { id, name, title, last: `The newest words of ${title}` };
}

/** How many calls are under way at once while posts are written. */
const abreast = 24;

/** byCalls fills the rooms of any server through its API. It takes minutes. */
export const byCalls: Fill = async (orders, writers) => {
  for (const { channel, posts, begin } of orders) {
    let next = 0;
    const write = async () => {
      for (let i = next++; i < posts; i = next++) {
        await post(writers, author(i), channel, sentence(i), begin + i * minute);
      }
    };
    await Promise.all(Array.from({ length: abreast }, write));
  }
};

/** post writes as one of the writers, without the client's own bookkeeping. */
export async function post(writers: Person[], turn: number, channel: string, message: string, at = 0): Promise<void> {
  const writer = writers[turn % writers.length];
  const answer = await fetch(`${serverUrl()}/api/v4/posts`, {
    method: 'POST',
    headers: { Authorization: `Bearer ${writer?.client.getToken()}`, 'Content-Type': 'application/json' },
    body: JSON.stringify({ channel_id: channel, message, ...(at > 0 && { create_at: at }) }),
  });
  if (!answer.ok) throw new Error(`a post was refused: ${answer.status} ${await answer.text()}`);
  await answer.arrayBuffer();
}
