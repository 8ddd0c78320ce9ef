import { MessagesSquare } from 'lucide-react';
import { memo } from 'react';
import { KindIcon } from '@/features/channels/ChannelIcon';
import { StatusEmoji } from '@/features/people/CustomStatus';
import { UserAvatar } from '@/features/people/UserAvatar';
import { PersonTags } from '@/features/people/UserName';
import { TeamIcon } from '@/features/teams/TeamIcon';
import { useText } from '@/i18n/text';
import { fullName, unreadOf } from '@/store/selectors';
import { useApp, useAppShallow } from '@/store/store';
import { Badge } from '@/ui/Badge';
import type { Entry } from './entries';
import { folded, partsOf } from './rank';
import styles from './SwitcherDialog.module.css';

export interface EntryRowProps {
  id: string;
  entry: Entry;
  query: string;
  chosen: boolean;
  onChoose: (entry: Entry) => void;
  onPoint: () => void;
}

const nothing = { unread: false, mentions: 0, messages: 0, muted: false };

/** EntryRow is one place that the switcher can go to. */
export const EntryRow = memo(function EntryRow({ id, entry, query, chosen, onChoose, onPoint }: EntryRowProps) {
  const t = useText();
  const channelId = entry.kind === 'channel' ? entry.channel.id : entry.kind === 'person' ? entry.channelId : undefined;
  const { unread, mentions, muted } = useAppShallow((state) => (channelId ? unreadOf(state, channelId) : nothing));
  const wanted = folded(query.trim()).replace(/^[@~#]/, '');
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the field above walks the list and chooses
    // biome-ignore lint/a11y/useFocusableInteractive: the field keeps the focus and names the chosen option
    <div
      id={id}
      role="option"
      aria-selected={chosen}
      className={styles.row}
      data-unread={unread || undefined}
      onClick={() => onChoose(entry)}
      onPointerMove={chosen ? undefined : onPoint}
    >
      <Sign entry={entry} />
      <span className={styles.label} dir="auto">
        {partsOf(entry.label, wanted).map((part, i) =>
          part.hit ? (
            <mark key={i} className={styles.hit}>
              {part.text}
            </mark>
          ) : (
            part.text
          ),
        )}
      </span>
      {entry.kind === 'person' && (
        <>
          <StatusEmoji userId={entry.userId} />
          <PersonTags userId={entry.userId} />
        </>
      )}
      <Hint entry={entry} />
      <span className={styles.badge}>
        <Badge count={mentions} label={t('sidebar.mentions', { count: mentions })} quiet={muted} />
        {unread && mentions === 0 && <span className="visually-hidden">{t('sidebar.row.unread')}</span>}
      </span>
    </div>
  );
});

function Sign({ entry }: { entry: Entry }) {
  const me = useApp((state) => state.users.me);
  switch (entry.kind) {
    case 'channel':
      return <KindIcon channel={entry.channel} me={me} size={24} />;
    case 'person':
      return <UserAvatar userId={entry.userId} size={24} presence />;
    case 'team':
      return <TeamIcon teamId={entry.teamId} size={24} />;
    case 'threads':
      return (
        <span className={styles.sign} aria-hidden="true">
          <MessagesSquare size={18} />
        </span>
      );
  }
}

/** Hint says which one it is: the username, the team, that one isn't in it. */
function Hint({ entry }: { entry: Entry }) {
  const t = useText();
  const words = useApp((state) => {
    if (entry.kind === 'person') {
      const user = state.users.profiles[entry.userId];
      if (!user) return '';
      const full = fullName(user);
      const rest = [entry.label === user.username ? '' : `@${user.username}`, full === entry.label ? '' : full];
      return [...rest, user.id === state.users.me ? t('switcher.you') : ''].filter(Boolean).join(' · ');
    }
    if (entry.kind === 'team') return t('switcher.team');
    if (entry.kind !== 'channel') return '';
    const { channel } = entry;
    const elsewhere = channel.team_id !== '' && channel.team_id !== state.place.teamId;
    return [
      elsewhere ? state.teams.teams[channel.team_id]?.display_name : '',
      channel.delete_at > 0 ? t('switcher.archived') : '',
      state.channels.mine[channel.id] ? '' : t('switcher.notJoined'),
    ]
      .filter(Boolean)
      .join(' · ');
  });
  return <span className={styles.hint}>{words}</span>;
}
