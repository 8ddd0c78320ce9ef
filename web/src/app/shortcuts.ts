/** The keys that work everywhere, with what they do. The help sheet shows the same list. */
import { markRead } from '@/features/channels/reading';
import { focusComposer } from '@/features/composer/focus';
import { newest } from '@/features/composer/submit';
import { pickReaction } from '@/features/messages/layers';
import { mayReact } from '@/features/messages/rights';
import { searchInChannel } from '@/features/search/box';
import { step } from '@/features/sidebar/steps';
import { getSidebar, setUnreadOnly } from '@/features/sidebar/view';
import { openNthTeam, stepTeam } from '@/features/teams/actions';
import type { TextId } from '@/i18n/text';
import { closeDialog, closePane, openDialog, openPane } from '@/store/commands';
import type { OpenDialog, Pane } from '@/store/place';
import { postOf } from '@/store/posts';
import { dispatch, getState, type State } from '@/store/store';
import { onMac } from '@/ui/keys';

export type ShortcutGroup = 'around' | 'channel';

export interface Shortcut {
  /** As in `ui/keys.ts`: `mod` is ⌘ on Apple's systems and Ctrl elsewhere. */
  keys: string;
  /** What it does, in words. One that has none is a variant of the one before. */
  label?: TextId;
  group: ShortcutGroup;
  run: () => void;
  /** Works while a dialog is open, too. */
  overDialogs?: boolean;
}

const togglePane = (pane: Pane): void => {
  const open = getState().place.pane;
  if (open?.kind === pane.kind) closePane();
  else openPane(pane);
};

const toggleDialog = (dialog: OpenDialog): void => {
  if (getState().place.dialog?.kind === dialog.kind) closeDialog();
  else openDialog(dialog);
};

const here = (act: (channelId: string) => void) => () => {
  const { view, channelId } = getState().place;
  if (view === 'channel' && channelId) act(channelId);
};

/** readHere closes what is open at the right; when nothing is, everything in the channel counts as read. */
function readHere(): void {
  const { pane, view, channelId } = getState().place;
  if (pane) closePane();
  else if (view === 'channel') {
    void markRead(channelId, true);
    dispatch({ type: 'place/new-since', newSince: Number.MAX_SAFE_INTEGER });
  }
}

function readTeam(): void {
  const { teamId } = getState().place;
  if (teamId) openDialog({ kind: 'read-team', teamId });
}

/** reactToLast picks an emoji for the newest message that is in sight. */
function reactToLast(channelId: string): void {
  const may = (state: State, id: string) => {
    const post = postOf(state.posts, channelId, id);
    return post !== undefined && mayReact(state, post);
  };
  const postId = newest(channelId, '', may);
  const row = postId && document.querySelector<HTMLElement>(`main [data-row="${CSS.escape(postId)}"]`);
  if (postId && row) pickReaction({ channelId, postId, where: 'channel' }, row);
}

const nth = Array.from(
  { length: 9 },
  (_, i): Shortcut => ({
    keys: `mod+alt+${i + 1}`,
    group: 'around',
    run: () => openNthTeam(i + 1),
  }),
);

/** shortcuts are all of them, in the order of the sheet. */
export const shortcuts: readonly Shortcut[] = [
  {
    keys: 'mod+k',
    label: 'app.keys.switch',
    group: 'around',
    overDialogs: true,
    run: () => toggleDialog({ kind: 'switcher' }),
  },
  {
    keys: 'mod+shift+k',
    label: 'app.keys.newMessage',
    group: 'around',
    run: () => openDialog({ kind: 'new-message' }),
  },
  { keys: 'alt+up', label: 'app.keys.previous', group: 'around', run: () => step(-1, false) },
  { keys: 'alt+down', label: 'app.keys.next', group: 'around', run: () => step(1, false) },
  { keys: 'alt+shift+up', label: 'app.keys.previousUnread', group: 'around', run: () => step(-1, true) },
  { keys: 'alt+shift+down', label: 'app.keys.nextUnread', group: 'around', run: () => step(1, true) },
  { keys: 'mod+alt+up', label: 'app.keys.previousTeam', group: 'around', run: () => stepTeam(-1) },
  { keys: 'mod+alt+down', label: 'app.keys.nextTeam', group: 'around', run: () => stepTeam(1) },
  { keys: 'mod+alt+1', label: 'app.keys.nthTeam', group: 'around', run: () => openNthTeam(1) },
  ...nth.slice(1),
  {
    keys: 'mod+shift+u',
    label: 'app.keys.unreadOnly',
    group: 'around',
    run: () => setUnreadOnly(!getSidebar().unreadOnly),
  },
  { keys: 'mod+shift+m', label: 'app.keys.mentions', group: 'around', run: () => togglePane({ kind: 'mentions' }) },
  { keys: 'mod+shift+a', label: 'app.keys.settings', group: 'around', run: () => openDialog({ kind: 'settings' }) },
  {
    keys: 'mod+/',
    label: 'app.keys.help',
    group: 'around',
    overDialogs: true,
    run: () => toggleDialog({ kind: 'shortcuts' }),
  },
  { keys: 'mod+shift+l', label: 'app.keys.focus', group: 'channel', run: () => void focusComposer() },
  { keys: 'mod+shift+f', label: 'app.keys.search', group: 'channel', run: searchInChannel },
  {
    keys: 'mod+alt+i',
    label: 'app.keys.info',
    group: 'channel',
    run: here((channelId) => togglePane({ kind: 'info', channelId })),
  },
  {
    keys: 'mod+.',
    label: 'app.keys.pane',
    group: 'channel',
    run: () => (getState().place.pane ? closePane() : here((channelId) => openPane({ kind: 'info', channelId }))()),
  },
  { keys: 'escape', label: 'app.keys.read', group: 'channel', run: readHere },
  { keys: 'shift+escape', label: 'app.keys.readAll', group: 'around', run: readTeam },
  { keys: 'mod+shift+\\', label: 'app.keys.reactLast', group: 'channel', run: here(reactToLast) },
];

type Stroke = Pick<KeyboardEvent, 'key' | 'code' | 'ctrlKey' | 'metaKey' | 'altKey' | 'shiftKey'>;

const named: Record<string, string> = { ArrowUp: 'up', ArrowDown: 'down', Escape: 'escape' };

// With Alt or Shift the character is another one on many keyboards: then the physical key counts.
function keyNames({ key, code }: Stroke): string[] {
  const physical = /^(?:Key|Digit)(.)$/.exec(code)?.[1]?.toLowerCase();
  return [named[key] ?? key.toLowerCase(), ...(physical ? [physical] : [])];
}

/** strokeOf writes a stroke as shortcuts are written, in the ways that it may be meant. */
export function strokeOf(stroke: Stroke, mac = onMac): string[] {
  const mod = mac ? stroke.metaKey : stroke.ctrlKey;
  const other = mac ? stroke.ctrlKey : stroke.metaKey;
  if (other) return [];
  const before = [mod && 'mod', stroke.altKey && 'alt', stroke.shiftKey && 'shift'].filter(Boolean);
  const names = keyNames(stroke).map((name) => [...before, name].join('+'));
  // A slash stands behind Shift on some keyboards.
  if (stroke.key === '/' && mod) names.push('mod+/');
  return names;
}

const byKeys = new Map(shortcuts.map((shortcut) => [shortcut.keys, shortcut]));

/** What takes the Escape key for itself while it is open. */
const layers = '[role="dialog"], [role="menu"], [role="listbox"], [data-layer]';

function keeps(event: KeyboardEvent): boolean {
  if (event.defaultPrevented || event.isComposing) return true;
  if (event.key !== 'Escape') return false;
  const field = event.target instanceof Element && event.target.closest('input, select, [role="treeitem"]');
  return Boolean(field) || getState().place.editing !== undefined;
}

/** watchShortcuts makes them work from now on. It returns how to stop. */
export function watchShortcuts(): () => void {
  let layered = false;
  // Before anything closes: what is open now is what Escape is meant for.
  const look = (event: KeyboardEvent) => {
    if (event.key === 'Escape') layered = document.querySelector(layers) !== null;
  };
  const press = (event: KeyboardEvent) => {
    if (keeps(event) || (event.key === 'Escape' && layered)) return;
    const found = strokeOf(event)
      .map((keys) => byKeys.get(keys))
      .find(Boolean);
    if (!found) return;
    if (getState().place.dialog && !found.overDialogs) return;
    event.preventDefault();
    found.run();
  };
  window.addEventListener('keydown', look, true);
  window.addEventListener('keydown', press);
  return () => {
    window.removeEventListener('keydown', look, true);
    window.removeEventListener('keydown', press);
  };
}
