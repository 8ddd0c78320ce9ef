import { Bell, BellRing } from 'lucide-react';
import { attempt, setFollowing } from '@/features/messages/actions';
import { useText } from '@/i18n/text';
import { useApp } from '@/store/store';
import { Button } from '@/ui/Button';
import { Tooltip } from '@/ui/Tooltip';
import styles from './FollowButton.module.css';
import { followsThread } from './selectors';

/** FollowButton says whether one follows a thread, and changes it. There is none where replies stand in the channel. */
export function FollowButton({ channelId, rootId }: { channelId: string; rootId: string }) {
  const t = useText();
  const collapsed = useApp((state) => state.posts.collapsed);
  const following = useApp((state) => followsThread(state, channelId, rootId));
  if (!collapsed) return null;
  return (
    <Tooltip text={t(following ? 'threads.unfollowWhy' : 'threads.followWhy')} placement="bottom-end" describes>
      <Button
        kind="plain"
        className={styles.follow}
        aria-pressed={following}
        icon={following ? <BellRing size={16} aria-hidden="true" /> : <Bell size={16} aria-hidden="true" />}
        onClick={() => void attempt(setFollowing(channelId, rootId, !following))}
      >
        {t(following ? 'threads.following' : 'threads.follow')}
      </Button>
    </Tooltip>
  );
}
