/** Everything that a row shows and that can change, in one reading of the store. */
import type { Topic } from '@/api/topics';
import { permalink } from '@/store/paths';
import type { StoredPost } from '@/store/post';
import type { Marks } from '@/store/reactions';
import { isSaved } from '@/store/selectors';
import { type State, useAppShallow } from '@/store/store';
import { topicOf } from '@/store/topics';
import type { Where } from './acts';
import { type Author, authorOf } from './author';
import { mentionedNames, peopleKey } from './surroundings';
import { sentenceOf } from './system';

export interface RowFacts {
  post: StoredPost;
  author: Author;
  /** The reactions to it. */
  marks: Marks | undefined;
  saved: boolean;
  editing: boolean;
  /** Its address. */
  href: string;
  /** The title of the thread that it begins. */
  topic: Topic | undefined;
  /** Whom it mentions, as one text. */
  people: string;
}

const authors = new Map<string, Author>();

/** The same author is the same object, so that a row is drawn again only when something of it changed. */
function sameAuthor(author: Author): Author {
  const key = Object.values(author).join('\n');
  const known = authors.get(key);
  if (known) return known;
  if (authors.size > 2000) authors.clear();
  authors.set(key, author);
  return author;
}

const nothing: Partial<RowFacts> = Object.freeze({});

function factsOf(state: State, channelId: string, postId: string, where: Where): Partial<RowFacts> {
  const bucket = state.posts.byChannel[channelId];
  const post = bucket?.posts[postId];
  if (!post) return nothing;
  const { editing } = state.place;
  const place = where === 'channel' ? 'centre' : 'pane';
  const names = [...mentionedNames(post), ...Object.values(sentenceOf(post)?.people ?? {})];
  return {
    post,
    author: sameAuthor(authorOf(state, post)),
    marks: bucket.reactions[postId],
    saved: isSaved(state, postId),
    editing: editing?.postId === postId && editing.where === place,
    href: permalink(state, channelId, postId),
    topic: post.root_id === '' ? topicOf(state, channelId, postId) : undefined,
    people: peopleKey(state, names),
  };
}

/** useFacts reads the facts of a message; undefined while it is not known. */
export function useFacts(channelId: string, postId: string, where: Where): RowFacts | undefined {
  const facts = useAppShallow((state) => factsOf(state, channelId, postId, where));
  return facts.post ? (facts as RowFacts) : undefined;
}
