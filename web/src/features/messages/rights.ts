/** What one may do with a message. The server has the last word; what it would refuse is not offered. */
import type { StoredPost } from '@/store/post';
import { burning } from '@/store/priorities';
import { can, isOn, setting } from '@/store/selectors';
import type { State } from '@/store/store';

/** isSystem tells whether the server wrote a message about what happened, rather than a person. */
export const isSystem = (post: Pick<StoredPost, 'type'>): boolean => post.type.startsWith('system_');
/** isEphemeral tells whether only oneself sees a message, and only until the page is loaded again. */
export const isEphemeral = (post: Pick<StoredPost, 'type'>): boolean => post.type === 'system_ephemeral';

/** isArchived tells whether a channel can only be read. */
export const isArchived = (state: State, channelId: string): boolean =>
  (state.channels.channels[channelId]?.delete_at ?? 0) > 0;

const plain = (post: StoredPost): boolean => !post.pending && post.delete_at === 0 && !isSystem(post);

/** An ephemeral post is no post of the server: nothing can be done with it there. */
const standing = (post: StoredPost): boolean => !post.pending && post.delete_at === 0 && !isEphemeral(post);

/** mayWrite tells whether one may write in a channel at all. */
export const mayWrite = (state: State, channelId: string): boolean =>
  !isArchived(state, channelId) &&
  state.channels.mine[channelId] !== undefined &&
  can(state, 'create_post', { channelId });

/** inTime tells whether the words of a message may still be changed. */
export function inTime(state: State, post: StoredPost, now = Date.now()): boolean {
  const limit = Number(setting(state, 'PostEditTimeLimit') || -1);
  return limit < 0 || now < post.create_at + limit * 1000;
}

export function mayEdit(state: State, post: StoredPost, now?: number): boolean {
  const own = post.user_id === state.users.me;
  const permission = own ? 'edit_post' : 'edit_others_posts';
  if (!plain(post) || post.type === burning || !mayWrite(state, post.channel_id)) return false;
  return can(state, permission, { channelId: post.channel_id }) && inTime(state, post, now);
}

export function mayDelete(state: State, post: StoredPost): boolean {
  if (!standing(post) || isArchived(state, post.channel_id)) return false;
  const permission = post.user_id === state.users.me ? 'delete_post' : 'delete_others_posts';
  return can(state, permission, { channelId: post.channel_id });
}

export function mayReply(state: State, post: StoredPost): boolean {
  return plain(post) && mayWrite(state, post.channel_id);
}

export function mayReact(state: State, post: StoredPost): boolean {
  if (!standing(post) || post.type === burning || isArchived(state, post.channel_id)) return false;
  return (
    state.channels.mine[post.channel_id] !== undefined && can(state, 'add_reaction', { channelId: post.channel_id })
  );
}

export function mayPin(state: State, post: StoredPost): boolean {
  return plain(post) && mayWrite(state, post.channel_id);
}

/** mayMark is for what only concerns oneself: saving, links, reminders, marking unread. */
export const mayMark = (state: State, post: StoredPost): boolean =>
  standing(post) && state.channels.mine[post.channel_id] !== undefined;

/** mayForward: another's words may be shown wherever a link to them may be. */
export const mayForward = (state: State, post: StoredPost): boolean =>
  mayMark(state, post) && !isSystem(post) && post.type !== burning;

/** mayMove: a thread can be taken to another channel by its author and by who may delete it, where the settings allow that. */
export function mayMove(state: State, post: StoredPost): boolean {
  const channel = state.channels.channels[post.channel_id];
  if (!channel || post.root_id !== '' || post.type === burning || !plain(post) || isArchived(state, channel.id))
    return false;
  if (!isOn(state, 'FeatureFlagMoveThreadsEnabled')) return false;
  const from = { O: '', P: 'Private', D: 'DirectMessage', G: 'GroupMessage' }[channel.type as string] ?? '';
  if (from && !isOn(state, `WranglerMoveThreadFrom${from}ChannelEnable`)) return false;
  return post.user_id === state.users.me || can(state, 'delete_others_posts', { channelId: channel.id });
}

/** mayReport: what others wrote can be brought before the moderators, where there are some. */
export const mayReport = (state: State, post: StoredPost): boolean =>
  isOn(state, 'ContentFlaggingEnabled') &&
  post.user_id !== state.users.me &&
  post.type !== 'custom_spillage_report' &&
  mayForward(state, post);

/** maySeeHistory: only one's own former words can be read. */
export const maySeeHistory = (state: State, post: StoredPost): boolean =>
  post.edit_at > 0 &&
  plain(post) &&
  post.user_id === state.users.me &&
  can(state, 'edit_post', { channelId: post.channel_id });
