/** Hears every new message and notifies of those that call for it. */
import type { Post } from '@mattermost/types/posts';
import { pictureUrl } from '@/api/users';
import type { Translate } from '@/i18n/text';
import { loadGlyphs } from '@/markdown/glyphs';
import { decoded } from '@/realtime/events';
import { onFrame } from '@/realtime/live';
import { needUsers } from '@/realtime/load';
import type { Frame } from '@/realtime/socket';
import { permalink } from '@/store/paths';
import { isCollapsed, myProfile, unreadOf } from '@/store/selectors';
import { getState, type State, store } from '@/store/store';
import { decide, type Heard, type Reader, type Sight } from './decide';
import { hidesText } from './device';
import { showNotice, shownTags, takeBack } from './show';
import { canSound, playSound, unlockSound } from './sound';
import { joinWindows } from './windows';
import { type Event, wordsOf } from './words';

/** At most one sound in this time, in milliseconds, and one notification a channel. */
const soundEvery = 2_000;
const noticeEvery = 1_500;

const text = (frame: Frame, key: string): string => String(frame.data[key] ?? '');

/** An urgent message may tell of itself again, until it was acknowledged. */
const told = new Set(['posted', 'persistent_notification_triggered']);

/** heardOf reads what an event says of its post and of the reader. */
export function heardOf(frame: Frame, me: string): { heard: Heard; event: Event } | undefined {
  const post = decoded<Post>(frame.data, 'post');
  if (!told.has(frame.event) || !post) return undefined;
  const listed = (key: string) => (decoded<string[]>(frame.data, key) ?? []).includes(me);
  const channelType = text(frame, 'channel_type');
  return {
    heard: { post, channelType, mentioned: listed('mentions'), following: listed('followers') },
    event: {
      post,
      channelType,
      channelName: text(frame, 'channel_display_name'),
      senderName: text(frame, 'sender_name'),
      teamId: text(frame, 'team_id'),
      files: (post.file_ids?.length ?? 0) > 0,
    },
  };
}

/** readerOf is the signed-in person as far as notifying is concerned. */
export function readerOf(state: State, channelId: string, sights: readonly Sight[]): Reader {
  return {
    me: state.users.me,
    presence: state.users.presence[state.users.me] ?? 'online',
    outOfOffice: state.users.outOfOffice,
    collapsed: isCollapsed(state),
    user: myProfile(state)?.notify_props ?? {},
    channel: state.channels.mine[channelId]?.notify_props ?? {},
    sights,
  };
}

/** takeBackRead removes what has been read, here or on another device. */
function takeBackRead(): void {
  const state = getState();
  for (const tag of shownTags()) {
    const [channelId = '', rootId = ''] = tag.split(' ');
    const thread = rootId ? state.threads.threads[rootId] : undefined;
    const { unread, messages } = unreadOf(state, channelId);
    const left = rootId ? (thread?.unreadReplies ?? 1) > 0 : unread || messages > 0;
    if (!left) takeBack(tag);
  }
}

/** watchMessages notifies from now on. `words` gives the reader's language, `open` goes to a place. It returns how to stop. */
export function watchMessages(words: () => Translate, open: (path: string) => void): () => void {
  const windows = joinWindows();
  const stopSound = unlockSound();
  const waiting = new Map<string, ReturnType<typeof setTimeout>>();
  const last = new Map<string, number>();
  let sounded = 0;

  const notify = async (event: Event, sound: string) => {
    await Promise.all([needUsers([event.post.user_id]), loadGlyphs().catch(() => undefined)]);
    const state = getState();
    if (!state.users.me) return;
    const sounds = sound !== '' && Date.now() - sounded >= soundEvery;
    if (sounds) {
      sounded = Date.now();
      void playSound(sound);
    }
    const user = state.users.profiles[event.post.user_id];
    const { post } = event;
    const notice = {
      ...wordsOf(state, event, words(), hidesText()),
      tag: tagOf(state, post),
      path: permalink(state, post.channel_id, post.id),
      icon: user ? pictureUrl(user) : '/icons/icon-192.png',
      // Where the page may not sound, the system's own sound does.
      silent: !sounds || canSound(),
    };
    await showNotice(notice, open);
  };

  const hear = (frame: Frame) => {
    if (frame.event !== 'posted' || !windows.leads()) return;
    const state = getState();
    const found = heardOf(frame, state.users.me);
    if (!found) return;
    const { heard, event } = found;
    const verdict = decide(heard, readerOf(state, heard.post.channel_id, windows.sights()));
    if (!verdict.notify) return;
    // In a storm the last message of each channel is shown now and then.
    const tag = tagOf(state, heard.post);
    const wait = (last.get(tag) ?? 0) + noticeEvery - Date.now();
    clearTimeout(waiting.get(tag));
    const now = () => {
      last.set(tag, Date.now());
      waiting.delete(tag);
      void notify(event, verdict.sound);
    };
    if (wait <= 0) now();
    else waiting.set(tag, setTimeout(now, wait));
  };

  const stopFrames = onFrame(hear);
  const stopStore = store.subscribe((state, before) => {
    if (state.channels.mine !== before.channels.mine || state.threads !== before.threads) takeBackRead();
  });
  return () => {
    stopFrames();
    stopStore();
    stopSound();
    windows.stop();
    for (const timer of waiting.values()) clearTimeout(timer);
    for (const tag of shownTags()) takeBack(tag);
  };
}

const tagOf = (state: State, post: { channel_id: string; root_id: string }): string =>
  isCollapsed(state) && post.root_id ? `${post.channel_id} ${post.root_id}` : post.channel_id;
