/** Saying that one has seen a message that asks for it. */
import * as postsApi from '@/api/posts';
import type { StoredPost } from '@/store/post';
import { dispatch, getState } from '@/store/store';

/** setAcknowledged shows it at once; when the server refuses it is as before, and the `ApiError` goes on. */
export async function setAcknowledged(post: StoredPost, on: boolean): Promise<void> {
  const { me } = getState().users;
  const show = (at: number) =>
    dispatch({ type: 'post/acknowledged', channelId: post.channel_id, id: post.id, userId: me, at });
  const before = post.metadata.acknowledgements?.find((one) => one.user_id === me)?.acknowledged_at ?? 0;
  show(on ? Date.now() : 0);
  try {
    if (on) show((await postsApi.acknowledge(me, post.id)).acknowledged_at);
    else await postsApi.unacknowledge(me, post.id);
  } catch (error) {
    show(before);
    throw error;
  }
}
