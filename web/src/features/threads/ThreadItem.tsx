import { type MouseEvent, memo, useState } from 'react';
import { Link } from 'wouter';
import { ChannelIcon } from '@/features/channels/ChannelIcon';
import { useChannelName } from '@/features/channels/names';
import { useTimes, useToday } from '@/features/messages/time';
import { useView } from '@/features/messages/view';
import { Text, useText } from '@/i18n/text';
import { threadsPath } from '@/store/paths';
import { displayName } from '@/store/selectors';
import { getState, useApp } from '@/store/store';
import { type FollowedThread, isUnread } from '@/store/thread';
import { Badge } from '@/ui/Badge';
import { cx } from '@/ui/cx';
import { AnchoredMenu } from '@/ui/Menu';
import { Participants } from './Participants';
import { useSnippet } from './snippet';
import styles from './ThreadItem.module.css';
import { ThreadActs, ThreadMenu } from './ThreadMenu';

export interface ThreadItemProps {
  id: string;
  teamId: string;
  chosen: boolean;
  tabbable: boolean;
}

/** ThreadItem is one thread in the list: where it is, how it began, what is new in it. It leads to the thread. */
export const ThreadItem = memo(function ThreadItem(props: ThreadItemProps) {
  const thread = useApp((state) => state.threads.threads[props.id]);
  return thread ? <Item {...props} thread={thread} /> : null;
});

type Spot = { anchor: HTMLElement; at: { x: number; y: number } };

function Item({ id, teamId, chosen, tabbable, thread }: ThreadItemProps & { thread: FollowedThread }) {
  const t = useText();
  const { channelId } = thread;
  const href = useApp((state) => threadsPath(state, teamId, id));
  const [menu, setMenu] = useState(false);
  const [spot, setSpot] = useState<Spot>();
  const unread = isUnread(thread);
  const rightClick = (event: MouseEvent<HTMLElement>) => {
    event.preventDefault();
    setSpot({ anchor: event.currentTarget, at: { x: event.clientX, y: event.clientY } });
  };
  return (
    // biome-ignore lint/a11y/useSemanticElements: the virtual list brings its own boxes
    <div
      role="listitem"
      className={cx(styles.item, unread && styles.unread, chosen && styles.chosen, menu && styles.open)}
    >
      <Link
        href={href}
        className={styles.link}
        data-thread={id}
        tabIndex={tabbable ? 0 : -1}
        aria-current={chosen ? 'true' : undefined}
        onContextMenu={rightClick}
      >
        {unread && (
          <span className={styles.dot}>
            <span className="visually-hidden">{t('threads.isUnread')}</span>
          </span>
        )}
        <Top thread={thread} />
        <Beginning thread={thread} />
        <Bottom thread={thread} />
      </Link>
      <div className={styles.menu}>
        <ThreadMenu channelId={channelId} rootId={id} small onOpenChange={setMenu} />
      </div>
      {spot && (
        <AnchoredMenu anchor={spot.anchor} at={spot.at} label={t('threads.menu')} onClose={() => setSpot(undefined)}>
          <ThreadActs channelId={channelId} rootId={id} />
        </AnchoredMenu>
      )}
    </div>
  );
}

function Top({ thread }: { thread: FollowedThread }) {
  const t = useText();
  const times = useTimes();
  useToday(useView().timeZone);
  const name = useChannelName(thread.channelId);
  return (
    <span className={styles.top}>
      <ChannelIcon channelId={thread.channelId} size={16} />
      <span className={styles.channel}>{name || t('threads.channelGone')}</span>
      <time className={styles.time} dateTime={new Date(thread.lastReplyAt).toISOString()}>
        {times.brief(thread.lastReplyAt)}
      </time>
    </span>
  );
}

function Beginning({ thread }: { thread: FollowedThread }) {
  const author = useApp((state) =>
    thread.root.user_id === state.users.me ? '' : displayName(state, thread.root.user_id),
  );
  const snippet = useSnippet(thread.root);
  return (
    <span className={styles.words} dir="auto">
      <span className={styles.author}>{author || <Text id="threads.you" />}</span> {snippet}
    </span>
  );
}

function Bottom({ thread }: { thread: FollowedThread }) {
  const t = useText();
  const { replyCount, unreadReplies, unreadMentions } = thread;
  return (
    <span className={styles.bottom}>
      <Participants ids={thread.participants} me={getState().users.me} />
      <span data-figures>
        <Text id="threads.count" values={{ count: replyCount }} />
      </span>
      {unreadReplies > 0 && (
        <span className={styles.fresh} data-figures>
          <Text id="threads.unreadCount" values={{ count: unreadReplies }} />
        </span>
      )}
      <span className={styles.badge}>
        <Badge count={unreadMentions} label={t('threads.mentions', { count: unreadMentions })} />
      </span>
    </span>
  );
}
