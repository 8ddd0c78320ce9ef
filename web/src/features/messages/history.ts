/** The former versions of the message whose history is open. */
import { createStore } from 'zustand/vanilla';
import type { Post } from '@/api/posts';
import * as postsApi from '@/api/posts';
import { openPane } from '@/store/commands';

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
  history.setState({ postId }, true);
  const answer = await postsApi.getEditHistory(postId).then(
    (versions) => ({ versions: [...versions].sort((a, b) => b.edit_at - a.edit_at || b.update_at - a.update_at) }),
    (error: unknown) => ({ error }),
  );
  if (history.getState().postId === postId) history.setState({ postId, ...answer }, true);
}

/** openHistory shows the versions of a message beside the channel. */
export function openHistory(channelId: string, postId: string): void {
  openPane({ kind: 'history', channelId, postId });
  void loadHistory(postId);
}
