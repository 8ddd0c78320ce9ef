/** What the text of a message can refer to, from the store: people, channels, emojis, images, one's own words. */
import { useMemo } from 'react';
import { navigate } from 'wouter/use-browser-location';
import { apiUrl } from '@/api/http';
import { customEmojiUrl } from '@/features/emoji/custom';
import { openGroupCard } from '@/features/groups/card';
import { openCard } from '@/features/people/card';
import type { MarkdownContext, MentionTarget } from '@/markdown/context';
import type { MentionKey } from '@/markdown/marks';
import { namesOf, wordsOf } from '@/markdown/words';
import { openDialog, openPane } from '@/store/commands';
import { groupsByName, isIn } from '@/store/groups';
import type { StoredPost } from '@/store/post';
import { preference } from '@/store/preferences';
import { isOn, myProfile, nameOf, setting, usersByName } from '@/store/selectors';
import { getState, type State, useApp } from '@/store/store';
import { useReading } from './reading';
import { viewOf } from './view';

function ownKeys(state: State): readonly MentionKey[] {
  const me = myProfile(state);
  const props = (me?.notify_props ?? {}) as Partial<Record<string, string>>;
  const words = [props.mention_keys, props.highlight_keys].flatMap((list) => (list ?? '').split(','));
  // A name after an @ stands out by itself.
  const keys: MentionKey[] = words
    .map((word) => word.trim())
    .filter((word) => word && !word.startsWith('@'))
    .map((key) => ({ key }));
  if (props.first_name === 'true' && me?.first_name) keys.push({ key: me.first_name, caseSensitive: true });
  return keys;
}

function makeBase(state: State): MarkdownContext {
  const proxied = isOn(state, 'HasImageProxy');
  const siteUrl = setting(state, 'SiteURL') || window.location.origin;
  // What the server says of pages comes with addresses that lead through its proxy already.
  const foreign = (src: string) => /^https?:/i.test(src) && !src.startsWith(`${siteUrl.replace(/\/+$/, '')}/`);
  return {
    emoji: customEmojiUrl,
    imageUrl: (src) => (proxied && foreign(src) ? apiUrl('/image', { url: src }) : src),
    onMention: (userId, anchor) => openCard(userId, anchor),
    onGroup: openGroupCard,
    onHashtag: (tag) => openPane({ kind: 'search', terms: tag, teamId: getState().place.teamId }),
    onNavigate: navigate,
    onImage: (src, alt) => openDialog({ kind: 'image', src, alt }),
    siteUrl,
    schemes: setting(state, 'CustomUrlSchemes').split(',').filter(Boolean),
    latex: isOn(state, 'EnableLatex'),
    inlineLatex: isOn(state, 'EnableLatex') && isOn(state, 'EnableInlineLatex'),
    hashtagMinLength: Number(setting(state, 'MinimumHashtagLength')) || 3,
    mentionKeys: ownKeys(state),
    emoticons: preference(state.preferences, 'display_settings', 'render_emoticons_as_emoji', 'true') !== 'false',
  };
}

let last: { from: readonly unknown[]; base: MarkdownContext } | undefined;

/** baseContext is what all messages share; the same object while settings and one's own words are the same. */
export function baseContext(state: State): MarkdownContext {
  const me = myProfile(state);
  const emoticons = preference(state.preferences, 'display_settings', 'render_emoticons_as_emoji', 'true');
  const from = [state.server.config, me?.notify_props, me?.first_name, emoticons];
  if (!last?.from.every((value, i) => value === from[i])) last = { from, base: makeBase(state) };
  return last.base;
}

/** useBaseContext is for text that is no message: headers, previews. */
export const useBaseContext = (): MarkdownContext => useReading()?.base ?? baseContext(getState());

const nobody: readonly string[] = [];
const named = new WeakMap<object, readonly string[]>();

/** mentionedNames lists the usernames that a text may mean, in all their readings; looked for once for each post. */
export function mentionedNames(post: { message: string; props?: unknown }): readonly string[] {
  if (!post.message.includes('@') && !hasAttachments(post)) return nobody;
  let names = named.get(post);
  if (!names) {
    const people = [post.message, ...attachmentTexts(post)].flatMap((text) =>
      text.includes('@') ? wordsOf(text).people : [],
    );
    names = people.length > 0 ? [...new Set(people.flatMap(namesOf))] : nobody;
    named.set(post, names);
  }
  return names;
}

type WithProps = { props?: unknown };
const attachmentsOf = (post: WithProps): unknown[] => {
  const list = (post.props as Record<string, unknown> | undefined)?.attachments;
  return Array.isArray(list) ? list : [];
};
const hasAttachments = (post: WithProps): boolean => attachmentsOf(post).length > 0;
const attachmentTexts = (post: WithProps): string[] =>
  attachmentsOf(post).flatMap((one) =>
    typeof one === 'object' && one !== null ? Object.values(one).filter((v): v is string => typeof v === 'string') : [],
  );

/** peopleKey is one text that changes when any of some people becomes known or is called differently. */
export function peopleKey(state: State, names: readonly string[]): string {
  if (names.length === 0) return '';
  const users = usersByName(state);
  const groups = groupsByName(state.groups);
  const { nameFormat } = viewOf(state);
  return names
    .map((name) => {
      const user = users.get(name);
      if (user) return `${name}\n${user.id}\n${nameOf(user, nameFormat)}`;
      const group = groups.get(name);
      return group ? `${name}\n${group.id}\n${name}\n${isIn(state.groups, group.id) ? 'mine' : 'group'}` : '';
    })
    .filter(Boolean)
    .join('\t');
}

function mentionFrom(key: string): MarkdownContext['mention'] {
  const me = getState().users.me;
  const people = new Map<string, MentionTarget>();
  for (const entry of key.split('\t')) {
    const [name = '', id = '', label = '', group] = entry.split('\n');
    people.set(name, group ? { id, label, me: group === 'mine', group: true } : { id, label, me: id === me });
  }
  return (name) => people.get(name);
}

type Mentioned = Record<string, { display_name?: string; team_name?: string } | undefined>;

function channelFrom(post: Pick<StoredPost, 'channel_id' | 'props'>): MarkdownContext['channel'] {
  const listed = post.props.channel_mentions as Mentioned | undefined;
  return (name) => {
    const state = getState();
    const told = listed?.[name];
    const teamId = state.channels.channels[post.channel_id]?.team_id || state.place.teamId;
    const team = told?.team_name || state.teams.teams[teamId]?.name;
    if (told?.display_name && team) return { label: told.display_name, href: `/${team}/channels/${name}` };
    // One's own message that is on its way has no list yet.
    const known = Object.values(state.channels.channels).find((one) => one.name === name && one.team_id === teamId);
    return known && team ? { label: known.display_name, href: `/${team}/channels/${name}` } : undefined;
  };
}

function extras(post: Pick<StoredPost, 'channel_id' | 'message' | 'props' | 'metadata'>): Partial<MarkdownContext> {
  const { images, emojis } = post.metadata;
  const made: Partial<MarkdownContext> = {};
  if (images) made.imageSize = (src) => images[src];
  if (emojis?.length) {
    const urls = new Map(emojis.map((emoji) => [emoji.name, apiUrl(`/emoji/${'id' in emoji ? emoji.id : ''}/image`)]));
    made.emoji = (name) => urls.get(name) ?? customEmojiUrl(name);
  }
  if (post.message.includes('~') || hasAttachments(post)) made.channel = channelFrom(post);
  if (post.props.disable_group_highlight === true || post.props.mentionHighlightDisabled === true)
    made.disableGroupHighlight = true;
  return made;
}

type Written = Pick<StoredPost, 'channel_id' | 'message' | 'props' | 'metadata'>;

/** useContextWith is `useMessageContext` for who knows already whom the message mentions (`peopleKey`). */
export function useContextWith(post: Written, people: string, searchTerms?: readonly string[]): MarkdownContext {
  const base = useBaseContext();
  return useMemo(() => {
    const own = extras(post);
    if (!people && !searchTerms?.length && Object.keys(own).length === 0) return base;
    return { ...base, ...own, ...(people && { mention: mentionFrom(people) }), ...(searchTerms && { searchTerms }) };
  }, [base, people, post, searchTerms]);
}

/** useMessageContext is what the text of one message can refer to. It keeps its identity while nothing in it changed. */
export function useMessageContext(post: Written, searchTerms?: readonly string[]): MarkdownContext {
  const people = useApp((state) => peopleKey(state, mentionedNames(post)));
  return useContextWith(post, people, searchTerms);
}
