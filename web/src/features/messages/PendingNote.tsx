import { CircleAlert } from 'lucide-react';
import { Text, useText } from '@/i18n/text';
import type { StoredPost } from '@/store/post';
import { TextButton } from '@/ui/TextButton';
import { discard, retry } from './actions';
import styles from './Message.module.css';

/** PendingNote says why a message was not sent, and offers to send it again or to give it up. */
export function PendingNote({ post }: { post: StoredPost }) {
  const t = useText();
  if (post.pending !== 'failed') return <span className="visually-hidden">{t('messages.sending')}</span>;
  return (
    <p className={styles.failed} role="alert">
      <CircleAlert size={15} aria-hidden="true" />
      <span>
        <Text id="messages.notSent" /> {post.failure}
      </span>
      <TextButton onClick={() => void retry(post.channel_id, post.id)}>
        <Text id="messages.retry" />
      </TextButton>
      <TextButton danger onClick={() => discard(post.channel_id, post.id)}>
        <Text id="messages.discard" />
      </TextButton>
    </p>
  );
}
