import { CircleCheck, MessageSquareText } from 'lucide-react';
import type { Topic } from '@/api/topics';
import { Text, useText } from '@/i18n/text';
import { openPane } from '@/store/commands';
import styles from './Message.module.css';

/** TopicLine is the title of the thread that a message begins. It leads to the topics of the channel. */
export function TopicLine({ topic }: { topic: Topic }) {
  const t = useText();
  const resolved = topic.resolved_at > 0;
  return (
    <button
      type="button"
      className={styles.topic}
      data-resolved={resolved || undefined}
      aria-description={t('messages.topic.open')}
      onClick={() => openPane({ kind: 'topics', channelId: topic.channel_id })}
    >
      {resolved ? <CircleCheck size={15} aria-hidden="true" /> : <MessageSquareText size={15} aria-hidden="true" />}
      <span dir="auto">{topic.title}</span>
      {resolved && (
        <span className={styles.topicState}>
          <Text id="messages.topic.resolved" />
        </span>
      )}
    </button>
  );
}
