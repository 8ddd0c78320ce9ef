/**
 * Keeps drafts on this device, a key of the storage for each, so that windows of one browser don't undo each other.
 * `draftSync.ts` brings them to the server and back.
 */
import { serverTime } from '@/api/http';
import { isDraftPlace } from '@/features/files/attached';
import { type Draft, type DraftsState, draftKey, filesIn } from '@/store/drafts';
import { burning, marks, type Priority } from '@/store/priorities';
import { isOn } from '@/store/selectors';
import { dispatch, getState, type State, store } from '@/store/store';
import { uploadsAt } from '@/store/uploads';
import { lateModule, startLate } from '@/ui/late';

const sync = lateModule(() => import('./draftSync'));

/** Kept is a draft in the storage. Without words it is a deletion that the server has yet to hear of. */
export type Kept = Draft & {
  /** The server has it just so. */
  synced?: true;
};

const prefix = (me: string): string => `parley.draft.${me}.`;

function parse(value: string | null): Kept | undefined {
  try {
    const draft: unknown = JSON.parse(value ?? 'null');
    if (typeof draft !== 'object' || draft === null || !('message' in draft) || typeof draft.message !== 'string')
      return undefined;
    const at = 'updatedAt' in draft ? Number(draft.updatedAt) || 0 : 0;
    const rest = 'rest' in draft && typeof draft.rest === 'object' ? (draft.rest as Kept['rest']) : undefined;
    const synced = 'synced' in draft && draft.synced === true;
    return { message: draft.message, updatedAt: at, ...(rest && { rest }), ...(synced && { synced }) };
  } catch {
    return undefined;
  }
}

/** The storage may be forbidden or full: then drafts live as long as the page. */
function quietly<T>(act: () => T): T | undefined {
  try {
    return act();
  } catch {
    return undefined;
  }
}

/** keptDrafts reads the storage: all that somebody has, deletions included, by the keys of the store. */
export function keptDrafts(me: string): Map<string, Kept> {
  const found = new Map<string, Kept>();
  quietly(() => {
    for (const key of Object.keys(localStorage).filter((one) => one.startsWith(prefix(me)))) {
      const draft = parse(localStorage.getItem(key));
      if (draft) found.set(key.slice(prefix(me).length), draft);
    }
  });
  return found;
}

/** keptDraft reads one. */
export const keptDraft = (me: string, key: string): Kept | undefined =>
  quietly(() => parse(localStorage.getItem(prefix(me) + key)));

/** keepDraft writes one into the storage; undefined takes it out. */
export function keepDraft(me: string, key: string, draft: Kept | undefined): void {
  quietly(() => {
    if (draft) localStorage.setItem(prefix(me) + key, JSON.stringify(draft));
    else localStorage.removeItem(prefix(me) + key);
  });
}

function load(me: string): void {
  const drafts: Record<string, DraftsState[string]> = {};
  for (const [key, { synced: _, ...draft }] of keptDrafts(me)) if (isDraft(draft)) drafts[key] = draft;
  dispatch({ type: 'drafts/loaded', drafts: { ...drafts, ...getState().drafts } });
}

/** areSynced tells whether the server keeps drafts, too. */
export const areSynced = (): boolean => isOn(getState(), 'AllowSyncedDrafts');

const listeners = new Set<(key: string) => void>();

/** onUnsynced hears of each draft that changed here. It returns how to stop. */
export function onUnsynced(listener: (key: string) => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** restOf is what goes along with a draft's words: its files, the priority, and what other clients keep there. */
function restOf(
  before: Draft['rest'],
  priority: Priority | null | undefined,
  files: readonly string[],
): NonNullable<Draft['rest']> {
  const { file_ids: _, ...kept } = before ?? {};
  const whole = { ...kept, ...(files.length > 0 && { file_ids: files }) };
  if (priority === undefined) return whole;
  const { priority: __, type: ___, ...others } = whole as Record<string, unknown>;
  const wire = priority && marks(priority);
  return { ...others, ...(wire && { priority: wire }), ...(priority?.burn && { type: burning }) };
}

/** The files of a draft that have arrived, in their order. */
const arrivedAt = (state: State, key: string): string[] =>
  uploadsAt(state.uploads, key).flatMap(({ status, file }) => (status === 'done' && file ? [file.id] : []));

/** isDraft tells a draft from a deletion that the server has yet to hear of. */
export const isDraft = (draft: Pick<Draft, 'message' | 'rest'>): boolean =>
  draft.message !== '' || filesIn(draft.rest).length > 0;

/**
 * saveDraft keeps what somebody has written so far, with the files that have arrived; without words and files it is no
 * draft. `again` keeps what else has changed.
 */
export function saveDraft(channelId: string, rootId: string, message: string, again = false): void {
  const state = getState();
  const { users, drafts, priorities } = state;
  const key = draftKey(channelId, rootId);
  const words = message.trim() === '' ? '' : message;
  if (!users.me || (!again && (drafts[key]?.message ?? '') === words)) return;
  const at = serverTime(Date.now());
  const files = arrivedAt(state, key);
  const some = words !== '' || files.length > 0;
  const rest = some ? restOf(drafts[key]?.rest, priorities[key], files) : undefined;
  dispatch({ type: 'drafts/changed', channelId, rootId, message: words, at, ...(rest && { rest }) });
  keepDraft(users.me, key, some || areSynced() ? { message: words, updatedAt: at, ...(rest && { rest }) } : undefined);
  for (const listener of listeners) listener(key);
}

/** filesChanged keeps the drafts whose files have arrived, or were taken away. */
function filesChanged(state: State, before: State): void {
  const places = new Set([...state.uploads, ...before.uploads].map(({ place }) => place).filter(isDraftPlace));
  for (const key of places) {
    const files = arrivedAt(state, key).join();
    // The storage knows of drafts that are yet to be loaded.
    const known = state.drafts[key] ?? keptDraft(state.users.me, key);
    if (files === arrivedAt(before, key).join() || files === filesIn(known?.rest).join()) continue;
    const [channelId = '', rootId = ''] = key.split(' ');
    saveDraft(channelId, rootId, known?.message ?? '', true);
  }
}

/** watchDrafts loads one's drafts and hears of those of other windows from now on. It returns how to stop. */
export function watchDrafts(): () => void {
  const begin = (me: string) => me && load(me);
  begin(getState().users.me);
  const stop = store.subscribe((state, before) => {
    if (state.users.me !== before.users.me) begin(state.users.me);
    else if (state.uploads !== before.uploads) filesChanged(state, before);
  });
  const heard = (event: StorageEvent) => {
    const { me } = getState().users;
    if (!me || !event.key?.startsWith(prefix(me))) return;
    const [channelId = '', rootId = ''] = event.key.slice(prefix(me).length).split(' ');
    const draft = parse(event.newValue);
    const { message = '', updatedAt: at = 0, rest } = draft ?? {};
    dispatch({ type: 'drafts/changed', channelId, rootId, message, at, ...(rest && { rest }) });
  };
  window.addEventListener('storage', heard);
  const stopSync = startLate(sync, (module) => module.syncDrafts());
  return () => {
    stop();
    stopSync();
    window.removeEventListener('storage', heard);
  };
}
