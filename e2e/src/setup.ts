import { Person } from './person.ts';
import { Server } from './server.ts';

/**
 * Once a run: the server (PARLEY_URL names one that runs already, see scripts/e2e.sh) and its first account, which
 * administers it.
 */
export default async function setup(): Promise<() => Promise<void>> {
  let server: Server | undefined;
  if (!process.env.PARLEY_URL) {
    server = await Server.start();
    process.env.PARLEY_URL = server.url;
  }
  await Person.administrator();
  return async () => server?.stop();
}
