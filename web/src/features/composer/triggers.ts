/** What the word at the caret asks to be completed. */

/** TriggerKind: people, channels, emojis, commands. */
export type TriggerKind = '@' | '~' | ':' | '/';

/** Trigger is a word that is being written: from the sign that began it to the caret. */
export interface Trigger {
  kind: TriggerKind;
  /** What stands after the sign. */
  query: string;
  start: number;
  /** The end of the word, which may be after the caret. */
  end: number;
}

const begins = /(?:^|[\s([{"'“«>*_|,;!?/-])([@~:])([^\s@~:]*)$/u;
const allowed: Record<'@' | '~' | ':', RegExp> = {
  // Names have no accents and no blanks; people are found by first and last name too.
  '@': /^[\p{L}\p{N}._-]{0,64}$/u,
  '~': /^[\p{L}\p{N}_-]{0,64}$/u,
  ':': /^[\p{L}\p{N}_+-]{2,64}$/u,
};

// In code a sign is only a sign.
function inCode(text: string, at: number): boolean {
  const before = text.slice(0, at);
  const fences = before.match(/^ {0,3}(?:```|~~~)/gm)?.length ?? 0;
  if (fences % 2 === 1) return true;
  const line = before.slice(before.lastIndexOf('\n') + 1);
  return (line.match(/`/g)?.length ?? 0) % 2 === 1;
}

/** triggerAt finds the word at the caret that can be completed, if there is one. */
export function triggerAt(text: string, caret: number): Trigger | undefined {
  const before = text.slice(Math.max(0, caret - 80), caret);
  if (text.startsWith('/') && /^\/[\w.-]*$/.test(text.slice(0, caret))) {
    return { kind: '/', query: text.slice(1, caret).toLowerCase(), start: 0, end: wordEnd(text, caret) };
  }
  const found = begins.exec(before);
  if (!found) return argumentAt(text, caret);
  const kind = found[1] as '@' | '~' | ':';
  const query = found[2] ?? '';
  const start = caret - query.length - 1;
  if (!allowed[kind].test(query) || inCode(text, start)) return argumentAt(text, caret);
  return { kind, query, start, end: kind === ':' ? caret : wordEnd(text, caret) };
}

/** A command whose name is written out goes on at the end of its text: what follows is asked for as a whole. */
function argumentAt(text: string, caret: number): Trigger | undefined {
  if (caret !== text.length || caret > 1000 || !/^\/[\w.-]+[ \t]/.test(text)) return undefined;
  return { kind: '/', query: text.slice(1), start: 0, end: caret };
}

function wordEnd(text: string, caret: number): number {
  return caret + (/^[\w.-]*/.exec(text.slice(caret, caret + 80))?.[0].length ?? 0);
}

/** sameWord tells whether two triggers are the same word, written further or back. */
export function sameWord(a: Trigger | undefined, b: Trigger | undefined): boolean {
  return a?.kind === b?.kind && a?.start === b?.start;
}
