import { plainText } from '@/markdown/plain';
import type { StoredPost } from '@/store/post';
import { postOf } from '@/store/posts';
import { useApp } from '@/store/store';
import { Avatar } from '@/ui/Avatar';
import { useAuthor } from '../author';
import { sentenceOf, useSystemText } from '../system';
import styles from './Dialogs.module.css';

/** Quoted is the message that a dialog is about, in a few lines. */
export function Quoted({ channelId, postId }: { channelId: string; postId: string }) {
  const post = useApp((state) => postOf(state.posts, channelId, postId));
  return post ? <Lines post={post} /> : null;
}

function Lines({ post }: { post: StoredPost }) {
  const author = useAuthor(post);
  const sentence = sentenceOf(post);
  const system = useSystemText(post);
  return (
    <blockquote className={styles.quoted}>
      {!sentence && (
        <p className={styles.author}>
          <Avatar src={author.picture} name={author.name} size={20} />
          {author.name}
        </p>
      )}
      <p className={styles.text} dir="auto">
        {system ?? plainText(post.message, { max: 280 })}
      </p>
    </blockquote>
  );
}
