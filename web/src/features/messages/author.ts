/** Who a message is from, as it shows: a person, a bot, or a name and picture that an integration chose. */
import { pictureUrl } from '@/api/users';
import { customEmojiUrl } from '@/features/emoji/custom';
import type { StoredPost } from '@/store/post';
import { isOn, nameOf } from '@/store/selectors';
import { type State, useAppShallow } from '@/store/store';
import type { Presence } from '@/store/users';
import { viewOf } from './view';

/** Author is what the head of a message says of it. */
export interface Author {
  id: string;
  name: string;
  username: string;
  picture: string;
  /** An emoji that stands for the picture. */
  emoji: string;
  /** Written by a program. */
  bot: boolean;
  guest: boolean;
  presence: Presence | undefined;
  /** The name is one that an integration gave itself, so no profile stands behind it. */
  borrowed: boolean;
  /** Shows a custom status. */
  status: boolean;
}

type Written = Pick<StoredPost, 'user_id' | 'props'>;

const text = (post: Written, key: string): string => {
  const value = post.props[key];
  return typeof value === 'string' ? value : '';
};

/** isWebhook tells whether an incoming webhook wrote a message in the name of who made it. */
export const isWebhook = (post: Written): boolean => text(post, 'from_webhook') === 'true';

/** authorKey is the same for messages that look as if one author wrote them. */
export function authorKey(post: Written): string {
  return isWebhook(post) ? `${post.user_id} ${text(post, 'override_username')}` : post.user_id;
}

function borrowedPicture(state: State, post: Written): { picture: string; emoji: string } | undefined {
  if (!isWebhook(post) || !isOn(state, 'EnablePostIconOverride')) return undefined;
  const emoji = text(post, 'override_icon_emoji').replaceAll(':', '');
  const url = text(post, 'override_icon_url');
  if (emoji) return { picture: customEmojiUrl(emoji) ?? '', emoji };
  // The address comes from outside; only what an image element may load counts.
  return /^(?:https?:\/\/|\/)/i.test(url) ? { picture: url, emoji: '' } : undefined;
}

/** authorOf says who a message is from. */
export function authorOf(state: State, post: Written): Author {
  const user = state.users.profiles[post.user_id];
  const view = viewOf(state);
  const wished = isWebhook(post) && isOn(state, 'EnablePostUsernameOverride') ? text(post, 'override_username') : '';
  const bot = isWebhook(post) || text(post, 'from_bot') === 'true' || user?.is_bot === true;
  const borrowed = borrowedPicture(state, post);
  return {
    id: post.user_id,
    name: wished || nameOf(user, view.nameFormat),
    username: user?.username ?? '',
    picture: borrowed?.picture ?? (user ? pictureUrl(user) : ''),
    emoji: borrowed?.emoji ?? '',
    bot,
    guest: (user?.roles ?? '').includes('system_guest'),
    presence: view.presence && !bot ? (state.users.presence[post.user_id] ?? 'offline') : undefined,
    borrowed: wished !== '' || borrowed !== undefined,
    status: !bot && Boolean(user?.props?.customStatus),
  };
}

const nobody: Author = {
  id: '',
  name: '',
  username: '',
  picture: '',
  emoji: '',
  bot: false,
  guest: false,
  presence: undefined,
  borrowed: false,
  status: false,
};

/** useAuthor says who a message is from; the row is drawn again when that changes. */
export const useAuthor = (post: Written | undefined): Author =>
  useAppShallow((state) => (post ? authorOf(state, post) : nobody));
