import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A Receiver is somebody's program that Parley calls: it keeps the bodies and answers each with the same JSON. */
export class Receiver {
  readonly bodies: string[] = [];

  private constructor(private readonly server: Server) {}

  static async start(answer: unknown): Promise<Receiver> {
    const server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        receiver.bodies.push(Buffer.concat(chunks).toString());
        response.setHeader('Content-Type', 'application/json');
        response.end(JSON.stringify(answer));
      });
    });
    const receiver = new Receiver(server);
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
    return receiver;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  close(): void {
    this.server.close();
  }
}
