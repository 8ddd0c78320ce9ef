/** The former versions of the message whose history is open. */
import { createStore } from 'zustand/vanilla';
import type { Post } from '@/api/posts';
import * as postsApi from '@/api/posts';
import { openPane } from '@/store/commands';
import { postOf } from '@/store/posts';
import { store } from '@/store/store';

export interface History {
  postId: string;
  /** The newest first, without the words that stand now; undefined while they are asked for. */
  versions?: readonly Post[];
  error?: unknown;
}

/** history holds one message's versions: nobody looks at two at a time. */
export const history = createStore<History>(() => ({ postId: '' }));

/** loadHistory asks for the versions of a message. It never rejects: what went wrong stands in `history`. */
export async function loadHistory(postId: string): Promise<void> {
  // What is shown stays until the answer is there.
  const before = history.getState();
  if (before.postId !== postId || before.error) history.setState({ postId }, true);
  const answer = await postsApi.getEditHistory(postId).then(
    (versions) => ({ versions: [...versions].sort((a, b) => b.edit_at - a.edit_at || b.update_at - a.update_at) }),
    (error: unknown) => ({ error }),
  );
  if (history.getState().postId === postId) history.setState({ postId, ...answer }, true);
}

let unwatch: (() => void) | undefined;

/** While the pane is open another change makes another version. */
function watch(channelId: string, postId: string): void {
  unwatch?.();
  unwatch = store.subscribe((state, before) => {
    const { pane } = state.place;
    if (pane?.kind !== 'history' || pane.postId !== postId) {
      unwatch?.();
      unwatch = undefined;
      return;
    }
    const now = postOf(state.posts, channelId, postId);
    if (now && now.update_at !== postOf(before.posts, channelId, postId)?.update_at) void loadHistory(postId);
  });
}

/** openHistory shows the versions of a message beside the channel. */
export function openHistory(channelId: string, postId: string): void {
  openPane({ kind: 'history', channelId, postId });
  void loadHistory(postId);
  watch(channelId, postId);
}
