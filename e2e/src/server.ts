import { type ChildProcess, spawn } from 'node:child_process';
import { openSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer as createHttpServer, type Server as HttpServer } from 'node:http';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** The repository. */
export const root = join(__dirname, '../..');

/** The settings under which the journeys run: what a careful default keeps off. */
export const settings = {
  MM_TEAMSETTINGS_ENABLEOPENSERVER: 'true',
  MM_SERVICESETTINGS_ENABLEUSERACCESSTOKENS: 'true',
  MM_SERVICESETTINGS_ENABLEMULTIFACTORAUTHENTICATION: 'true',
  MM_CONTENTFLAGGINGSETTINGS_ENABLECONTENTFLAGGING: 'true',
  MM_SERVICESETTINGS_COLLAPSEDTHREADS: 'default_on',
  MM_RATELIMITSETTINGS_ENABLE: 'false',
  MM_FEATUREFLAGS_MOVETHREADSENABLED: 'true',
  // Pages that links lead to are served by the journeys themselves.
  MM_SERVICESETTINGS_ALLOWEDUNTRUSTEDINTERNALCONNECTIONS: '127.0.0.1',
};

/** Server is a running Parley on an empty SQLite database of its own. */
export class Server {
  private constructor(
    readonly url: string,
    private readonly process: ChildProcess,
    private readonly folder: string,
    private readonly kept: boolean,
  ) {}

  /**
   * start returns when the server answers. `more` are settings beside the usual. The data goes with the server unless
   * `data` names a folder, which stays. `database` is the address of a PostgreSQL database, `log` a file to write to.
   */
  static async start(
    more: Record<string, string> = {},
    { data, database, log }: { data?: string; database?: string; log?: string } = {},
  ): Promise<Server> {
    const folder = data ?? (await mkdtemp(join(tmpdir(), 'parley-e2e-')));
    const port = await freePort();
    const url = `http://127.0.0.1:${port}`;
    const flags = ['--data', folder, '--listen', `127.0.0.1:${port}`, ...(database ? ['--db', database] : [])];
    const output = log ? openSync(log, 'w') : 'ignore';
    const child = spawn(join(root, 'bin/parley'), ['serve', ...flags], {
      cwd: folder,
      env: { PATH: process.env.PATH, MM_SERVICESETTINGS_SITEURL: url, ...settings, ...more },
      stdio: ['ignore', output, output],
    });
    const server = new Server(url, child, folder, data !== undefined);
    try {
      await answers(url, child);
    } catch (error) {
      await server.stop();
      throw error;
    }
    return server;
  }

  /** stop ends the server and removes its data, unless these are to stay. */
  async stop(): Promise<void> {
    if (this.process.exitCode === null && this.process.kill()) {
      await new Promise((ended) => this.process.once('exit', ended));
    }
    if (!this.kept) await rm(this.folder, { recursive: true, force: true });
  }
}

async function freePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((listening) => probe.listen(0, '127.0.0.1', listening));
  const address = probe.address();
  await new Promise((closed) => probe.close(closed));
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}

async function answers(url: string, child: ChildProcess): Promise<void> {
  const end = Date.now() + 30_000;
  while (Date.now() < end) {
    if (child.exitCode !== null) throw new Error(`bin/parley ended with ${child.exitCode}; was it built?`);
    const ok = await fetch(`${url}/api/v4/system/ping`).then(
      (r) => r.ok,
      () => false,
    );
    if (ok) return;
    await new Promise((again) => setTimeout(again, 50));
  }
  throw new Error(`no answer from ${url}`);
}

/**
 * Release stands before a server and can show a later build of its client: the same, under another version.
 */
export class Release {
  private later = false;

  private constructor(
    readonly url: string,
    private readonly listener: HttpServer,
  ) {}

  static async before(server: Server): Promise<Release> {
    const port = await freePort();
    const listener = createHttpServer(async (request, response) => {
      const answer = await fetch(server.url + request.url);
      const kind = answer.headers.get('Content-Type') ?? '';
      const guard = answer.headers.get('Content-Security-Policy');
      response.writeHead(answer.status, { 'Content-Type': kind, ...(guard && { 'Content-Security-Policy': guard }) });
      const body = Buffer.from(await answer.arrayBuffer());
      const leading = request.url === '/sw.js' || kind.startsWith('text/html');
      response.end(release.later && leading ? renamed(body.toString()) : body);
    });
    const release = new Release(`http://127.0.0.1:${port}`, listener);
    await new Promise<void>((listening) => listener.listen(port, '127.0.0.1', listening));
    return release;
  }

  /** publish shows the later build from now on. */
  publish(): void {
    this.later = true;
  }

  stop(): void {
    this.listener.closeAllConnections();
    this.listener.close();
  }
}

function renamed(text: string): string {
  return text.replace(/"version":"|name="parley-build" content="/g, '$&later');
}
