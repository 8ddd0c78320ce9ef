/** What can be done with a message: one list for its bar, its menu, the sheet of a phone and the keyboard. */
import { navigate } from 'wouter/use-browser-location';
import type { TextId, Translate } from '@/i18n/text';
import { openDialog, openPane, startEditing } from '@/store/commands';
import { permalink } from '@/store/paths';
import type { StoredPost } from '@/store/post';
import { postOf } from '@/store/posts';
import { isSaved } from '@/store/selectors';
import { getState, type State } from '@/store/store';
import { copyText } from '@/ui/clipboard';
import { toast } from '@/ui/toast';
import * as actions from './actions';
import { openHistory } from './history';
import { pickReaction, type Spot } from './layers';
import * as rights from './rights';

/** Where a message stands: in its channel, in its thread, or in a list of found ones. */
export type Where = 'channel' | 'thread' | 'list';

export type ActId =
  | 'jump'
  | 'reply'
  | 'react'
  | 'edit'
  | 'follow'
  | 'unfollow'
  | 'unread'
  | 'save'
  | 'unsave'
  | 'pin'
  | 'unpin'
  | 'remind'
  | 'topic'
  | 'forward'
  | 'move'
  | 'link'
  | 'copy'
  | 'history'
  | 'report'
  | 'delete';

/** The words of each act. */
export const actLabels: Record<ActId, TextId> = {
  jump: 'messages.act.jump',
  reply: 'messages.act.reply',
  react: 'messages.act.react',
  edit: 'messages.act.edit',
  follow: 'messages.act.follow',
  unfollow: 'messages.act.unfollow',
  unread: 'messages.act.unread',
  save: 'messages.act.save',
  unsave: 'messages.act.unsave',
  pin: 'messages.act.pin',
  unpin: 'messages.act.unpin',
  remind: 'messages.act.remind',
  topic: 'messages.act.topic',
  forward: 'messages.act.forward',
  move: 'messages.act.move',
  link: 'messages.act.link',
  copy: 'messages.act.copy',
  history: 'messages.act.history',
  report: 'messages.act.report',
  delete: 'messages.act.delete',
};

// Acts that belong together stand together, with a line before each group.
const groups: readonly (readonly ActId[])[] = [
  ['jump', 'reply', 'react', 'edit'],
  ['follow', 'unfollow', 'unread'],
  ['save', 'unsave', 'pin', 'unpin', 'remind', 'topic'],
  ['forward', 'move', 'link', 'copy', 'history'],
  ['report', 'delete'],
];

const groupOf = (id: ActId | undefined): number => groups.findIndex((group) => id && group.includes(id));

/** startsGroup tells whether a line stands before an act of a list. */
export const startsGroup = (acts: readonly ActId[], index: number): boolean =>
  index > 0 && groupOf(acts[index]) !== groupOf(acts[index - 1]);

/** The keys on a focused message. */
export const actKeys: Partial<Record<ActId, string>> = {
  reply: 'R',
  react: '+',
  edit: 'E',
  unread: 'U',
  save: 'S',
  unsave: 'S',
  pin: 'P',
  unpin: 'P',
  link: 'C',
  delete: 'Delete',
};

/** The threads of a message: its own id when it is a root. */
export const rootOf = (post: Pick<StoredPost, 'id' | 'root_id'>): string => post.root_id || post.id;

function isFollowed(state: State, post: StoredPost): boolean {
  const id = rootOf(post);
  const known = state.threads.threads[id];
  return known ? known.following : (postOf(state.posts, post.channel_id, id)?.is_following ?? false);
}

/** availableActs lists what one may do with a message, in the order of the menu. */
export function availableActs(state: State, spot: Spot): ActId[] {
  const post = postOf(state.posts, spot.channelId, spot.postId);
  if (!post) return [];
  const mark = rights.mayMark(state, post);
  const threaded = state.posts.collapsed && mark && !rights.isSystem(post);
  const followed = isFollowed(state, post);
  const saved = isSaved(state, post.id);
  const all: [ActId, boolean][] = [
    ['jump', spot.where === 'list'],
    ['reply', rights.mayReply(state, post)],
    ['react', rights.mayReact(state, post)],
    ['edit', rights.mayEdit(state, post)],
    ['follow', threaded && !followed],
    ['unfollow', threaded && followed],
    ['unread', mark && spot.where !== 'list'],
    ['save', mark && !saved],
    ['unsave', mark && saved],
    ['pin', rights.mayPin(state, post) && !post.is_pinned],
    ['unpin', rights.mayPin(state, post) && post.is_pinned],
    ['remind', mark],
    ['topic', rights.mayReply(state, post) && !rights.isSystem(post)],
    ['forward', rights.mayForward(state, post)],
    ['move', rights.mayMove(state, post)],
    ['link', mark],
    ['copy', post.message !== '' && post.delete_at === 0],
    ['history', rights.maySeeHistory(state, post)],
    ['report', rights.mayReport(state, post)],
    ['delete', rights.mayDelete(state, post)],
  ];
  return all.filter(([, may]) => may).map(([id]) => id);
}

/** openThread shows the thread of a message beside the channel. */
export function openThread(channelId: string, postId: string): void {
  const post = postOf(getState().posts, channelId, postId);
  if (post) openPane({ kind: 'thread', channelId, rootId: rootOf(post) });
}

async function copied(text: string, words: TextId, t: Translate): Promise<void> {
  await copyText(text);
  toast(t(words));
}

type Run = (spot: Spot, post: StoredPost, t: Translate, anchor: HTMLElement) => unknown;

const runs: Record<ActId, Run> = {
  jump: ({ channelId, postId }) => navigate(permalink(getState(), channelId, postId)),
  reply: ({ channelId, postId }) => openThread(channelId, postId),
  react: (spot, _post, _t, anchor) => pickReaction(spot, anchor),
  edit: ({ channelId, postId, where }) =>
    startEditing({ channelId, postId, where: where === 'channel' ? 'centre' : 'pane' }),
  follow: ({ channelId }, post) => actions.setFollowing(channelId, rootOf(post), true),
  unfollow: ({ channelId }, post) => actions.setFollowing(channelId, rootOf(post), false),
  unread: ({ channelId, postId }) => actions.markUnread(channelId, postId),
  save: ({ postId }) => actions.setSaved(postId, true),
  unsave: ({ postId }) => actions.setSaved(postId, false),
  pin: ({ channelId, postId }) => actions.setPinned(channelId, postId, true),
  unpin: ({ channelId, postId }) => actions.setPinned(channelId, postId, false),
  remind: ({ channelId, postId }) => openDialog({ kind: 'reminder', channelId, postId }),
  topic: ({ channelId }, post) => openDialog({ kind: 'topic', channelId, rootId: rootOf(post) }),
  forward: ({ channelId, postId }) => openDialog({ kind: 'forward-post', channelId, postId }),
  move: ({ channelId, postId }) => openDialog({ kind: 'move-thread', channelId, postId }),
  link: ({ channelId, postId }, _post, t) => copied(actions.linkTo(channelId, postId), 'messages.linkCopied', t),
  copy: (_spot, post, t) => copied(post.message, 'messages.textCopied', t),
  history: ({ channelId, postId }) => openHistory(channelId, postId),
  report: ({ channelId, postId }) => openDialog({ kind: 'report-post', channelId, postId }),
  delete: ({ channelId, postId }) => openDialog({ kind: 'delete-post', channelId, postId }),
};

/** perform does one act. What fails is said in a toast. */
export function perform(id: ActId, spot: Spot, t: Translate, anchor: HTMLElement): void {
  const post = postOf(getState().posts, spot.channelId, spot.postId);
  if (!post) return;
  void actions.attempt(Promise.resolve(runs[id](spot, post, t, anchor)));
}

/** actOfKey returns what a key does on a focused message. */
export function actOfKey(key: string, acts: readonly ActId[]): ActId | undefined {
  const pressed = key.length === 1 ? key.toUpperCase() : key;
  return acts.find((id) => actKeys[id] === pressed);
}
