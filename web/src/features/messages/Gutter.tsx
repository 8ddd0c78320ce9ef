import { Info } from 'lucide-react';
import { customEmojiUrl } from '@/features/emoji/custom';
import { openCard } from '@/features/people/card';
import { useText } from '@/i18n/text';
import { Emoji } from '@/markdown/Emoji';
import type { StoredPost } from '@/store/post';
import { Avatar } from '@/ui/Avatar';
import type { Author } from './author';
import styles from './Message.module.css';
import { useTimes } from './time';
import { useView } from './view';

export interface GutterProps {
  post: StoredPost;
  author: Author;
  head: boolean;
  notice: boolean;
}

/** Gutter is the edge of a row: the author's picture, or the time of a message that follows another. */
export function Gutter({ post, author, head, notice }: GutterProps) {
  const { compact } = useView();
  const times = useTimes();
  if (head && !compact) return <Picture post={post} author={author} />;
  return (
    <div className={styles.gutter} aria-hidden="true">
      {notice && !compact && <Info className={styles.noticeIcon} size={16} />}
      <time className={styles.gutterTime} data-always={compact || undefined}>
        {times.gutter(post.create_at)}
      </time>
    </div>
  );
}

function Picture({ post, author }: { post: StoredPost; author: Author }) {
  const t = useText();
  if (author.borrowed || !author.id) {
    return (
      <div className={styles.gutter} aria-hidden="true">
        <Face author={author} />
      </div>
    );
  }
  return (
    <div className={styles.gutter}>
      <button
        type="button"
        className={styles.picture}
        // The name beside it does the same: the keyboard and screen readers pass over the picture.
        tabIndex={-1}
        aria-hidden="true"
        title={t('messages.profile', { name: author.name })}
        onClick={(event) => openCard(author.id, event.currentTarget, post.channel_id)}
      >
        <Face author={author} />
      </button>
    </div>
  );
}

function Face({ author }: { author: Author }) {
  if (author.emoji) {
    return (
      <span className={styles.emojiFace}>
        <Emoji name={author.emoji} url={customEmojiUrl(author.emoji)} decorative />
      </span>
    );
  }
  const presence = author.presence === 'offline' ? undefined : author.presence;
  return <Avatar src={author.picture} name={author.name} size={36} presence={presence} />;
}
