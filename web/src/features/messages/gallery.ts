/** Which files stand beside each other in the gallery: those of the messages that one is reading. */
import type { FileInfo } from '@/api/files';
import { openGallery } from '@/features/files/actions';
import { isGone } from '@/features/files/kinds';
import { blockWith } from '@/store/blocks';
import { byTime, type StoredPost } from '@/store/post';
import { channelPosts } from '@/store/posts';
import { getState, type State } from '@/store/store';
import type { Where } from './acts';

const filesOf = (post: Pick<StoredPost, 'metadata' | 'delete_at'>): readonly FileInfo[] =>
  post.delete_at > 0 ? [] : (post.metadata.files ?? []).filter((file) => !isGone(file));

/** neighbours lists the files around a message, the oldest first: of its run of the channel, or of its thread. */
export function neighbours(state: State, post: StoredPost, where: Where): FileInfo[] {
  const { posts, blocks, threads } = channelPosts(state.posts, post.channel_id);
  const rootId = post.root_id || post.id;
  const replies = threads[rootId]?.blocks.flatMap(({ ids }) => ids) ?? [];
  const ids =
    where === 'channel' ? blockWith(blocks, post.id)?.ids : where === 'thread' ? [rootId, ...replies] : undefined;
  const known = new Set([...(ids ?? []), post.id]);
  return [...known]
    .flatMap((id) => posts[id] ?? [])
    .sort(byTime)
    .flatMap(filesOf);
}

/** openFile shows a file of a message large, among its neighbours. */
export function openFile(post: StoredPost, where: Where, fileId: string): void {
  const files = neighbours(getState(), post, where);
  openGallery(files.some(({ id }) => id === fileId) ? files : filesOf(post), fileId);
}
