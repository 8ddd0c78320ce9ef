/**
 * Brings drafts to the server and those of other devices here. The text that was written last stands: what is written
 * while there is no connection is marked in the storage, and held against the server's when there is one again.
 */
import { deleteDraft, getDrafts, putDraft, type ServerDraft } from '@/api/drafts';
import { ApiError, serverTime } from '@/api/http';
import { uploadOf } from '@/features/files/keep';
import { decoded } from '@/realtime/events';
import { onFrame, onMissed } from '@/realtime/live';
import type { Frame } from '@/realtime/socket';
import { draftKey } from '@/store/drafts';
import { dispatch, getState, store } from '@/store/store';
import { areSynced, isDraft, type Kept, keepDraft, keptDraft, keptDrafts, onUnsynced } from './drafts';
import { loadScheduled } from './scheduled';

/** Sent after so many milliseconds without a change. */
const quiet = 600;

const timers = new Map<string, ReturnType<typeof setTimeout>>();
const running = new Map<string, Promise<void>>();

const spotOf = (key: string): [channelId: string, rootId: string] => {
  const [channelId = '', rootId = ''] = key.split(' ');
  return [channelId, rootId];
};

/** restOf is what other clients keep with a draft. */
function restOf({ props, file_ids, priority, type }: ServerDraft): Kept['rest'] {
  const rest = {
    ...(Object.keys(props ?? {}).length > 0 && { props }),
    ...(file_ids && file_ids.length > 0 && { file_ids }),
    ...(priority && { priority }),
    ...(type && { type }),
  };
  return Object.keys(rest).length > 0 ? rest : undefined;
}

/** push tells the server of one draft, unless it knows. It resolves to whether it has to be told once more. */
async function push(me: string, key: string): Promise<boolean> {
  const draft = keptDraft(me, key);
  if (!draft || draft.synced || getState().users.me !== me) return false;
  const [channel_id, root_id] = spotOf(key);
  let at = draft.updatedAt;
  if (isDraft(draft)) at = (await putDraft({ ...draft.rest, channel_id, root_id, message: draft.message })).update_at;
  else await deleteDraft(channel_id, root_id);
  const now = keptDraft(me, key);
  // Somebody wrote on meanwhile, here or in another window.
  if (now?.message !== draft.message || now.updatedAt !== draft.updatedAt) return true;
  keepDraft(me, key, isDraft(draft) ? { ...draft, updatedAt: at, synced: true } : undefined);
  return false;
}

/** pushNow pushes a draft, one call at a time. What fails stays marked, for when there is a connection again. */
function pushNow(key: string): Promise<void> {
  clearTimeout(timers.get(key));
  timers.delete(key);
  const { me } = getState().users;
  if (!me || !areSynced()) return Promise.resolve();
  const before = running.get(key) ?? Promise.resolve();
  const turn = before.then(async () => {
    try {
      if (await push(me, key)) pushSoon(key);
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
    }
  });
  running.set(key, turn);
  return turn.finally(() => running.get(key) === turn && running.delete(key));
}

function pushSoon(key: string): void {
  clearTimeout(timers.get(key));
  timers.set(
    key,
    setTimeout(() => void pushNow(key), quiet),
  );
}

/** pushAll pushes everything that the server hasn't heard of. */
function pushAll(): void {
  for (const [key, draft] of keptDrafts(getState().users.me)) if (!draft.synced) void pushNow(key);
}

function show(key: string, message: string, at: number, rest?: Kept['rest']): void {
  const [channelId, rootId] = spotOf(key);
  dispatch({ type: 'drafts/changed', channelId, rootId, message, at, ...(rest && { rest }) });
}

/** take shows a draft as the server has it. */
function take(me: string, draft: ServerDraft): void {
  const key = draftKey(draft.channel_id, draft.root_id);
  const rest = restOf(draft);
  const kept = keptDraft(me, key);
  if (kept?.synced && kept.updatedAt > draft.update_at) return;
  keepDraft(me, key, { message: draft.message, updatedAt: draft.update_at, ...(rest && { rest }), synced: true });
  show(key, draft.message, draft.update_at, rest ?? {});
  // A file that is gone isn't shown; what is on its way here stays.
  const files = draft.metadata?.files ?? [];
  dispatch({ type: 'uploads/kept', place: key, uploads: files.map((file) => uploadOf(key, file)) });
}

function forget(me: string, key: string): void {
  keepDraft(me, key, undefined);
  show(key, '', 0);
  dispatch({ type: 'uploads/kept', place: key, uploads: [] });
}

/** heard takes in what another device wrote. What is being written here is told to the server next, and stands. */
function heard({ event, data }: Frame): void {
  if (event !== 'draft_created' && event !== 'draft_updated' && event !== 'draft_deleted') return;
  const { me } = getState().users;
  const draft = decoded<ServerDraft>(data, 'draft');
  if (!draft || draft.user_id !== me || !areSynced()) return;
  const key = draftKey(draft.channel_id, draft.root_id);
  const kept = keptDraft(me, key);
  if (kept && !kept.synced) return;
  if (event === 'draft_deleted') forget(me, key);
  else if (isDraft({ message: draft.message, rest: restOf(draft) ?? {} })) take(me, draft);
}

/** settle holds what is kept here against all that the server has. */
function settle(me: string, asked: number, list: readonly ServerDraft[]): void {
  const there = new Map(list.map((draft) => [draftKey(draft.channel_id, draft.root_id), draft]));
  const kept = keptDrafts(me);
  for (const [key, draft] of there) {
    const mine = kept.get(key);
    const mineStands = mine && !mine.synced && mine.updatedAt >= draft.update_at;
    if (!mineStands) take(me, draft);
  }
  const { mine, channels } = getState().channels;
  for (const [key, draft] of kept) {
    const [channelId] = spotOf(key);
    // The server lists none of channels that can't be written in: those words stay here.
    const listed = mine[channelId] && channels[channelId]?.delete_at === 0;
    if (draft.synced && listed && !there.has(key) && draft.updatedAt < asked) forget(me, key);
  }
  pushAll();
}

/** refreshDrafts asks for all of one's drafts. It never fails: the next connection asks again. */
export async function refreshDrafts(): Promise<void> {
  const { users, teams } = getState();
  if (!users.me || !areSynced()) return;
  // Up to a second early, so that nothing written since counts as removed elsewhere.
  const asked = serverTime(Date.now());
  try {
    const lists = await Promise.all(Object.keys(teams.mine).map(getDrafts));
    if (getState().users.me === users.me)
      settle(
        users.me,
        asked,
        lists.flatMap((list) => list ?? []),
      );
  } catch {
    // Offline, or signed out.
  }
}

/** syncDrafts does so from now on. It returns how to stop. */
export function syncDrafts(): () => void {
  const all = () => {
    void refreshDrafts();
    void loadScheduled();
  };
  const hidden = () => {
    if (document.visibilityState === 'hidden') for (const key of timers.keys()) void pushNow(key);
  };
  const stops = [
    onUnsynced(pushSoon),
    onFrame(heard),
    onMissed(all),
    store.subscribe(({ server }, before) => {
      if (server.connection === 'online' && before.server.connection !== 'online') pushAll();
    }),
  ];
  document.addEventListener('visibilitychange', hidden);
  all();
  return () => {
    document.removeEventListener('visibilitychange', hidden);
    for (const stop of stops) stop();
  };
}
