import { Ellipsis, PenLine } from 'lucide-react';
import { type CSSProperties, memo } from 'react';
import { ChannelIcon } from '@/features/channels/ChannelIcon';
import { useChannelName } from '@/features/channels/names';
import { StatusEmoji } from '@/features/people/CustomStatus';
import { useText } from '@/i18n/text';
import { draftKey } from '@/store/drafts';
import { channelPath } from '@/store/paths';
import { partnerId, unreadOf } from '@/store/selectors';
import { useApp, useAppShallow } from '@/store/store';
import { Badge } from '@/ui/Badge';
import styles from './Row.module.css';
import { channelKey } from './rows';

export interface ChannelRowProps {
  channelId: string;
  style: CSSProperties;
  tabbable: boolean;
  position: number;
  size: number;
  /** Its menu is open. */
  busy: boolean;
  draggable: boolean;
}

/** ChannelRow is one channel or conversation of the sidebar. What is done with it the tree around it does. */
export const ChannelRow = memo(function ChannelRow(props: ChannelRowProps) {
  const { channelId, style, tabbable, position, size, busy, draggable } = props;
  const t = useText();
  const name = useChannelName(channelId);
  const { unread, mentions, muted } = useAppShallow((state) => unreadOf(state, channelId));
  const current = useApp((state) => state.place.view === 'channel' && state.place.channelId === channelId);
  const href = useApp((state) => {
    const channel = state.channels.channels[channelId];
    return channel ? channelPath(state, channel, state.place.teamId) : '';
  });
  const partner = useApp((state) => {
    const channel = state.channels.channels[channelId];
    return channel?.type === 'D' ? partnerId(channel, state.users.me) : '';
  });
  const archived = useApp((state) => (state.channels.channels[channelId]?.delete_at ?? 0) > 0);
  const draft = useApp((state) => state.drafts[draftKey(channelId, '')] !== undefined) && !current;
  const heard = [
    name,
    archived && t('sidebar.row.archived'),
    // In the order in which they are seen, so that saying what one reads finds the row.
    mentions > 0 && t('sidebar.mentions', { count: mentions }),
    unread && t('sidebar.row.unread'),
    muted && t('sidebar.row.muted'),
    draft && t('sidebar.row.draft'),
  ];
  return (
    <div
      role="treeitem"
      aria-level={2}
      aria-posinset={position + 1}
      aria-setsize={size}
      aria-selected={current}
      aria-current={current ? 'page' : undefined}
      aria-label={heard.filter(Boolean).join(', ')}
      tabIndex={tabbable ? 0 : -1}
      data-key={channelKey(channelId)}
      data-unread={unread || undefined}
      data-muted={muted || undefined}
      data-busy={busy || undefined}
      draggable={draggable}
      className={styles.row}
      style={style}
    >
      <a href={href} tabIndex={-1} draggable={false} className={styles.link}>
        <span className={styles.icon}>
          <ChannelIcon channelId={channelId} />
        </span>
        <span className={styles.name} dir="auto">
          {name}
        </span>
        {partner && <StatusEmoji userId={partner} className={styles.status} />}
        {draft && <PenLine size={14} className={styles.draft} aria-hidden="true" />}
        {/* A blank that nobody sees: the name and the number are two words. */}{' '}
        <span className={styles.badge}>
          <Badge count={mentions} quiet={muted} />
        </span>
      </a>
      <button
        type="button"
        tabIndex={-1}
        data-menu=""
        aria-haspopup="menu"
        aria-label={t('sidebar.row.menu', { name })}
        className={styles.more}
      >
        <Ellipsis size={16} aria-hidden="true" />
      </button>
    </div>
  );
});
