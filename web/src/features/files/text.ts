/** textOf reads the beginning of a file as text, in UTF-8 or, where that says so, UTF-16; undefined when it is none. */
export function textOf(bytes: ArrayBuffer): string | undefined {
  const head = new Uint8Array(bytes, 0, Math.min(bytes.byteLength, 3));
  const wide =
    head[0] === 0xff && head[1] === 0xfe ? 'utf-16le' : head[0] === 0xfe && head[1] === 0xff ? 'utf-16be' : '';
  const text = new TextDecoder(wide || 'utf-8').decode(bytes).replace(/\r\n?/g, '\n');
  if (text.includes('\0')) return undefined;
  // The last character may have been cut; more of what can't be read means that this is no text.
  const wrong = text.slice(0, -1).split('\uFFFD').length - 1;
  return wrong > text.length / 100 ? undefined : text;
}
