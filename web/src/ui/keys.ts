/** Shortcuts are written `mod+shift+m`: `mod` is ⌘ on Apple's systems and Ctrl elsewhere. */
import type { Translate } from '@/i18n/text';

/** onMac says whether the keyboard is one of Apple's. */
export const onMac = typeof navigator !== 'undefined' && /mac|iphone|ipad/i.test(navigator.userAgent);

const macKeys: Record<string, string> = { mod: '⌘', ctrl: '⌃', alt: '⌥', shift: '⇧', enter: '↩', backspace: '⌫' };
const arrows: Record<string, string> = { up: '↑', down: '↓', left: '←', right: '→' };

/** shortcutParts returns the keys of a shortcut as people read them on their keyboard. */
export function shortcutParts(keys: string, t: Translate, mac = onMac): string[] {
  const names: Record<string, string> = {
    mod: 'Ctrl',
    ctrl: 'Ctrl',
    alt: 'Alt',
    shift: t('ui.key.shift'),
    enter: t('ui.key.enter'),
    escape: t('ui.key.escape'),
    space: t('ui.key.space'),
    tab: 'Tab',
    backspace: t('ui.key.backspace'),
    delete: t('ui.key.delete'),
    pageup: t('ui.key.pageup'),
    pagedown: t('ui.key.pagedown'),
    ...arrows,
    ...(mac ? macKeys : {}),
  };
  return splitKeys(keys).map((key) => names[key.toLowerCase()] ?? (key.length === 1 ? key.toUpperCase() : key));
}

/** shortcutText returns a shortcut as one text: `Ctrl+Shift+M`, or `⇧⌘M` on Apple's systems. */
export function shortcutText(keys: string, t: Translate, mac = onMac): string {
  return shortcutParts(keys, t, mac).join(mac ? '' : '+');
}

/** ariaShortcut returns a shortcut as `aria-keyshortcuts` wants it. */
export function ariaShortcut(keys: string | undefined, mac = onMac): string | undefined {
  if (!keys) return undefined;
  const names: Record<string, string> = {
    mod: mac ? 'Meta' : 'Control',
    ctrl: 'Control',
    alt: 'Alt',
    shift: 'Shift',
    enter: 'Enter',
    escape: 'Escape',
    space: 'Space',
    up: 'ArrowUp',
    down: 'ArrowDown',
    left: 'ArrowLeft',
    right: 'ArrowRight',
    pageup: 'PageUp',
    pagedown: 'PageDown',
    backspace: 'Backspace',
  };
  return splitKeys(keys)
    .map((key) => names[key.toLowerCase()] ?? key.toUpperCase())
    .join('+');
}

/** The plus itself can be a key: `shift++`. */
function splitKeys(keys: string): string[] {
  if (keys === '+') return ['+'];
  return keys.endsWith('++') ? [...keys.slice(0, -2).split('+'), '+'] : keys.split('+');
}
