/** One thread as one of its followers sees it, and how what comes of it by answers and events is put together. */
import type { UserThreadWithPost } from '@mattermost/types/threads';
import { merged, type StoredPost, stored } from './post';

/** FollowedThread is one's own view of a thread. */
export type FollowedThread = {
  id: string;
  channelId: string;
  /** Empty for a thread of a direct or group channel, which belongs to every team. */
  teamId: string;
  root: StoredPost;
  replyCount: number;
  lastReplyAt: number;
  lastViewedAt: number;
  /** Who replied, the latest last. */
  participants: readonly string[];
  unreadReplies: number;
  unreadMentions: number;
  following: boolean;
};

/** followedThread makes one of the wire's; `teamId` is the team of its channel. */
export function followedThread(thread: UserThreadWithPost, teamId: string): FollowedThread {
  return {
    id: thread.id,
    channelId: thread.post.channel_id,
    teamId,
    root: stored(thread.post),
    replyCount: thread.reply_count,
    lastReplyAt: thread.last_reply_at,
    lastViewedAt: thread.last_viewed_at,
    participants: (thread.participants ?? []).map((one) => one.id),
    unreadReplies: thread.unread_replies,
    unreadMentions: thread.unread_mentions,
    following: thread.is_following ?? true,
  };
}

/** isUnread tells whether a follower has something to read in a thread. */
export const isUnread = (thread: Pick<FollowedThread, 'unreadReplies' | 'unreadMentions'>): boolean =>
  thread.unreadReplies > 0 || thread.unreadMentions > 0;

/** readThrough is a thread of which nothing is unread. */
export const readThrough = (thread: FollowedThread): FollowedThread => ({
  ...thread,
  lastViewedAt: Math.max(thread.lastViewedAt, thread.lastReplyAt),
  unreadReplies: 0,
  unreadMentions: 0,
});

/** Put is a thread after something came of it, and whether the server has to be asked what is unread in it. */
export type Put = { thread: FollowedThread; unsure: boolean };

const latest = (a: FollowedThread, b: FollowedThread): FollowedThread =>
  a.lastReplyAt > b.lastReplyAt || (a.lastReplyAt === b.lastReplyAt && a.replyCount > b.replyCount) ? a : b;

/** answered takes an answer in. One that was asked for before the last event (`late`) doesn't know what is read. */
export function answered(known: FollowedThread | undefined, came: FollowedThread, late: boolean): Put {
  if (!known) return { thread: came, unsure: late };
  const root = merged(known.root, came.root, false);
  if (!late) return { thread: { ...came, root }, unsure: false };
  const { replyCount, lastReplyAt, participants } = latest(known, came);
  return { thread: { ...known, root, replyCount, lastReplyAt, participants }, unsure: true };
}

/**
 * updated takes in what an event says after a reply. Its counts are as of the mark up to which the reader had read
 * when the reply was saved: when they have read on since, they are not of today.
 */
export function updated(known: FollowedThread | undefined, came: FollowedThread, mentioned: boolean): Put {
  // Who wrote the reply has read the thread by that.
  const thread = isUnread(came) ? came : readThrough(came);
  if (!known) return { thread, unsure: false };
  const root = merged(known.root, came.root, false);
  // Of two replies at the same moment the events may change places.
  if (latest(known, came) === known && known.following) return { thread: { ...known, root }, unsure: false };
  // The event may also be of a reply from before the reader left the thread.
  if (!known.following) return { thread: { ...thread, root }, unsure: true };
  if (!isUnread(came)) return { thread: { ...thread, root }, unsure: false };
  if (known.lastViewedAt === came.lastViewedAt) return { thread: { ...thread, root }, unsure: false };
  if (known.lastViewedAt >= came.lastReplyAt) {
    return { thread: { ...readThrough(came), lastViewedAt: known.lastViewedAt, root }, unsure: false };
  }
  const unreadReplies = known.unreadReplies + 1;
  const unreadMentions = known.unreadMentions + (mentioned ? 1 : 0);
  return {
    thread: { ...came, root, lastViewedAt: known.lastViewedAt, unreadReplies, unreadMentions },
    unsure: true,
  };
}

/** read moves the mark up to which a thread has been read. */
export function read(known: FollowedThread, mark: { at: number; unreadReplies: number; unreadMentions: number }): Put {
  const { at, unreadReplies, unreadMentions } = mark;
  const thread = { ...known, lastViewedAt: at, unreadReplies, unreadMentions, following: true };
  // The counts may be from before a reply that has been heard of already.
  return { thread, unsure: at < known.lastReplyAt };
}
