import { Person } from './person.ts';
import { Server } from './server.ts';

/**
 * Once a run: the server, on the PostgreSQL that E2E_DATABASE names or on SQLite, and its first account, which
 * administers it. PARLEY_URL names a server that runs already.
 */
export default async function setup(): Promise<() => Promise<void>> {
  let server: Server | undefined;
  if (!process.env.PARLEY_URL) {
    server = await Server.start({}, { database: process.env.E2E_DATABASE, log: 'results/server.log' });
    process.env.PARLEY_URL = server.url;
  }
  await Person.administrator();
  return async () => server?.stop();
}
