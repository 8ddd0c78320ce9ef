/** What the keys of a message box do. */
import type { LineKind, Mark } from './editing';
import { insideFence } from './editing';

/** KeyPreferences are what one has chosen (advanced_settings). */
export interface KeyPreferences {
  /** Every message is sent with Ctrl+Enter, and Enter is a new line. */
  ctrlSends: boolean;
  /** In a code block Enter is a new line, and Ctrl+Enter sends. */
  ctrlSendsCode: boolean;
}

/** KeyStroke is the part of a keyboard event that counts here. */
export interface KeyStroke {
  key: string;
  code?: string;
  ctrlKey: boolean;
  metaKey: boolean;
  shiftKey: boolean;
  altKey: boolean;
  isComposing?: boolean;
}

/** Format is a way of writing that the bar and the keys offer. */
export type Format = Mark | LineKind | 'link' | 'block';

/** KeyAct is what a stroke does; undefined is what the browser does by itself. */
export type KeyAct =
  | { act: 'send' | 'newline' | 'preview' | 'emoji' | 'toolbar' | 'attach' }
  | { act: 'format'; format: Format };

/** The keys of each format, as `ui/keys.ts` writes them: those of the official client where no other key of ours is the same. */
export const formatKeys: Record<Format, string> = {
  bold: 'mod+b',
  italic: 'mod+i',
  strike: 'mod+shift+x',
  heading: 'mod+alt+h',
  link: 'mod+alt+k',
  code: 'mod+alt+c',
  block: 'mod+alt+shift+c',
  quote: 'mod+shift+9',
  bullets: 'mod+shift+8',
  numbers: 'mod+shift+7',
};

/** The keys of what else a box can do. */
export const boxKeys = { preview: 'mod+alt+p', emoji: 'mod+shift+e', toolbar: 'mod+alt+t', attach: 'mod+u' } as const;

// The physical key: with Shift or Alt the character is another one on many keyboards.
function keyOf({ key, code = '' }: KeyStroke): string {
  return /^(?:Key|Digit)(.)$/.exec(code)?.[1]?.toLowerCase() ?? key.toLowerCase();
}

const byKeys = new Map<string, KeyAct>();
for (const [format, keys] of Object.entries(formatKeys)) byKeys.set(keys, { act: 'format', format: format as Format });
for (const [act, keys] of Object.entries(boxKeys)) byKeys.set(keys, { act: act as keyof typeof boxKeys });

/** keyAct says what a stroke does in a text with the caret at a place. On a touch keyboard Enter is a new line. */
export function keyAct(
  stroke: KeyStroke,
  where: { text: string; caret: number },
  prefs: KeyPreferences,
  touch = false,
): KeyAct | undefined {
  if (stroke.isComposing) return undefined;
  const mod = stroke.ctrlKey || stroke.metaKey;
  if (stroke.key === 'Enter') return enter(stroke, mod, where, prefs, touch);
  if (!mod) return undefined;
  // The right Alt key of many keyboards tells itself as Ctrl and Alt, and writes a character then.
  if (stroke.ctrlKey && stroke.altKey && stroke.key.length === 1 && !/[a-z0-9]/i.test(stroke.key)) return undefined;
  const pressed = ['mod', stroke.altKey && 'alt', stroke.shiftKey && 'shift', keyOf(stroke)].filter(Boolean).join('+');
  return byKeys.get(pressed);
}

function enter(
  stroke: KeyStroke,
  mod: boolean,
  { text, caret }: { text: string; caret: number },
  prefs: KeyPreferences,
  touch: boolean,
): KeyAct | undefined {
  if (mod && !stroke.altKey) return { act: 'send' };
  if (stroke.shiftKey || stroke.altKey) return { act: 'newline' };
  const needsCtrl = prefs.ctrlSends || (prefs.ctrlSendsCode && insideFence(text, caret));
  return { act: needsCtrl || touch ? 'newline' : 'send' };
}
