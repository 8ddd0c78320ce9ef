import { CornerUpLeft } from 'lucide-react';
import { Text } from '@/i18n/text';
import { plainText } from '@/markdown/plain';
import type { StoredPost } from '@/store/post';
import { postOf } from '@/store/posts';
import { useApp } from '@/store/store';
import { openThread } from './acts';
import { useAuthor } from './author';
import styles from './Message.module.css';

/** Commented says what a reply answers to, where replies stand in the channel. */
export function Commented({ post }: { post: StoredPost }) {
  const root = useApp((state) => postOf(state.posts, post.channel_id, post.root_id));
  const author = useAuthor(root);
  const words = root && root.delete_at === 0 ? plainText(root.message, { max: 120 }) : '';
  return (
    <button type="button" className={styles.commented} onClick={() => openThread(post.channel_id, post.id)}>
      <CornerUpLeft size={14} aria-hidden="true" />
      <span className={styles.commentedWords}>
        {root ? (
          <Text id="messages.commented" values={{ name: author.name }} />
        ) : (
          <Text id="messages.commentedUnknown" />
        )}
        {words && <span className={styles.quoted}> {words}</span>}
      </span>
    </button>
  );
}
