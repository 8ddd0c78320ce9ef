import { Flame } from 'lucide-react';
import { useEffect, useState } from 'react';
import { burnPost, getPost, revealPost } from '@/api/posts';
import { Text, useText } from '@/i18n/text';
import type { StoredPost } from '@/store/post';
import { dispatch, useApp } from '@/store/store';
import { Button } from '@/ui/Button';
import { TextButton } from '@/ui/TextButton';
import { attempt } from './actions';
import styles from './Message.module.css';
import { Readers } from './Readers';
import { useTimes } from './time';

const gone = (post: StoredPost) =>
  dispatch({ type: 'post/burnt', channelId: post.channel_id, id: post.id, at: Date.now() });

/** Burning stands for a message that can be read once: reading it starts the time until it disappears. */
export function Burning({ post }: { post: StoredPost }) {
  const [busy, setBusy] = useState(false);
  const own = useApp((state) => state.users.me === post.user_id);
  const minutes = Math.max(1, Math.round(Number(post.props.read_duration ?? 0) / 60));
  const over = (post.metadata.expire_at ?? 0) > 0;
  // Events lack the words, one's own too.
  useEffect(() => {
    if (own && !over) void attempt(getPost(post.id).then((shown) => dispatch({ type: 'posts/found', posts: [shown] })));
  }, [own, over, post.id]);
  const read = async () => {
    setBusy(true);
    await attempt(revealPost(post.id).then((shown) => dispatch({ type: 'posts/found', posts: [shown] })));
    setBusy(false);
  };
  if (own || over) {
    return (
      <p className={styles.burning}>
        <Flame size={15} aria-hidden="true" />
        <Text id={over ? 'messages.burn.gone' : 'messages.burn.loading'} />
      </p>
    );
  }
  return (
    <div className={styles.burning}>
      <Button icon={<Flame />} busy={busy} onClick={() => void read()}>
        <Text id="messages.burn.read" />
      </Button>
      <span>
        <Text id="messages.burn.hint" values={{ minutes }} />
      </span>
    </div>
  );
}

/** BurningLine stands below the words of such a message: how long they are there, and for the author who has read them. */
export function BurningLine({ post }: { post: StoredPost }) {
  const t = useText();
  const times = useTimes();
  const own = useApp((state) => state.users.me === post.user_id);
  const till = post.metadata.expire_at ?? 0;
  const left = useLeft(till, post);
  const burn = () => void attempt(burnPost(post.id).then(() => gone(post)));
  return (
    <div className={styles.burning}>
      <Flame size={15} aria-hidden="true" />
      {own ? (
        <>
          <span>{till > 0 ? t('messages.burn.till', { when: times.soon(till) }) : t('messages.burn.once')}</span>
          <Readers userIds={post.metadata.recipients ?? []} />
        </>
      ) : (
        <>
          <span role="timer" data-figures>
            {t('messages.burn.left', { minutes: Math.floor(left / 60), seconds: String(left % 60).padStart(2, '0') })}
          </span>
          <TextButton onClick={burn}>{t('messages.burn.now')}</TextButton>
        </>
      )}
    </div>
  );
}

/** useLeft counts the seconds until a moment, and lets go of the words then. */
function useLeft(till: number, post: StoredPost): number {
  const { id, channel_id: channelId } = post;
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    if (till === 0) return;
    const tick = setInterval(() => {
      setNow(Date.now());
      if (Date.now() >= till) dispatch({ type: 'post/burnt', channelId, id, at: till });
    }, 1000);
    return () => clearInterval(tick);
  }, [till, id, channelId]);
  return Math.max(0, Math.ceil((till - now) / 1000));
}
