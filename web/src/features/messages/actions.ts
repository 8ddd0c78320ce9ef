/**
 * Commands about messages. What can be shown at once is, and is taken back when the server refuses. Each rejects with
 * an `ApiError`; `attempt` says it in a notice where no form stands.
 */
import * as postsApi from '@/api/posts';
import { deletePreferences, savePreferences } from '@/api/server';
import { permalink } from '@/store/paths';
import type { PostPatch } from '@/store/post';
import { postOf } from '@/store/posts';
import { isCollapsed, isSaved, setting } from '@/store/selectors';
import { dispatch, getState } from '@/store/store';

export { attempt } from '@/ui/attempt';
export { discard, type Outgoing, retry, send } from './sending';

/** patched shows a change, asks for it, and shows the former state again when it is refused. */
async function patched(channelId: string, id: string, patch: PostPatch, ask: () => Promise<unknown>): Promise<void> {
  const before = postOf(getState().posts, channelId, id);
  if (!before) return;
  const former: PostPatch = { message: before.message, edit_at: before.edit_at, is_pinned: before.is_pinned };
  dispatch({ type: 'post/patched', channelId, id, patch });
  try {
    await ask();
  } catch (error) {
    // Somebody else's change that came meanwhile stays.
    const now = postOf(getState().posts, channelId, id);
    if (now?.update_at === before.update_at) dispatch({ type: 'post/patched', channelId, id, patch: former });
    throw error;
  }
}

/** edit changes what a message says. */
export async function edit(channelId: string, id: string, message: string): Promise<void> {
  const post = postOf(getState().posts, channelId, id);
  if (!post || post.message === message) return;
  await patched(channelId, id, { message, edit_at: Date.now() }, async () => {
    dispatch({ type: 'post/edited', post: await postsApi.editPost(id, message) });
  });
}

/** removePreview takes the preview of its link from a message, for everybody and for good. */
export async function removePreview(channelId: string, id: string): Promise<void> {
  const post = postOf(getState().posts, channelId, id);
  if (!post) return;
  const props = { ...post.props, remove_link_preview: 'true' };
  dispatch({ type: 'post/edited', post: await postsApi.patchProps(id, props) });
}

/** remove deletes a message. One's own deletion leaves no mark behind; others see that something was deleted. */
export async function remove(channelId: string, id: string): Promise<void> {
  await postsApi.deletePost(id);
  const { pane } = getState().place;
  if (pane?.kind === 'thread' && pane.rootId === id) dispatch({ type: 'place/pane' });
  dispatch({ type: 'post/forgotten', channelId, id });
}

/** moveThread takes a message with its replies to another channel. */
export async function moveThread(id: string, to: string): Promise<void> {
  await postsApi.movePost(id, to);
  const { pane } = getState().place;
  // It is no thread of this channel any more.
  if (pane?.kind === 'thread' && pane.rootId === id) dispatch({ type: 'place/pane' });
}

/** copyThread writes it there once more, and returns the id that it has there. */
export const copyThread = async (id: string, to: string): Promise<string> => (await postsApi.copyPost(id, to)).id;

/** undelete takes one's own deletion back; the event that follows brings the message. */
export const undelete = (id: string): Promise<unknown> => postsApi.undeletePost(id);

/** setPinned pins a message to its channel or takes it off. */
export const setPinned = (channelId: string, id: string, pinned: boolean): Promise<void> =>
  patched(channelId, id, { is_pinned: pinned }, () => (pinned ? postsApi.pinPost(id) : postsApi.unpinPost(id)));

/** setSaved keeps a message in one's own list, or takes it out. */
export async function setSaved(id: string, saved: boolean): Promise<void> {
  const preference = { user_id: getState().users.me, category: 'flagged_post', name: id, value: 'true' };
  const show = (on: boolean) =>
    dispatch({ type: on ? 'preferences/received' : 'preferences/deleted', preferences: [preference] });
  const before = isSaved(getState(), id);
  show(saved);
  try {
    await (saved ? savePreferences([preference]) : deletePreferences([preference]));
  } catch (error) {
    show(before);
    throw error;
  }
}

/** hasReacted tells whether somebody's emoji stands below a message. */
export const hasReacted = (channelId: string, postId: string, emoji: string, userId: string): boolean =>
  getState().posts.byChannel[channelId]?.reactions[postId]?.[`${emoji} ${userId}`]?.on === true;

/** setReaction adds or removes one's own emoji. */
export async function setReaction(channelId: string, postId: string, emoji: string, on: boolean): Promise<void> {
  const { me } = getState().users;
  const bucket = getState().posts.byChannel[channelId];
  const post = bucket?.posts[postId];
  if (!post || hasReacted(channelId, postId, emoji, me) === on) return;
  const known = bucket?.reactions[postId]?.[`${emoji} ${me}`]?.at ?? 0;
  // Just later than all that is known of it: the clock of this device may be ahead of the server's, and what the
  // server says next has to count.
  const at = Math.max(known, post.update_at, post.create_at) + 1;
  const show = (standing: boolean, time: number) =>
    dispatch({
      type: 'reaction/changed',
      channelId,
      reaction: { user_id: me, post_id: postId, emoji_name: emoji, create_at: time, update_at: time },
      on: standing,
    });
  show(on, at);
  try {
    if (on) {
      const reaction = await postsApi.react(me, postId, emoji);
      dispatch({ type: 'reaction/changed', channelId, reaction, on: true });
    } else await postsApi.unreact(postId, emoji);
  } catch (error) {
    show(!on, at + 1);
    throw error;
  }
}

/** toggleReaction adds one's own emoji, or takes it away. */
export const toggleReaction = (channelId: string, postId: string, emoji: string): Promise<void> =>
  setReaction(channelId, postId, emoji, !hasReacted(channelId, postId, emoji, getState().users.me));

const teamOf = (channelId: string): string =>
  getState().channels.channels[channelId]?.team_id || getState().place.teamId;

/** markUnread makes a message, and what came after it, unread again: in its channel or in its thread. */
export async function markUnread(channelId: string, postId: string): Promise<void> {
  const state = getState();
  const post = postOf(state.posts, channelId, postId);
  if (!post) return;
  if (isCollapsed(state) && post.root_id !== '') {
    await postsApi.setThreadUnread(teamOf(channelId), post.root_id, postId);
    return;
  }
  // The event (`post_unread`) brings the counts.
  await postsApi.setUnreadFrom(state.users.me, postId, isCollapsed(state));
  if (getState().place.channelId === channelId) dispatch({ type: 'place/new-since', newSince: post.create_at - 1 });
}

/** setFollowing follows a thread, or stops following it. */
export async function setFollowing(channelId: string, rootId: string, following: boolean): Promise<void> {
  const teamId = teamOf(channelId);
  const show = (on: boolean) =>
    dispatch(
      { type: 'thread/followed', channelId, rootId, following: on },
      { type: 'threads/following', teamId, id: rootId, following: on },
    );
  show(following);
  try {
    await (following ? postsApi.followThread(teamId, rootId) : postsApi.unfollowThread(teamId, rootId));
  } catch (error) {
    show(!following);
    throw error;
  }
}

/** linkTo is the address of a message as it can be given to others. */
export function linkTo(channelId: string, postId: string): string {
  const state = getState();
  const site = setting(state, 'SiteURL') || window.location.origin;
  return site.replace(/\/+$/, '') + permalink(state, channelId, postId);
}

/** forward sends a link to a message, which is shown there with its words, and a comment before it. */
export async function forward(
  from: { channelId: string; postId: string },
  toChannelId: string,
  comment: string,
): Promise<void> {
  const message = [comment.trim(), linkTo(from.channelId, from.postId)].filter(Boolean).join('\n');
  const { me } = getState().users;
  const pending = `${me}:${Date.now()}`;
  const sent = await postsApi.createPost({ channel_id: toChannelId, message, pending_post_id: pending });
  dispatch({ type: 'post/heard', post: sent });
}

/** remind has the server remind one of a message at a time, in milliseconds. */
export const remind = (postId: string, at: number): Promise<unknown> => postsApi.setReminder(postId, at);
