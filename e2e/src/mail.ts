import { once } from 'node:events';
import { connect, createServer } from 'node:net';

/** A port that nobody listens on. */
export async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const address = probe.address();
  probe.close();
  await once(probe, 'close');
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}

export interface Letter {
  from: string;
  to: string;
  subject: string;
  /** Without brackets. */
  id: string;
  /** Further lines of the header. */
  head?: string[];
  body: string;
}

/** sendMail hands a mail to a server as another mail server would. It returns the server's last answer. */
export async function sendMail(port: number, letter: Letter): Promise<string> {
  const lines = [
    `From: ${letter.from}`,
    `To: ${letter.to}`,
    `Subject: ${letter.subject}`,
    `Message-ID: <${letter.id}>`,
    ...(letter.head ?? []),
    '',
    ...letter.body.split('\n'),
    '.',
  ];
  const socket = connect(port, '127.0.0.1').setEncoding('utf8');
  const answers = socket[Symbol.asyncIterator]();
  let last = '';
  const say = async (...words: string[]) => {
    if (words.length > 0) socket.write(`${words.join('\r\n')}\r\n`);
    let text = '';
    do text += (await answers.next()).value ?? '';
    while (!/^\d{3} .*\r\n$/m.test(text));
    last = text.trim();
    return /^[23]/.test(last);
  };
  try {
    await say();
    await say('EHLO mail.example.org');
    await say(`MAIL FROM:<${letter.from.match(/[^<\s]+@[^>\s]+/)?.[0]}>`);
    if ((await say(`RCPT TO:<${letter.to}>`)) && (await say('DATA'))) await say(...lines);
    return last;
  } finally {
    socket.destroy();
  }
}
