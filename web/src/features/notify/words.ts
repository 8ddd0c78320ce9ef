/** What a notification says. */
import type { Translate } from '@/i18n/text';
import { plainText } from '@/markdown/plain';
import { isOn, nameFormat, nameOf, usersByName } from '@/store/selectors';
import type { State } from '@/store/store';

/** Event is what the event of a new post tells beside the post. */
export type Event = {
  post: {
    id: string;
    user_id: string;
    channel_id: string;
    root_id: string;
    message: string;
    type: string;
    props?: Readonly<Record<string, unknown>>;
  };
  channelType: string;
  channelName: string;
  /** The sender's name as the server writes it, for when the person isn't known. */
  senderName: string;
  teamId: string;
  files: boolean;
};

/** Words are a notification's title and body. */
export type Words = { title: string; body: string };

/** senderOf is who wrote, as the reader calls people; integrations may give another name. */
export function senderOf(state: State, { post, senderName }: Event): string {
  const given = post.props?.override_username;
  const foreign = post.props?.from_webhook === 'true' && isOn(state, 'EnablePostUsernameOverride');
  if (foreign && typeof given === 'string' && given) return given;
  const user = state.users.profiles[post.user_id];
  return user ? nameOf(user, nameFormat(state)) : senderName.replace(/^@/, '');
}

function titleOf(state: State, event: Event, sender: string, t: Translate): string {
  if (event.channelType === 'D') return sender;
  const inThread = state.posts.collapsed && event.post.root_id !== '';
  const several = Object.keys(state.teams.mine).length > 1;
  const team = several ? state.teams.teams[event.teamId]?.display_name : undefined;
  const place = team ? t('notify.place', { channel: event.channelName, team }) : event.channelName;
  return inThread ? t('notify.thread', { place }) : place;
}

function textOf(state: State, event: Event, t: Translate): string {
  const known = usersByName(state);
  const format = nameFormat(state);
  const text = plainText(event.post.message, {
    max: 240,
    mention: (name) => {
      const user = known.get(name);
      return user && nameOf(user, format);
    },
  });
  if (text) return text;
  return t(event.files ? 'notify.file' : 'notify.attachment');
}

/** wordsOf says it; `hide` leaves out what was written. */
export function wordsOf(state: State, event: Event, t: Translate, hide: boolean): Words {
  const sender = senderOf(state, event);
  const title = titleOf(state, event, sender, t);
  if (hide)
    return { title, body: event.channelType === 'D' ? t('notify.hidden.direct') : t('notify.hidden', { sender }) };
  if (event.post.type === 'system_add_to_channel') return { title, body: t('notify.added', { sender }) };
  const text = textOf(state, event, t);
  // What somebody does is told with the name already.
  if (event.channelType === 'D') return { title, body: text };
  return { title, body: t('notify.says', { sender, text }) };
}
