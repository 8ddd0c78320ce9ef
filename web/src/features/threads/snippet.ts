/** What a thread began with, in one line. */
import { useMemo } from 'react';
import { useText } from '@/i18n/text';
import { useGlyphs } from '@/markdown/glyphs';
import { plainText } from '@/markdown/plain';
import type { StoredPost } from '@/store/post';
import { nameFormat, nameOf, usersByName } from '@/store/selectors';
import { getState, useApp } from '@/store/store';

type Fallback = { text?: unknown; title?: unknown; pretext?: unknown; fallback?: unknown };

/** A message of an integration may have its words in its attachments. */
function wordsOf(post: Pick<StoredPost, 'message' | 'props'>): string {
  if (post.message.trim()) return post.message;
  const list = post.props.attachments;
  const first = Array.isArray(list) ? (list[0] as Fallback | undefined) : undefined;
  for (const words of [first?.pretext, first?.title, first?.text, first?.fallback]) {
    if (typeof words === 'string' && words.trim()) return words;
  }
  return '';
}

/** useSnippet is the beginning of a message without markup, people by the names that they are shown by. */
export function useSnippet(post: StoredPost): string {
  const t = useText();
  const format = useApp(nameFormat);
  // Names of emojis become characters once these are known.
  const emojis = useGlyphs();
  return useMemo(() => {
    const people = usersByName(getState());
    const mention = (name: string) => {
      const user = people.get(name);
      return user && nameOf(user, format);
    };
    const words = plainText(wordsOf(post), { max: 220, mention });
    return words || t('threads.files', { count: Math.max(1, post.file_ids.length) });
  }, [post, format, t, emojis]);
}
