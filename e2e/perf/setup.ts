import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Person } from '../src/person.ts';
import { root, Server } from '../src/server.ts';
import { asKept, byCalls, finish, type Kept, remembered, type Seed, seed } from './seed.ts';
import { bySql } from './sql.ts';

const folder = join(root, 'bin/perf');
const note = join(folder, 'seed.json');

/**
 * The measured server and what there is to read on it. PARLEY_URL names another server, of which the first account must
 * be `administrator` with the password of src/person.ts, or none. Parley's own database is kept in bin/perf, for the next
 * run; `make clean` removes it.
 */
export default async function setup(): Promise<() => Promise<void>> {
  if (process.env.PARLEY_URL) {
    keep(await filled());
    return async () => undefined;
  }
  const kept = await readFile(note, 'utf8').then(
    (text) => JSON.parse(text) as Kept,
    () => undefined,
  );
  let server = await start(kept === undefined);
  const found = kept && (await remembered(kept).catch(() => undefined));
  if (found) {
    keep(found);
    return () => server.stop();
  }
  await server.stop();
  server = await start(true);
  const made = await seed(async (orders, writers) => {
    await server.stop();
    await bySql(join(folder, 'parley.db'))(orders, writers);
    server = await start(false);
  });
  await finish((await remembered(asKept(made))) ?? made);
  await writeFile(note, JSON.stringify(asKept(made)));
  keep(made);
  return () => server.stop();
}

/** filled makes the seed on a server that others run. */
async function filled(): Promise<Seed> {
  await Person.administrator();
  const made = await seed(byCalls);
  await finish(made);
  return made;
}

function keep(seed: Seed): void {
  process.env.PERF_SEED = JSON.stringify(asKept(seed));
}

async function start(empty: boolean): Promise<Server> {
  if (empty) await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  const server = await Server.start({}, { data: folder });
  process.env.PARLEY_URL = server.url;
  return server;
}
