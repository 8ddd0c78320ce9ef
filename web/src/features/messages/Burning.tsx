import { Flame } from 'lucide-react';
import { useState } from 'react';
import { revealPost } from '@/api/posts';
import { Text } from '@/i18n/text';
import type { StoredPost } from '@/store/post';
import { dispatch } from '@/store/store';
import { Button } from '@/ui/Button';
import { attempt } from './actions';
import styles from './Message.module.css';

/** Burning stands for a message that can be read once: reading it starts the time until it disappears. */
export function Burning({ post }: { post: StoredPost }) {
  const [busy, setBusy] = useState(false);
  const minutes = Math.max(1, Math.round(Number(post.props.read_duration ?? 0) / 60));
  const read = async () => {
    setBusy(true);
    await attempt(revealPost(post.id).then((shown) => dispatch({ type: 'posts/found', posts: [shown] })));
    setBusy(false);
  };
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
