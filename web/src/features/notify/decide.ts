/** Whether a message notifies its reader. Pure: what is known of the message and of the reader goes in, a verdict comes out. */
import type { ChannelNotifyProps } from '@mattermost/types/channels';
import type { UserNotifyProps } from '@mattermost/types/users';
import type { Presence } from '@/store/users';

/** Heard is a message as the event tells of it. Who is mentioned, the server has worked out, keywords included. */
export type Heard = {
  post: {
    id: string;
    user_id: string;
    channel_id: string;
    root_id: string;
    type: string;
    props?: Readonly<Record<string, unknown>>;
  };
  channelType: string;
  mentioned: boolean;
  /** One follows the thread that it belongs to. */
  following: boolean;
};

/** Sight is what somebody looks at in one window: nothing while it hasn't the focus. */
export type Sight = { channelId: string; threadId: string };

/** Reader is the person who may be notified, with what was set for all channels and for this one. */
export type Reader = {
  me: string;
  presence: Presence;
  outOfOffice: boolean;
  /** Replies are read in threads. */
  collapsed: boolean;
  user: Partial<UserNotifyProps>;
  channel: Partial<ChannelNotifyProps>;
  sights: readonly Sight[];
};

/** Why a message doesn't notify. */
export type Silence = 'own' | 'system' | 'quiet' | 'muted' | 'off' | 'no mention' | 'not followed' | 'seen';

/** Verdict tells whether to notify, and with which sound; an empty one is none. */
export type Verdict = { notify: true; sound: string } | { notify: false; why: Silence };

/** The sounds by the names that the protocol gives them; the first is what one hears without a choice. */
export const soundNames = ['Bing', 'Crackle', 'Down', 'Hello', 'Ripple', 'Upstairs'] as const;
export type SoundName = (typeof soundNames)[number];

const silent = (why: Silence): Verdict => ({ notify: false, why });

/** chosen is what was set for the channel, or for all of them. */
function chosen(ofChannel: string | undefined, ofUser: string | undefined, fallback: string): string {
  if (ofChannel && ofChannel !== 'default') return ofChannel;
  return ofUser && ofUser !== 'default' ? ofUser : fallback;
}

/** Who is added to a channel hears of it; whatever else the server notes down is no message. */
function isNote({ post }: Heard, me: string): boolean {
  if (!post.type.startsWith('system_')) return false;
  return !(post.type === 'system_add_to_channel' && post.props?.addedUserId === me);
}

function isOwn({ post }: Heard, me: string): boolean {
  return post.user_id === me && post.props?.from_webhook !== 'true';
}

/** The level of what notifies: of threads for replies that are read in threads, else of the channel. */
function silenceOfLevel(heard: Heard, reader: Reader): Silence | undefined {
  const { user, channel } = reader;
  if (reader.collapsed && heard.post.root_id !== '') {
    const level = chosen(channel.desktop_threads, user.desktop_threads, 'all');
    if (level === 'none') return 'off';
    if (heard.mentioned) return undefined;
    if (level === 'mention') return 'no mention';
    return heard.following ? undefined : 'not followed';
  }
  const level = chosen(channel.desktop, user.desktop, 'mention');
  if (level === 'none') return 'off';
  // A conversation of a few is meant for each of them.
  const meant = heard.mentioned || heard.channelType === 'D' || heard.channelType === 'G';
  const added = heard.post.type === 'system_add_to_channel';
  return level === 'all' || meant || added ? undefined : 'no mention';
}

function isSeen({ post }: Heard, { sights, collapsed }: Reader): boolean {
  return sights.some((sight) => {
    if (post.root_id !== '' && sight.threadId === post.root_id) return true;
    return sight.channelId === post.channel_id && !(collapsed && post.root_id !== '');
  });
}

/** soundFor is the sound of a message in a channel; empty when there is to be none. */
export function soundFor({ user, channel }: Pick<Reader, 'user' | 'channel'>): string {
  const on = channel.desktop_sound === 'on' || (channel.desktop_sound !== 'off' && user.desktop_sound !== 'false');
  return on ? chosen(channel.desktop_notification_sound, user.desktop_notification_sound, soundNames[0]) : '';
}

/** decide says whether a message notifies the reader. */
export function decide(heard: Heard, reader: Reader): Verdict {
  if (isOwn(heard, reader.me)) return silent('own');
  if (isNote(heard, reader.me)) return silent('system');
  if (reader.presence === 'dnd' || reader.outOfOffice) return silent('quiet');
  if (reader.channel.mark_unread === 'mention') return silent('muted');
  const silence = silenceOfLevel(heard, reader);
  if (silence) return silent(silence);
  if (isSeen(heard, reader)) return silent('seen');
  return { notify: true, sound: soundFor(reader) };
}
