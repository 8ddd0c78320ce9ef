/** Files of every kind that journeys send, made here so that none has to be kept. */
import { deflateSync } from 'node:zlib';

/** Sample is a file as a browser gets it. */
export type Sample = { name: string; mimeType: string; buffer: Buffer };

const crcTable = Uint32Array.from({ length: 256 }, (_, n) => {
  let c = n;
  for (let k = 0; k < 8; k++) c = c & 1 ? 0xedb88320 ^ (c >>> 1) : c >>> 1;
  return c;
});
const crc = (bytes: Buffer): number => ~bytes.reduce((c, byte) => (crcTable[(c ^ byte) & 255] ?? 0) ^ (c >>> 8), ~0);

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const out = Buffer.alloc(body.length + 8);
  out.writeUInt32BE(data.length);
  body.copy(out, 4);
  out.writeInt32BE(crc(body) | 0, body.length + 4);
  return out;
}

/** png is a picture of a meadow at evening, as large as asked for; `hue` tells one from another. */
export function png(name: string, width: number, height: number, hue = 0): Sample {
  const rows = Buffer.alloc((width * 3 + 1) * height);
  for (let y = 0; y < height; y++) {
    const horizon = height * 0.6 + Math.sin(hue) * height * 0.1;
    for (let x = 0; x < width; x++) {
      const at = y * (width * 3 + 1) + 1 + x * 3;
      const hill = horizon + Math.sin((x / width) * 5 + hue) * height * 0.12;
      const sky = y / height;
      const [r, g, b] =
        y > hill ? [70 + 40 * Math.sin(hue), 120, 80] : [210 + 40 * sky, 170 - 40 * sky, 150 + 60 * Math.cos(hue)];
      rows[at] = r ?? 0;
      rows[at + 1] = g ?? 0;
      rows[at + 2] = b ?? 0;
    }
  }
  const head = Buffer.alloc(13);
  head.writeUInt32BE(width, 0);
  head.writeUInt32BE(height, 4);
  head.set([8, 2, 0, 0, 0], 8);
  const buffer = Buffer.concat([
    Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
    chunk('IHDR', head),
    chunk('IDAT', deflateSync(rows)),
    chunk('IEND', Buffer.alloc(0)),
  ]);
  return { name, mimeType: 'image/png', buffer };
}

/** One frame of a GIF in one of four colours: codes of three bits, the table cleared before it grows. */
function frame(width: number, height: number, colour: number): Buffer {
  const codes: number[] = [];
  for (let i = 0; i < width * height; i++) {
    if (i % 2 === 0) codes.push(4);
    codes.push(colour);
  }
  codes.push(5);
  const bytes: number[] = [];
  let [bits, held] = [0, 0];
  for (const code of codes) {
    held |= code << bits;
    bits += 3;
    while (bits >= 8) {
      bytes.push(held & 255);
      held >>= 8;
      bits -= 8;
    }
  }
  if (bits > 0) bytes.push(held & 255);
  const blocks: Buffer[] = [];
  for (let at = 0; at < bytes.length; at += 255) {
    const part = bytes.slice(at, at + 255);
    blocks.push(Buffer.from([part.length, ...part]));
  }
  const size = [width & 255, width >> 8, height & 255, height >> 8];
  return Buffer.concat([
    Buffer.from([0x21, 0xf9, 4, 0, 30, 0, 0, 0, 0x2c, 0, 0, 0, 0, ...size, 0, 2]),
    ...blocks,
    Buffer.from([0]),
  ]);
}

/** gif is two colours that take turns. */
export function gif(name: string, width = 240, height = 160): Sample {
  const size = [width & 255, width >> 8, height & 255, height >> 8];
  const buffer = Buffer.concat([
    Buffer.from('GIF89a', 'latin1'),
    Buffer.from([...size, 0x91, 0, 0, 11, 110, 95, 255, 209, 102, 179, 38, 30, 255, 255, 255]),
    Buffer.from([0x21, 0xff, 11]),
    Buffer.from('NETSCAPE2.0', 'latin1'),
    Buffer.from([3, 1, 0, 0, 0]),
    frame(width, height, 0),
    frame(width, height, 1),
    Buffer.from([0x3b]),
  ]);
  return { name, mimeType: 'image/gif', buffer };
}

/** text is a file of words or code. */
export const text = (name: string, words: string, mimeType = 'text/plain'): Sample => ({
  name,
  mimeType,
  buffer: Buffer.from(words),
});

/** pdf is a document of one page with one line. */
export function pdf(name: string, line: string): Sample {
  const stream = `BT /F1 28 Tf 60 740 Td (${line}) Tj ET`;
  const objects = [
    '<< /Type /Catalog /Pages 2 0 R >>',
    '<< /Type /Pages /Kids [3 0 R] /Count 1 >>',
    '<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>',
    `<< /Length ${stream.length} >>\nstream\n${stream}\nendstream`,
    '<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>',
  ];
  let out = '%PDF-1.4\n';
  const starts = objects.map((object, i) => {
    const at = out.length;
    out += `${i + 1} 0 obj\n${object}\nendobj\n`;
    return at;
  });
  const table = out.length;
  out += `xref\n0 ${objects.length + 1}\n0000000000 65535 f \n`;
  for (const at of starts) out += `${String(at).padStart(10, '0')} 00000 n \n`;
  out += `trailer\n<< /Size ${objects.length + 1} /Root 1 0 R >>\nstartxref\n${table}\n%%EOF\n`;
  return { name, mimeType: 'application/pdf', buffer: Buffer.from(out, 'latin1') };
}

/** wav is a second of a quiet tone. */
export function wav(name: string): Sample {
  const rate = 8000;
  const buffer = Buffer.alloc(44 + rate);
  buffer.write('RIFF', 0, 'latin1');
  buffer.writeUInt32LE(36 + rate, 4);
  buffer.write('WAVEfmt ', 8, 'latin1');
  buffer.writeUInt32LE(16, 16);
  buffer.writeUInt16LE(1, 20);
  buffer.writeUInt16LE(1, 22);
  buffer.writeUInt32LE(rate, 24);
  buffer.writeUInt32LE(rate, 28);
  buffer.writeUInt16LE(1, 32);
  buffer.writeUInt16LE(8, 34);
  buffer.write('data', 36, 'latin1');
  buffer.writeUInt32LE(rate, 40);
  for (let i = 0; i < rate; i++) buffer[44 + i] = 128 + Math.round(20 * Math.sin((i / rate) * 440 * 2 * Math.PI));
  return { name, mimeType: 'audio/wav', buffer };
}
