import { Ellipsis, MessageSquare, ShieldCheck, ShieldOff, UserMinus } from 'lucide-react';
import { memo } from 'react';
import { writeTo } from '@/features/people/actions';
import { openCard } from '@/features/people/card';
import { rightsOver } from '@/features/people/rights';
import { Tag } from '@/features/people/Tag';
import { UserAvatar } from '@/features/people/UserAvatar';
import { UserName } from '@/features/people/UserName';
import { useText } from '@/i18n/text';
import { displayName } from '@/store/selectors';
import { useApp, useAppShallow } from '@/store/store';
import { attempt } from '@/ui/attempt';
import { IconButton } from '@/ui/IconButton';
import { Menu, MenuItem, MenuSeparator } from '@/ui/Menu';
import styles from './MembersPane.module.css';
import type { Member, Members } from './members';

export interface MemberRowProps {
  channelId: string;
  member: Member;
  members: Members;
}

/** MemberRow is one member of a channel: who, what they are here, and what one may do with them. */
export const MemberRow = memo(function MemberRow({ channelId, member, members }: MemberRowProps) {
  const t = useText();
  const { userId, membership } = member;
  const username = useApp((state) => state.users.profiles[userId]?.username ?? '');
  const own = useApp((state) => state.users.me === userId);
  return (
    // biome-ignore lint/a11y/useSemanticElements: the list is virtual and brings its own boxes
    <div role="listitem" className={styles.row}>
      <button
        type="button"
        className={styles.person}
        aria-haspopup="dialog"
        onClick={(event) => openCard(userId, event.currentTarget, channelId)}
      >
        <UserAvatar userId={userId} size={32} presence />
        <span className={styles.who}>
          <span className={styles.name}>
            <UserName userId={userId} tags status />
          </span>
          <span className={styles.username}>
            @{username}
            {own && ` · ${t('channels.members.you')}`}
          </span>
        </span>
      </button>
      {membership?.scheme_admin && <Tag>{t('channels.members.admin')}</Tag>}
      <Acts member={member} members={members} />
    </div>
  );
});

function Acts({ member, members }: Omit<MemberRowProps, 'channelId'>) {
  const t = useText();
  const { userId, membership } = member;
  const name = useApp((state) => displayName(state, userId));
  const rights = useAppShallow((state) => rightsOver(state, membership));
  const own = useApp((state) => state.users.me === userId);
  return (
    <Menu
      label={t('channels.members.acts', { name })}
      placement="bottom-end"
      trigger={<IconButton size="s" label={t('channels.members.acts', { name })} icon={<Ellipsis />} noTooltip />}
    >
      <MenuItem icon={<MessageSquare />} onSelect={() => void attempt(writeTo(userId))}>
        {t(own ? 'channels.members.writeSelf' : 'channels.members.write')}
      </MenuItem>
      {rights.promote && (
        <MenuItem icon={<ShieldCheck />} onSelect={() => void attempt(members.setAdmin(userId, true))}>
          {t('channels.members.promote')}
        </MenuItem>
      )}
      {rights.demote && (
        <MenuItem icon={<ShieldOff />} onSelect={() => void attempt(members.setAdmin(userId, false))}>
          {t('channels.members.demote')}
        </MenuItem>
      )}
      {rights.remove && (
        <>
          <MenuSeparator />
          <MenuItem icon={<UserMinus />} danger onSelect={() => void attempt(members.remove(userId))}>
            {t('channels.members.remove')}
          </MenuItem>
        </>
      )}
    </Menu>
  );
}
