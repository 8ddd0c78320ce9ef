import { once } from 'node:events';
import { createServer as createHttpServer } from 'node:http';
import { type AddressInfo, createServer } from 'node:net';

/** Outside is what Parley talks to in a journey: a mail server, and a push service. */
export type Outside = { mailPort: string; pushUrl: string; mails: string[]; pushes: number; close: () => void };

/** outside speaks enough of SMTP to take mails, and takes whatever is pushed. */
export async function outside(): Promise<Outside> {
  const mails: string[] = [];
  const smtp = createServer((socket) => {
    let text = '';
    let inData = false;
    const say = (line: string) => socket.write(`${line}\r\n`);
    say('220 test');
    socket.on('error', () => undefined);
    socket.on('data', (chunk) => {
      text += chunk.toString();
      for (;;) {
        const end = text.indexOf(inData ? '\r\n.\r\n' : '\r\n');
        if (end < 0) return;
        const line = text.slice(0, end);
        text = text.slice(end + (inData ? 5 : 2));
        if (inData) {
          mails.push(line.replaceAll('=\r\n', '').replaceAll('=3D', '='));
          inData = false;
          say('250 ok');
        } else if (line === 'DATA') {
          inData = true;
          say('354 go on');
        } else say(line === 'QUIT' ? '221 bye' : '250 ok');
      }
    });
  });
  const out: Outside = { mailPort: '', pushUrl: '', mails, pushes: 0, close: () => undefined };
  const service = createHttpServer((request, response) => {
    request.resume();
    out.pushes++;
    response.writeHead(201).end();
  });
  smtp.listen(0, '127.0.0.1');
  service.listen(0, '127.0.0.1');
  await Promise.all([once(smtp, 'listening'), once(service, 'listening')]);
  out.mailPort = String((smtp.address() as AddressInfo).port);
  out.pushUrl = `http://127.0.0.1:${(service.address() as AddressInfo).port}/push`;
  out.close = () => {
    smtp.close();
    service.close();
    service.closeAllConnections();
  };
  return out;
}
