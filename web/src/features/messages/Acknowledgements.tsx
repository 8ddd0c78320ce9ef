import { Check, CheckCheck } from 'lucide-react';
import { UserAvatar } from '@/features/people/UserAvatar';
import { UserName } from '@/features/people/UserName';
import { useText } from '@/i18n/text';
import { needUsers } from '@/realtime/load';
import type { StoredPost } from '@/store/post';
import { useApp } from '@/store/store';
import { Popover } from '@/ui/Popover';
import styles from './Acknowledgements.module.css';
import { setAcknowledged } from './acknowledging';
import { attempt } from './actions';
import { useTimes } from './time';

/** For how long one's own acknowledgement can be taken back, in milliseconds; so long does the server allow it. */
const takeBack = 5 * 60_000;

/** Acknowledgements is below a message that asks for them: one's own, and who else has seen it. */
export function Acknowledgements({ post }: { post: StoredPost }) {
  const t = useText();
  const me = useApp((state) => state.users.me);
  const open = useApp((state) => state.channels.channels[post.channel_id]?.delete_at === 0);
  const list = (post.metadata.acknowledgements ?? []).filter((one) => one.acknowledged_at > 0);
  const own = list.find((one) => one.user_id === me);
  const late = own !== undefined && Date.now() - own.acknowledged_at > takeBack;
  return (
    <div className={styles.line}>
      {post.user_id !== me && (
        <button
          type="button"
          className={styles.button}
          aria-pressed={own !== undefined}
          aria-disabled={!open || late || undefined}
          onClick={() => open && !late && void attempt(setAcknowledged(post, own === undefined))}
        >
          <Check size={15} aria-hidden="true" />
          {t(own ? 'messages.ack.done' : 'messages.ack.do')}
        </button>
      )}
      {list.length > 0 ? (
        <Popover
          label={t('messages.ack.who')}
          trigger={
            <button
              type="button"
              className={styles.count}
              onClick={() => void needUsers(list.map((one) => one.user_id))}
            >
              <CheckCheck size={15} aria-hidden="true" />
              {t('messages.ack.count', { count: list.length })}
            </button>
          }
        >
          <Who list={list} />
        </Popover>
      ) : (
        post.user_id === me && <span className={styles.none}>{t('messages.ack.none')}</span>
      )}
    </div>
  );
}

function Who({ list }: { list: readonly { user_id: string; acknowledged_at: number }[] }) {
  const t = useText();
  const times = useTimes();
  const sorted = [...list].sort((a, b) => a.acknowledged_at - b.acknowledged_at);
  return (
    <ul className={styles.who} aria-label={t('messages.ack.who')}>
      {sorted.map((one) => (
        <li key={one.user_id}>
          <UserAvatar userId={one.user_id} size={24} />
          <span className={styles.name}>
            <UserName userId={one.user_id} />
          </span>
          <span className={styles.none}>{times.soon(one.acknowledged_at)}</span>
        </li>
      ))}
    </ul>
  );
}
