/** The titles of threads, by channel. */
import type { Topic, TopicPage } from '@/api/topics';
import type { State } from './store';

type OfChannel = Readonly<Record<string, Topic>>;

export type TopicsState = {
  /** By channel, then by root. Those without a title are kept: what is heard of them later is from before that. */
  byChannel: Readonly<Record<string, OfChannel>>;
  /** Channels whose new topics one follows. */
  following: Readonly<Record<string, boolean>>;
};

export type TopicsAction =
  | { type: 'topics/all'; channelId: string; page: TopicPage }
  | { type: 'topics/heard'; topic: Topic }
  | { type: 'topics/following'; channelId: string; following: boolean };

export const noTopics: TopicsState = { byChannel: {}, following: {} };

const later = (known: Topic | undefined, heard: Topic): boolean => !known || heard.update_at >= known.update_at;

/** topics is the reducer of this domain: `update_at` decides between versions. */
export function topics(state: TopicsState, action: TopicsAction): TopicsState {
  if (action.type === 'topics/following') {
    return { ...state, following: { ...state.following, [action.channelId]: action.following } };
  }
  const list = action.type === 'topics/heard' ? [action.topic] : action.page.topics;
  const byChannel = { ...state.byChannel };
  if (action.type === 'topics/all') byChannel[action.channelId] ??= {};
  for (const one of list) {
    const known = byChannel[one.channel_id] ?? {};
    if (later(known[one.root_id], one)) byChannel[one.channel_id] = { ...known, [one.root_id]: one };
  }
  if (action.type === 'topics/heard') return { ...state, byChannel };
  return { byChannel, following: { ...state.following, [action.channelId]: action.page.following } };
}

/** topicOf is the topic of a thread, if it has a title. */
export function topicOf(state: State, channelId: string, rootId: string): Topic | undefined {
  const topic = state.topics.byChannel[channelId]?.[rootId];
  return topic?.title ? topic : undefined;
}

const activity = (topic: Topic): number => Math.max(topic.last_reply_at, topic.create_at);

/** topicsIn lists those of a channel that are open, or resolved, the latest activity first. */
export const topicsIn = (state: State, channelId: string, resolved: boolean): Topic[] =>
  Object.values(state.topics.byChannel[channelId] ?? {})
    .filter((one) => one.title !== '' && one.resolved_at > 0 === resolved)
    .sort((a, b) => activity(b) - activity(a) || a.root_id.localeCompare(b.root_id));
