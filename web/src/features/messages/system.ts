/** What the server wrote about what happened, in the reader's words: by type and props, not by its text. */
import { type TextId, type Translate, useText } from '@/i18n/text';
import { plainText } from '@/markdown/plain';
import type { StoredPost } from '@/store/post';
import { nameOf, usersByName } from '@/store/selectors';
import { getState, type State, useApp } from '@/store/store';
import { isEphemeral } from './rights';
import { type Times, useTimes } from './time';
import { viewOf } from './view';

/** Sentence is a text of the catalogue and what stands in its places. */
export interface Sentence {
  id: TextId;
  /** Plain words, by placeholder. */
  words: Record<string, string>;
  /** Usernames, by placeholder. */
  people: Record<string, string>;
  /** Moments in milliseconds, by placeholder. */
  moments?: Record<string, number>;
}

type Props = StoredPost['props'];
const text = (props: Props, key: string): string => (typeof props[key] === 'string' ? (props[key] as string) : '');
const line = (props: Props, key: string): string => plainText(text(props, key), { max: 200 });

const one =
  (id: TextId, key = 'username') =>
  (props: Props): Sentence | undefined =>
    text(props, key) ? { id, words: {}, people: { name: text(props, key) } } : undefined;

const two =
  (id: TextId) =>
  (props: Props): Sentence | undefined =>
    text(props, 'addedUsername') && text(props, 'username')
      ? { id, words: {}, people: { name: text(props, 'addedUsername'), by: text(props, 'username') } }
      : undefined;

/** A header or purpose was set, changed or removed: which, its old and new words tell. */
function changed(set: TextId, change: TextId, removed: TextId, key: string) {
  return (props: Props): Sentence | undefined => {
    const name = text(props, 'username');
    if (!name) return undefined;
    const now = line(props, `new_${key}`);
    const old = line(props, `old_${key}`);
    const people = { name };
    if (!now) return { id: removed, words: { old }, people };
    return old ? { id: change, words: { old, now }, people } : { id: set, words: { now }, people };
  };
}

function privacy(props: Props, message: string): Sentence | undefined {
  // The props don't say which way it went; the server's text does, in the languages that it speaks.
  if (/priv|prywat|особ|закрыт|非公開|私有|私密|비공개/iu.test(message))
    return one('messages.system.madePrivate')(props);
  return /publi|öffentlich|公開|公开|공개/iu.test(message) ? one('messages.system.madePublic')(props) : undefined;
}

function reminder(id: TextId) {
  return (props: Props): Sentence | undefined => {
    const at = Number(props.target_time ?? 0) * 1000;
    const name = text(props, 'username');
    return name ? { id, words: {}, people: { name }, ...(at > 0 && { moments: { when: at } }) } : undefined;
  };
}

function ephemeral(props: Props): Sentence | undefined {
  if (text(props, 'type') === 'reminder') return reminder('messages.system.reminderSet')(props);
  const outside = outsiders(props);
  if (!outside) return undefined;
  const [first = ''] = outside.names;
  const rest = outside.names.length - 1;
  return { id: 'messages.system.outside', words: { count: String(rest) }, people: { name: first } };
}

/** outsiders are people whom a message mentioned and who are not in its channel. */
export function outsiders(props: Props): { names: string[]; ids: string[] } | undefined {
  const told = props.add_channel_member as { not_in_channel_usernames?: string[]; not_in_channel_user_ids?: string[] };
  const names = told?.not_in_channel_usernames ?? [];
  return names.length > 0 ? { names, ids: told.not_in_channel_user_ids ?? [] } : undefined;
}

type Maker = (props: Props, message: string) => Sentence | undefined;

const makers: Record<string, Maker> = {
  system_join_channel: one('messages.system.join'),
  system_guest_join_channel: one('messages.system.joinGuest'),
  system_leave_channel: one('messages.system.leave'),
  system_join_team: one('messages.system.joinTeam'),
  system_leave_team: one('messages.system.leaveTeam'),
  system_add_to_channel: two('messages.system.added'),
  system_add_guest_to_chan: two('messages.system.addedGuest'),
  system_add_to_team: two('messages.system.addedTeam'),
  system_remove_from_channel: one('messages.system.removed', 'removedUsername'),
  system_remove_from_team: one('messages.system.removedTeam'),
  system_header_change: changed(
    'messages.system.headerSet',
    'messages.system.headerChanged',
    'messages.system.headerRemoved',
    'header',
  ),
  system_purpose_change: changed(
    'messages.system.purposeSet',
    'messages.system.purposeChanged',
    'messages.system.purposeRemoved',
    'purpose',
  ),
  system_displayname_change: (props) => {
    const base = one('messages.system.renamed')(props);
    return base && { ...base, words: { old: text(props, 'old_displayname'), now: text(props, 'new_displayname') } };
  },
  system_channel_deleted: one('messages.system.archived'),
  system_channel_restored: one('messages.system.restored'),
  system_change_chan_privacy: privacy,
  system_convert_channel: one('messages.system.madePrivate'),
  system_move_channel: one('messages.system.moved'),
  system_gm_to_channel: one('messages.system.groupConverted'),
  system_autotranslation: (props) =>
    one(String(props.enabled) === 'true' ? 'messages.system.translationOn' : 'messages.system.translationOff')(props),
  system_wrangler: (props) =>
    text(props, 'MovedThreadPermalink')
      ? { id: 'messages.system.threadMoved', words: { count: String(Number(props.NumMessages) || 1) }, people: {} }
      : undefined,
  system_ephemeral: ephemeral,
  reminder: reminder('messages.system.reminder'),
};

const plainly =
  (id: TextId): Maker =>
  (_props, message) =>
    message ? undefined : { id, words: {}, people: {} };
makers.custom_up_notification = plainly('messages.system.upgradeAsked');
makers.custom_spillage_report = plainly('messages.system.reported');
makers.add_bot_teams_channels = plainly('messages.system.botMade');
makers.system_generic = plainly('messages.system.something');
makers.system_join_leave = plainly('messages.system.cameOrWent');
makers.system_add_remove = plainly('messages.system.cameOrWent');

type Told = Pick<StoredPost, 'type' | 'props' | 'message'>;

const known = new WeakMap<object, Sentence>();

/** sentenceOf words a message by its type; undefined leaves it to its own text. */
export function sentenceOf(post: Told): Sentence | undefined {
  const make = makers[post.type];
  if (!make) return undefined;
  const found = known.get(post) ?? make(post.props, post.message);
  if (found) known.set(post, found);
  return found;
}

/** isNotice tells whether a message stands as a quiet line about what happened, rather than as somebody's words. */
export const isNotice = (post: Pick<StoredPost, 'type'>): boolean =>
  post.type.startsWith('system_') && !isEphemeral(post) && post.type !== 'system_auto_responder';

function namesOf(state: State, sentence: Sentence): Record<string, string> {
  const names: Record<string, string> = {};
  for (const [key, username] of Object.entries(sentence.people)) {
    const user = usersByName(state).get(username);
    names[key] = user ? nameOf(user, viewOf(state).nameFormat) : username;
  }
  return names;
}

/** momentsOf writes the moments of a sentence. */
export function momentsOf(sentence: Sentence, times: Times): Record<string, string> {
  return Object.fromEntries(Object.entries(sentence.moments ?? {}).map(([key, at]) => [key, times.full(at)]));
}

/** sentenceText is the sentence of a message as plain words. */
export const sentenceText = (sentence: Sentence, t: Translate, times: Times): string =>
  t(sentence.id, { ...sentence.words, ...namesOf(getState(), sentence), ...momentsOf(sentence, times) });

/** useSystemText is the sentence of a message as plain words; undefined for what people wrote. */
export function useSystemText(post: StoredPost): string | undefined {
  const t = useText();
  const times = useTimes();
  const sentence = sentenceOf(post);
  // Names that become known make other words.
  useApp((state) => (sentence ? Object.values(namesOf(state, sentence)).join() : ''));
  return sentence && sentenceText(sentence, t, times);
}
