import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Person } from '../src/person.ts';
import { root, Server } from '../src/server.ts';
import { asKept, type Kept, remembered, seed } from './seed.ts';

const folder = join(root, 'bin/perf');
const note = join(folder, 'seed.json');

/**
 * The measured server and what there is to read on it. PARLEY_URL names another server, of which the first account must
 * be `administrator` with the password of src/person.ts, or none. Parley's own database is kept in bin/perf, because to
 * fill it takes minutes; `make clean` removes it.
 */
export default async function setup(): Promise<() => Promise<void>> {
  if (process.env.PARLEY_URL) {
    await Person.administrator();
    process.env.PERF_SEED = JSON.stringify(asKept(await seed()));
    return async () => undefined;
  }
  const kept = await readFile(note, 'utf8').then(
    (text) => JSON.parse(text) as Kept,
    () => undefined,
  );
  if (!kept) await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  const server = await Server.start({}, folder);
  process.env.PARLEY_URL = server.url;
  await Person.administrator();
  const found = (kept && (await remembered(kept))) ?? (await fill());
  process.env.PERF_SEED = JSON.stringify(asKept(found));
  return () => server.stop();
}

async function fill() {
  console.log('filling a database; the next run finds it');
  const made = await seed();
  await writeFile(note, JSON.stringify(asKept(made)));
  return made;
}
