import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Call is what another program was asked: by which method, where, with which headers and which body. */
export type Call = {
  method: string;
  path: string;
  headers: Record<string, string | string[] | undefined>;
  body: string;
};

/** A Receiver is another program: it notes each call and gives the answer that `answers` makes of it. */
export class Receiver {
  readonly calls: Call[] = [];

  private constructor(
    readonly url: string,
    private readonly stop: () => void,
  ) {}

  /** start listens on a port of its own. An answer is the status and, as JSON, the body. */
  static start(answers: (call: Call) => { status?: number; body?: unknown }): Promise<Receiver> {
    return new Promise((resolve) => {
      const server = createServer((request, response) => {
        const parts: Buffer[] = [];
        request.on('data', (part: Buffer) => parts.push(part));
        request.on('end', () => {
          const { method = '', url = '', headers } = request;
          const call = { method, path: url, headers, body: Buffer.concat(parts).toString() };
          receiver.calls.push(call);
          const { status = 200, body = {} } = answers(call);
          response.writeHead(status, { 'Content-Type': 'application/json' }).end(JSON.stringify(body));
        });
      });
      let receiver: Receiver;
      server.listen(0, '127.0.0.1', () => {
        const { port } = server.address() as AddressInfo;
        receiver = new Receiver(`http://127.0.0.1:${port}`, () => server.close());
        resolve(receiver);
      });
    });
  }

  close(): void {
    this.stop();
  }
}
