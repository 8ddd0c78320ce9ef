/** Commands about drafts: go to one, send it, delete it. */
import { navigate } from 'wouter/use-browser-location';
import { getPostsByIds } from '@/api/posts';
import { saveDraft } from '@/features/composer/drafts';
import { awaitComposer } from '@/features/composer/focus';
import { judge, sendMessage } from '@/features/composer/submit';
import { attachAgain, detachAll, hasFiles } from '@/features/files/attached';
import { needPeople } from '@/realtime/load';
import { openPane } from '@/store/commands';
import { draftKey } from '@/store/drafts';
import { channelPath } from '@/store/paths';
import { postOf } from '@/store/posts';
import { dispatch, getState, store } from '@/store/store';

/** DraftSpot is where a draft was written; the root is empty for the channel itself. */
export type DraftSpot = { channelId: string; rootId: string };

/** spotOf reads the key of a draft. */
export function spotOf(key: string): DraftSpot {
  const [channelId = '', rootId = ''] = key.split(' ');
  return { channelId, rootId };
}

/** openDrafts loads the messages that drafts and scheduled messages answer to. It never rejects: without them a draft still has its words. */
export async function openDrafts(): Promise<void> {
  const { drafts, posts, scheduled } = getState();
  const later = Object.values(scheduled.byId).map((one) => ({ channelId: one.channel_id, rootId: one.root_id }));
  const spots = [...Object.keys(drafts).map(spotOf), ...later];
  const wanted = spots.filter(({ channelId, rootId }) => rootId && !postOf(posts, channelId, rootId));
  if (wanted.length === 0) return;
  try {
    const found = await getPostsByIds(wanted.map(({ rootId }) => rootId));
    dispatch({ type: 'posts/found', posts: found });
    needPeople({ posts: Object.fromEntries(found.map((post) => [post.id, post])) });
  } catch {
    // They are asked for again the next time.
  }
}

/** How long going to a channel may take, in milliseconds. */
const patience = 10_000;

/** whenThere acts once a channel is open. */
function whenThere(channelId: string, act: () => void): void {
  const there = () => getState().place.view === 'channel' && getState().place.channelId === channelId;
  if (there()) {
    act();
    return;
  }
  const stop = store.subscribe(() => {
    if (!there()) return;
    stop();
    clearTimeout(timer);
    act();
  });
  const timer = setTimeout(stop, patience);
}

/** editDraft goes to where a draft was written, with the caret behind it. */
export function editDraft({ channelId, rootId }: DraftSpot): void {
  const state = getState();
  const channel = state.channels.channels[channelId];
  if (!channel) return;
  navigate(channelPath(state, channel, state.place.teamId));
  whenThere(channelId, () => {
    if (rootId) openPane({ kind: 'thread', channelId, rootId });
    awaitComposer(rootId ? 'pane' : 'centre');
  });
}

/**
 * sendDraft sends a draft as it is. One that has to be asked about first, or that is a command, is opened instead. It
 * resolves to whether it went out.
 */
export async function sendDraft(spot: DraftSpot, message: string): Promise<boolean> {
  const { channelId, rootId } = spot;
  const files = hasFiles(getState(), draftKey(channelId, rootId));
  if (judge(getState(), channelId, message, false, files).kind !== 'send') {
    editDraft(spot);
    return false;
  }
  // From now on it is a message on its way, which stands in its place when it fails. Its files go first.
  const sent = sendMessage(channelId, rootId, message);
  saveDraft(channelId, rootId, '');
  return sent;
}

/** deleteDraft forgets a draft. It returns how to have it back. */
export function deleteDraft({ channelId, rootId }: DraftSpot, message: string): () => void {
  const files = detachAll(draftKey(channelId, rootId));
  saveDraft(channelId, rootId, '');
  return () => {
    attachAgain(files);
    saveDraft(channelId, rootId, message, true);
  };
}
