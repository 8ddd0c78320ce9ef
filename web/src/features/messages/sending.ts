/**
 * Sending: a message stands in its place at once, with an id of one's own (`pending_post_id`). The server's answer and
 * its event carry that id, and whichever comes first takes the place over (`store/posts.ts`).
 */
import { ApiError } from '@/api/http';
import * as postsApi from '@/api/posts';
import { arrived, detachAll, tryAgain } from '@/features/files/attached';
import type { StoredPost } from '@/store/post';
import { postOf } from '@/store/posts';
import { type burning, marks, type Priority } from '@/store/priorities';
import { dispatch, getState, store } from '@/store/store';

/** Outgoing is what somebody wrote. */
export interface Outgoing {
  channelId: string;
  /** The thread that it answers to. */
  rootId?: string;
  message: string;
  /** `me` tells what one does, in the third person; the other disappears once it has been read. */
  type?: 'me' | typeof burning;
  props?: Record<string, unknown>;
  /** The draft (`draftKey`) whose files go with it, also those that are still under way. */
  filesOf?: string;
  /** Files that the server has already. */
  fileIds?: readonly string[];
  priority?: Priority;
}

let lastMoment = 0;

/** Two messages of the same millisecond still have ids of their own. */
function moment(): number {
  lastMoment = Math.max(Date.now(), lastMoment + 1);
  return lastMoment;
}

function pendingPost(outgoing: Outgoing, me: string): StoredPost {
  const priority = outgoing.priority && marks(outgoing.priority);
  const at = moment();
  const id = `${me}:${at}`;
  return {
    id,
    create_at: at,
    update_at: at,
    edit_at: 0,
    delete_at: 0,
    is_pinned: false,
    user_id: me,
    channel_id: outgoing.channelId,
    root_id: outgoing.rootId ?? '',
    message: outgoing.message,
    type: outgoing.type ?? '',
    props: outgoing.props ?? {},
    metadata: priority ? { priority } : {},
    file_ids: outgoing.fileIds ?? [],
    reply_count: 0,
    last_reply_at: 0,
    participants: [],
    is_following: false,
    pending_post_id: id,
    pending: 'sending',
  };
}

function wireOf(post: StoredPost): postsApi.NewPost {
  return {
    channel_id: post.channel_id,
    root_id: post.root_id,
    message: post.message,
    pending_post_id: post.id,
    props: post.props,
    ...(post.type && { type: post.type }),
    ...(post.file_ids.length > 0 && { file_ids: [...post.file_ids] }),
    ...(post.metadata.priority && { metadata: { priority: post.metadata.priority } }),
  };
}

// One message after the other in each channel: what was written first stands first.
const lines = new Map<string, Promise<unknown>>();

function inLine<T>(channelId: string, task: () => Promise<T>): Promise<T> {
  const before = lines.get(channelId) ?? Promise.resolve();
  const turn = before.then(task);
  const settled = turn.catch(() => undefined);
  lines.set(channelId, settled);
  void settled.then(() => {
    if (lines.get(channelId) === settled) lines.delete(channelId);
  });
  return turn;
}

/** underWay resolves when what was sent to a channel until now has arrived or failed; undefined when nothing was. */
export const underWay = (channelId: string): Promise<unknown> | undefined => lines.get(channelId);

// What failed for want of a connection goes out once by itself when there is one again.
const waiting = new Map<string, string>();
const retried = new Set<string>();
let watching = false;

function watchConnection(): void {
  if (watching) return;
  watching = true;
  store.subscribe((state, before) => {
    if (state.server.connection !== 'online' || before.server.connection === 'online') return;
    const due = [...waiting];
    waiting.clear();
    for (const [id, channelId] of due) {
      retried.add(id);
      void retry(channelId, id);
    }
  });
}

function failed(post: StoredPost, error: unknown): void {
  const failure = error instanceof Error ? error.message : String(error);
  dispatch({ type: 'post/failed', channelId: post.channel_id, id: post.id, failure });
  if (!(error instanceof ApiError) || !error.offline || retried.has(post.id)) return;
  waiting.set(post.id, post.channel_id);
  watchConnection();
}

/**
 * withFiles waits for what belongs to a message, and returns the message with it; undefined when the message was given
 * up meanwhile, or nothing is left of it. Others don't wait in line behind it.
 */
async function withFiles(post: StoredPost): Promise<StoredPost | undefined> {
  if (!getState().uploads.some(({ place }) => place === post.id)) return post;
  const files = await arrived(post.id);
  if (postOf(getState().posts, post.channel_id, post.id)?.pending !== 'sending') return undefined;
  if (files.length === 0 && post.message === '') {
    discard(post.channel_id, post.id);
    return undefined;
  }
  const whole = { ...post, file_ids: files.map(({ id }) => id), metadata: { ...post.metadata, files } };
  dispatch({ type: 'post/sending', post: whole });
  detachAll(post.id);
  return whole;
}

async function deliver(post: StoredPost): Promise<boolean> {
  dispatch({ type: 'post/sending', post });
  try {
    const whole = await withFiles(post);
    if (!whole) return false;
    const sent = await inLine(post.channel_id, () => postsApi.createPost(wireOf(whole)));
    retried.delete(post.id);
    dispatch({ type: 'post/heard', post: sent });
    return true;
  } catch (error) {
    failed(post, error);
    return false;
  }
}

/**
 * send shows a message at once and sends it. It resolves to whether the server took it and never rejects: a message
 * that failed stays in its place, says why, and can be sent again.
 */
export function send(outgoing: Outgoing): Promise<boolean> {
  const post = pendingPost(outgoing, getState().users.me);
  if (outgoing.filesOf) dispatch({ type: 'uploads/moved', from: outgoing.filesOf, to: post.id });
  return deliver(post);
}

/** retry sends a failed message again, with the same id, so that the server never has it twice. */
export async function retry(channelId: string, id: string): Promise<boolean> {
  const post = postOf(getState().posts, channelId, id);
  waiting.delete(id);
  if (post?.pending !== 'failed') return false;
  const { failure: _, ...again } = post;
  tryAgain(id);
  return deliver({ ...again, pending: 'sending' });
}

/** discard gives a failed message up. */
export function discard(channelId: string, id: string): void {
  waiting.delete(id);
  retried.delete(id);
  detachAll(id);
  dispatch({ type: 'post/forgotten', channelId, id });
}
