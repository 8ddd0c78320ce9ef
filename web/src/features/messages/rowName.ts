/** What a screen reader says of a message as a whole. */
import { useText } from '@/i18n/text';
import { plainText } from '@/markdown/plain';
import { nameOf, usersByName } from '@/store/selectors';
import { getState } from '@/store/store';
import type { RowFacts } from './facts';
import { sentenceOf, sentenceText } from './system';
import { useTimes } from './time';
import { viewOf } from './view';

const labelOf = (name: string): string | undefined => {
  const state = getState();
  const user = usersByName(state).get(name);
  return user && nameOf(user, viewOf(state).nameFormat);
};

/** useRowName returns author, time, words and state of a message as one text. */
export function useRowName({ post, author, saved }: RowFacts): string {
  const t = useText();
  const times = useTimes();
  const sentence = sentenceOf(post);
  const system = sentence && sentenceText(sentence, t, times);
  const words = post.delete_at > 0 ? t('messages.deleted') : (system ?? plainText(post.message, { mention: labelOf }));
  const time = times.clock(post.create_at);
  const parts = [
    system === undefined
      ? t('messages.row', { name: author.name, time, words })
      : t('messages.row.system', { time, words }),
  ];
  const files = post.file_ids.length;
  if (files > 0) parts.push(t('messages.files', { count: files }));
  if (post.pending === 'sending') parts.push(t('messages.sending'));
  if (post.pending === 'failed') parts.push(t('messages.failed'));
  if (post.edit_at > 0) parts.push(t('messages.edited'));
  if (post.is_pinned) parts.push(t('messages.pinned'));
  if (saved) parts.push(t('messages.saved'));
  if (post.reply_count > 0 && post.root_id === '') parts.push(t('messages.replies', { count: post.reply_count }));
  return parts.join('. ');
}
