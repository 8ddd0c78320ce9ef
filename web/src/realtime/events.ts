/** What the server's events mean: frames become facts for the store. Pure; what must be loaded is in `follow.ts`. */
import type { Post, PostAcknowledgement } from '@mattermost/types/posts';
import type { UserThreadWithPost } from '@mattermost/types/threads';
import type { Bookmark, BookmarkChange } from '@/api/bookmarks';
import type { Topic } from '@/api/topics';
import { teamIdOf } from '@/store/selectors';
import type { Action, State } from '@/store/store';
import { followedThread } from '@/store/thread';
import type { Frame } from './socket';

/** How long somebody counts as writing after their client said so, in milliseconds. */
const typingFor = 6000;

// Posts of these types are no messages: they don't make a channel unread.
const uncounted = new Set([
  'system_join_leave',
  'system_add_remove',
  'system_join_channel',
  'system_leave_channel',
  'system_add_to_channel',
  'system_remove_from_channel',
  'system_join_team',
  'system_leave_team',
  'system_add_to_team',
  'system_remove_from_team',
  'system_add_guest_to_chan',
  'system_guest_join_channel',
  'system_ephemeral',
]);

const text = (data: Frame['data'], key: string): string => String(data[key] ?? '');
const number = (data: Frame['data'], key: string): number => Number(data[key] ?? 0);

/** decoded reads a value that the protocol sends as JSON inside a string, or plainly. */
export function decoded<T>(data: Frame['data'], key: string): T | undefined {
  const value = data[key];
  if (typeof value !== 'string') return value as T | undefined;
  try {
    return JSON.parse(value) as T;
  } catch {
    return undefined;
  }
}

function posted(frame: Frame, state: State): Action[] {
  const post = decoded<Post>(frame.data, 'post');
  if (!post) return [];
  const mentions = decoded<string[]>(frame.data, 'mentions') ?? [];
  const heard = {
    id: post.id,
    channelId: post.channel_id,
    at: post.create_at,
    root: post.root_id === '',
    counts: !uncounted.has(post.type),
  };
  // What integrations or the server write under one's own name is not read by that; nor is a channel by a reply that
  // stands in its thread.
  const mine = post.user_id === state.users.me && post.props?.from_webhook !== 'true';
  const own = mine && !post.type.startsWith('system_') && (post.root_id === '' || !state.posts.collapsed);
  const mentioned = mentions.includes(state.users.me);
  const urgent = post.metadata?.priority?.priority === 'urgent';
  return [
    { type: 'post/heard', post },
    { type: 'channel/heard', post: heard, own, mentioned: mentioned && !mine, urgent },
    { type: 'typing/ended', channelId: post.channel_id, rootId: post.root_id, userId: post.user_id },
  ];
}

function threadUpdated({ data, broadcast }: Frame, state: State): Action[] {
  const came = decoded<UserThreadWithPost>(data, 'thread');
  if (!came) return [];
  const thread = followedThread(came, teamIdOf(state, came.post.channel_id, broadcast.team_id));
  const previous = {
    replies: number(data, 'previous_unread_replies'),
    mentions: number(data, 'previous_unread_mentions'),
  };
  return [
    { type: 'threads/updated', thread, previous },
    { type: 'thread/followed', channelId: thread.channelId, rootId: thread.id, following: true },
  ];
}

function threadFollowed({ data, broadcast }: Frame, state: State): Action[] {
  const id = text(data, 'thread_id');
  const following = data.state === true;
  const facts: Action[] = [{ type: 'threads/following', teamId: broadcast.team_id, id, following }];
  const channelId = channelOfPost(state, id);
  if (channelId) facts.push({ type: 'thread/followed', channelId, rootId: id, following });
  return facts;
}

// The event doesn't name the channel.
const channelOfPost = (state: State, id: string): string | undefined =>
  state.threads.threads[id]?.channelId ??
  Object.entries(state.posts.byChannel).find(([, known]) => known.posts[id])?.[0];

function threadRead(frame: Frame): Action[] {
  const { data, broadcast } = frame;
  const at = number(data, 'timestamp');
  if (!data.thread_id) {
    if (broadcast.channel_id) return [{ type: 'threads/channel-read', channelId: broadcast.channel_id, at }];
    return [{ type: 'threads/all-read', teamId: broadcast.team_id, at }];
  }
  return [
    {
      type: 'threads/read',
      teamId: broadcast.team_id,
      id: text(data, 'thread_id'),
      at,
      unreadReplies: number(data, 'unread_replies'),
      unreadMentions: number(data, 'unread_mentions'),
      previous: {
        replies: number(data, 'previous_unread_replies'),
        mentions: number(data, 'previous_unread_mentions'),
      },
    },
  ];
}

/** A post that was edited or deleted may be the root of a thread, or a reply that was unread. */
function threadPost(post: Post, state: State, deleted: boolean): Action[] {
  if (state.threads.threads[post.id]) return [{ type: 'threads/root', post, deleted }];
  return deleted && post.root_id !== '' ? [{ type: 'threads/unsure', id: post.root_id }] : [];
}

const changedPost =
  (type: 'post/edited' | 'post/deleted'): Handler =>
  ({ data }, state) => {
    const post = decoded<Post>(data, 'post');
    return post ? [{ type, post }, ...threadPost(post, state, type === 'post/deleted')] : [];
  };

function one<K extends string, T>(value: T | undefined, make: (value: T) => Action & { type: K }): Action[] {
  return value === undefined ? [] : [make(value)];
}

/** A team that one isn't in any more is gone with its channels. */
function teamGone(state: State, teamId: string): Action[] {
  const inside = Object.keys(state.channels.mine).filter((id) => state.channels.channels[id]?.team_id === teamId);
  return [{ type: 'team/left', teamId }, ...inside.map((channelId): Action => ({ type: 'channel/left', channelId }))];
}

type Handler = (frame: Frame, state: State) => Action[];

const reaction =
  (on: boolean): Handler =>
  ({ data, broadcast }) =>
    one(decoded<Extract<Action, { type: 'reaction/changed' }>['reaction']>(data, 'reaction'), (came) => ({
      type: 'reaction/changed',
      channelId: broadcast.channel_id,
      reaction: came,
      on,
    }));

const acknowledgement =
  (on: boolean): Handler =>
  ({ data, broadcast }) =>
    one(decoded<PostAcknowledgement>(data, 'acknowledgement'), (came) => ({
      type: 'post/acknowledged',
      channelId: broadcast.channel_id,
      id: came.post_id,
      userId: came.user_id,
      at: on ? came.acknowledged_at : 0,
    }));

const groupMember =
  (on: boolean): Handler =>
  ({ data }) =>
    one(decoded<{ group_id: string }>(data, 'group_member'), ({ group_id }) => ({
      type: 'groups/member',
      groupId: group_id,
      on,
    }));

const attribute: Handler = ({ data }) =>
  one(decoded<Extract<Action, { type: 'attributes/field' }>['field']>(data, 'field'), (field) => ({
    type: 'attributes/field',
    field,
    emptied: data.delete_values === true,
  }));

type Of<T extends Action['type']> = Extract<Action, { type: T }>;

const scheduledHeard: Handler = ({ data }) =>
  one(decoded<Of<'scheduled/heard'>['post']>(data, 'scheduledPost'), (post) => ({ type: 'scheduled/heard', post }));

const bookmarkHeard: Handler = ({ data }) =>
  one(decoded<Bookmark>(data, 'bookmark'), (bookmark) => ({ type: 'bookmarks/heard', bookmarks: [bookmark] }));

/** Readers hear of the words, on all their devices; the author of who has read. */
function revealed(data: Frame['data'], channelId: string): Action[] {
  const post = decoded<Post>(data, 'post');
  const readers = data.recipients;
  if (!post) return [];
  if (Array.isArray(readers)) return [{ type: 'post/burning', channelId, id: post.id, readers: readers as string[] }];
  return [{ type: 'posts/found', posts: [post] }];
}

/** A private answer in a thread that isn't open would be seen by nobody: it stands in the channel then. */
function privately({ data }: Frame, state: State): Action[] {
  const post = decoded<Post>(data, 'post');
  if (!post) return [];
  const { pane, view, threadId } = state.place;
  const open =
    (pane?.kind === 'thread' && pane.rootId === post.root_id) || (view === 'threads' && threadId === post.root_id);
  return [{ type: 'post/heard', post: state.posts.collapsed && !open ? { ...post, root_id: '' } : post }];
}

const handlers: Record<string, Handler> = {
  posted,
  ephemeral_message: privately,
  post_edited: changedPost('post/edited'),
  post_deleted: changedPost('post/deleted'),
  post_unread: ({ data, broadcast }) => [
    {
      type: 'channel/unread',
      channelId: broadcast.channel_id,
      byHand: true,
      read: {
        msg_count: number(data, 'msg_count'),
        msg_count_root: number(data, 'msg_count_root'),
        mention_count: number(data, 'mention_count'),
        mention_count_root: number(data, 'mention_count_root'),
        urgent_mention_count: number(data, 'urgent_mention_count'),
        last_viewed_at: number(data, 'last_viewed_at'),
      },
    },
  ],
  multiple_channels_viewed: ({ data }) =>
    one(data.channel_times as Record<string, number> | undefined, (times) => ({ type: 'channels/viewed', times })),
  scheduled_post_created: scheduledHeard,
  scheduled_post_updated: scheduledHeard,
  scheduled_post_deleted: ({ data }) =>
    one(decoded<{ id: string }>(data, 'scheduledPost'), ({ id }) => ({ type: 'scheduled/gone', id })),
  channel_bookmark_created: bookmarkHeard,
  channel_bookmark_deleted: bookmarkHeard,
  channel_bookmark_updated: ({ data }) =>
    one(decoded<BookmarkChange>(data, 'bookmarks'), ({ updated, deleted }) => ({
      type: 'bookmarks/heard',
      bookmarks: [updated, deleted].filter((bookmark) => bookmark !== undefined),
    })),
  channel_bookmark_sorted: ({ data }) =>
    one(decoded<Bookmark[]>(data, 'bookmarks'), (bookmarks) => ({ type: 'bookmarks/heard', bookmarks })),
  post_revealed: ({ data, broadcast }) => revealed(data, broadcast.channel_id),
  post_burned: ({ data, broadcast }) => [
    { type: 'post/burnt', channelId: broadcast.channel_id, id: text(data, 'post_id'), at: Date.now() },
  ],
  burn_on_read_all_revealed: ({ data, broadcast }) => [
    {
      type: 'post/burning',
      channelId: broadcast.channel_id,
      id: text(data, 'post_id'),
      till: number(data, 'sender_expire_at'),
    },
  ],
  post_acknowledgement_added: acknowledgement(true),
  post_acknowledgement_removed: acknowledgement(false),
  parley_topic_changed: ({ data }) => one(decoded<Topic>(data, 'topic'), (topic) => ({ type: 'topics/heard', topic })),
  parley_channel_read: ({ data }) => [
    {
      type: 'receipts/read',
      channelId: text(data, 'channel_id'),
      userId: text(data, 'user_id'),
      at: number(data, 'read_at'),
    },
  ],
  reaction_added: reaction(true),
  reaction_removed: reaction(false),
  thread_updated: threadUpdated,
  thread_read_changed: threadRead,
  thread_follow_changed: threadFollowed,
  typing: ({ data, broadcast }) => [
    {
      type: 'typing/heard',
      channelId: broadcast.channel_id,
      rootId: text(data, 'parent_id'),
      userId: text(data, 'user_id'),
      until: Date.now() + typingFor,
    },
  ],
  status_change: ({ data }) => [
    { type: 'users/presence', statuses: [{ user_id: text(data, 'user_id'), status: text(data, 'status') }] },
  ],
  user_updated: ({ data }, state) =>
    one(decoded<Of<'users/me'>['user']>(data, 'user'), (user) =>
      // What others may see of oneself lacks one's own settings; `follow.ts` asks for the whole.
      user.id === state.users.me && !user.notify_props
        ? { type: 'users/received', users: [] }
        : { type: 'users/received', users: [user] },
    ),
  preference_changed: ({ data }) =>
    one(decoded<Of<'preferences/received'>['preferences'][number]>(data, 'preference'), (preference) => ({
      type: 'preferences/received',
      preferences: [preference],
    })),
  preferences_changed: ({ data }) =>
    one(decoded<Of<'preferences/received'>['preferences']>(data, 'preferences'), (preferences) => ({
      type: 'preferences/received',
      preferences,
    })),
  preferences_deleted: ({ data }) =>
    one(decoded<Of<'preferences/received'>['preferences']>(data, 'preferences'), (preferences) => ({
      type: 'preferences/deleted',
      preferences,
    })),
  channel_deleted: ({ data }) => [
    { type: 'channel/archived', channelId: text(data, 'channel_id'), at: number(data, 'delete_at') },
  ],
  memberrole_updated: ({ data }) =>
    one(decoded<Of<'teams/mine'>['members'][number]>(data, 'member'), (member) => ({
      type: 'teams/mine',
      members: [member],
    })),
  update_team: ({ data }) =>
    one(decoded<Of<'teams/received'>['teams'][number]>(data, 'team'), (team) => ({
      type: 'teams/received',
      teams: [team],
    })),
  role_updated: ({ data }) =>
    one(decoded<Of<'server/roles'>['roles'][number]>(data, 'role'), (role) => ({
      type: 'server/roles',
      roles: [role],
    })),
  received_group: ({ data }) =>
    one(decoded<Of<'groups/received'>['groups'][number]>(data, 'group'), (group) => ({
      type: 'groups/received',
      groups: [group],
    })),
  custom_profile_attributes_field_created: attribute,
  custom_profile_attributes_field_updated: attribute,
  custom_profile_attributes_field_deleted: ({ data }) => [{ type: 'attributes/gone', fieldId: text(data, 'field_id') }],
  custom_profile_attributes_values_updated: ({ data }) =>
    one(decoded<Of<'attributes/changed'>['values']>(data, 'values'), (values) => ({
      type: 'attributes/changed',
      userId: text(data, 'user_id'),
      values,
    })),
  group_member_add: groupMember(true),
  group_member_deleted: groupMember(false),
  sidebar_category_order_updated: ({ data, broadcast }) => [
    { type: 'categories/ordered', teamId: broadcast.team_id, order: (data.order ?? []) as string[] },
  ],
  user_removed: ({ data, broadcast }, state) => {
    const gone = text(data, 'user_id') || broadcast.user_id;
    const channelId = text(data, 'channel_id') || broadcast.channel_id;
    return gone === state.users.me ? [{ type: 'channel/left', channelId }] : [];
  },
  leave_team: ({ data }, state) => {
    if (text(data, 'user_id') !== state.users.me) return [];
    return teamGone(state, text(data, 'team_id'));
  },
  // An archived team is closed for its members, too.
  delete_team: ({ data }, state) => {
    const team = decoded<Of<'teams/received'>['teams'][number]>(data, 'team');
    return team ? teamGone(state, team.id) : [];
  },
};
handlers.restore_team = handlers.update_team as Handler;

/** factsOf says what an event changes in the store. Events of unknown names change nothing. */
export function factsOf(frame: Frame, state: State): Action[] {
  return handlers[frame.event]?.(frame, state) ?? [];
}
