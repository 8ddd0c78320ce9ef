import { pictureUrl } from '@/api/users';
import { Text } from '@/i18n/text';
import type { StoredPost } from '@/store/post';
import { displayName } from '@/store/selectors';
import { type State, useApp, useAppShallow } from '@/store/store';
import { AvatarStack } from '@/ui/AvatarStack';
import { openThread } from './acts';
import styles from './Message.module.css';
import { useTimes, useToday } from './time';
import { useView } from './view';

const shown = 3;

function isUnread(state: State, post: StoredPost): boolean {
  const thread = state.threads.threads[post.id];
  if (!thread?.following) return false;
  return thread.unreadReplies > 0 || thread.unreadMentions > 0;
}

/** ThreadLine says how many replies there are, from whom, and when the last came. It opens the thread. */
export function ThreadLine({ post }: { post: StoredPost }) {
  const times = useTimes();
  useToday(useView().timeZone);
  const unread = useApp((state) => state.posts.collapsed && isUnread(state, post));
  const ids = post.participants.slice(0, shown);
  const names = useAppShallow((state) => ids.map((id) => displayName(state, id)));
  const pictures = useAppShallow((state) =>
    ids.map((id) => (state.users.profiles[id] ? pictureUrl(state.users.profiles[id]) : '')),
  );
  const people = ids.map((id, i) => ({ id, name: names[i] ?? '', src: pictures[i] }));
  return (
    <button type="button" className={styles.thread} onClick={() => openThread(post.channel_id, post.id)}>
      {people.length > 0 && <AvatarStack people={people} size={20} max={shown} />}
      <span className={styles.threadCount}>
        <Text id="messages.replies" values={{ count: post.reply_count }} />
      </span>
      {post.last_reply_at > 0 && (
        <span className={styles.threadTime}>
          <Text id="messages.lastReply" values={{ when: times.brief(post.last_reply_at) }} />
        </span>
      )}
      {unread && (
        <span className={styles.unreadDot}>
          <span className="visually-hidden">
            <Text id="messages.unreadReplies" />
          </span>
        </span>
      )}
    </button>
  );
}
