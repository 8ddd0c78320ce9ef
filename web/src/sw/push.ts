/** What the worker shows of a push message. */

/** Shown is a notification: where a click leads is in `path`. */
export type Shown = { title: string; body: string; tag: string; path: string; test: boolean };

const text = (value: unknown, most: number): string => (typeof value === 'string' ? value.slice(0, most) : '');

/**
 * noticeOf reads the server's message (internal/notify, type payload). `hides` is that this device doesn't show what
 * was written: who wrote stands in its place. A message that can't be read still shows that there is one.
 */
export function noticeOf(data: string, hides: boolean, fallback: string): Shown {
  let wire: Record<string, unknown> = {};
  try {
    const read: unknown = JSON.parse(data);
    if (typeof read === 'object' && read !== null) wire = { ...read };
  } catch {
    // shown without words
  }
  const test = wire.type === 'test';
  const title = text(wire.title, 100) || fallback;
  const sender = text(wire.sender, 100);
  const path = text(wire.path, 500);
  const hidden = sender && sender !== title ? `@${sender}` : '';
  return {
    title,
    body: hides && !test ? hidden : text(wire.body, 500),
    tag: text(wire.tag, 100) || 'parley',
    // Never out of this site: "//host" would be one.
    path: /^\/(?![/\\])/.test(path) ? path : '/',
    test,
  };
}
