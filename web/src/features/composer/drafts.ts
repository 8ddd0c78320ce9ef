/** Keeps drafts on this device, a key of the storage for each, so that windows of one browser don't undo each other. */
import { type DraftsState, draftKey } from '@/store/drafts';
import { dispatch, getState, store } from '@/store/store';

const prefix = (me: string): string => `parley.draft.${me}.`;

function parse(value: string | null): { message: string; updatedAt: number } | undefined {
  try {
    const draft: unknown = JSON.parse(value ?? 'null');
    if (typeof draft !== 'object' || draft === null || !('message' in draft) || typeof draft.message !== 'string')
      return undefined;
    const at = 'updatedAt' in draft ? Number(draft.updatedAt) || 0 : 0;
    return draft.message ? { message: draft.message, updatedAt: at } : undefined;
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

function load(me: string): void {
  const drafts: Record<string, DraftsState[string]> = {};
  quietly(() => {
    for (const key of Object.keys(localStorage).filter((one) => one.startsWith(prefix(me)))) {
      const draft = parse(localStorage.getItem(key));
      if (draft) drafts[key.slice(prefix(me).length)] = draft;
    }
  });
  dispatch({ type: 'drafts/loaded', drafts: { ...drafts, ...getState().drafts } });
}

/** saveDraft keeps what somebody has written so far; nothing written is no draft. */
export function saveDraft(channelId: string, rootId: string, message: string): void {
  const { users, drafts } = getState();
  const key = draftKey(channelId, rootId);
  const words = message.trim() === '' ? '' : message;
  if (!users.me || (drafts[key]?.message ?? '') === words) return;
  const at = Date.now();
  dispatch({ type: 'drafts/changed', channelId, rootId, message: words, at });
  quietly(() => {
    const item = prefix(users.me) + key;
    if (words) localStorage.setItem(item, JSON.stringify({ message: words, updatedAt: at }));
    else localStorage.removeItem(item);
  });
}

/** watchDrafts loads one's drafts and hears of those of other windows from now on. It returns how to stop. */
export function watchDrafts(): () => void {
  const begin = (me: string) => me && load(me);
  begin(getState().users.me);
  const stop = store.subscribe((state, before) => {
    if (state.users.me !== before.users.me) begin(state.users.me);
  });
  const heard = (event: StorageEvent) => {
    const { me } = getState().users;
    if (!me || !event.key?.startsWith(prefix(me))) return;
    const [channelId = '', rootId = ''] = event.key.slice(prefix(me).length).split(' ');
    const draft = parse(event.newValue);
    dispatch({ type: 'drafts/changed', channelId, rootId, message: draft?.message ?? '', at: draft?.updatedAt ?? 0 });
  };
  window.addEventListener('storage', heard);
  return () => {
    stop();
    window.removeEventListener('storage', heard);
  };
}
