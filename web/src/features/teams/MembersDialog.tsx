import { Ellipsis, ShieldCheck, ShieldOff, UserMinus, UserPlus } from 'lucide-react';
import { memo, useState } from 'react';
import { VList } from 'virtua';
import { openCard } from '@/features/people/card';
import { Tag } from '@/features/people/Tag';
import { UserAvatar } from '@/features/people/UserAvatar';
import { UserName } from '@/features/people/UserName';
import { Text, useText } from '@/i18n/text';
import { closeDialog, openDialog } from '@/store/commands';
import { useModel, usePaged } from '@/store/paged';
import type { OpenDialog } from '@/store/place';
import { displayName } from '@/store/selectors';
import { useApp } from '@/store/store';
import { attempt } from '@/ui/attempt';
import { Button } from '@/ui/Button';
import { ConfirmDialog } from '@/ui/ConfirmDialog';
import { Dialog } from '@/ui/Dialog';
import { EmptyState } from '@/ui/EmptyState';
import { ErrorState } from '@/ui/ErrorState';
import { IconButton } from '@/ui/IconButton';
import { Menu, MenuItem } from '@/ui/Menu';
import { SearchField } from '@/ui/SearchField';
import { SkeletonRow } from '@/ui/Skeleton';
import styles from './MembersDialog.module.css';
import { type TeamMember, TeamMembers } from './members';
import { mayInvite, type TeamRights, useTeamRights } from './rights';

/** MembersDialog lists who is in a team, and lets those who may change roles and remove people. */
export function MembersDialog({ dialog }: { dialog: Extract<OpenDialog, { kind: 'team-members' }> }) {
  const t = useText();
  const { teamId } = dialog;
  const name = useApp((state) => state.teams.teams[teamId]?.display_name ?? '');
  const rights = useTeamRights(teamId);
  const invite = useApp((state) => mayInvite(state, teamId));
  const members = useModel(() => new TeamMembers(teamId));
  const [leaving, setLeaving] = useState('');
  const { term } = usePaged(members.list);
  return (
    <Dialog
      open
      onClose={closeDialog}
      title={t('teams.members.title', { team: name })}
      bare
      footer={
        invite && (
          <Button icon={<UserPlus size={16} />} onClick={() => openDialog({ kind: 'invite', teamId })}>
            {t('teams.invite')}
          </Button>
        )
      }
    >
      <div className={styles.search}>
        <SearchField
          label={t('teams.members.search')}
          value={term}
          focusFirst
          onChange={(next) => members.list.search(next)}
        />
      </div>
      <List members={members} rights={rights} onRemove={setLeaving} />
      {leaving && <Removal userId={leaving} team={name} members={members} onClose={() => setLeaving('')} />}
    </Dialog>
  );
}

interface ListProps {
  members: TeamMembers;
  rights: TeamRights;
  onRemove: (userId: string) => void;
}

function List({ members, rights, onRemove }: ListProps) {
  const t = useText();
  const { items, loading, error, term } = usePaged(members.list);
  if (error) return <ErrorState error={error} onRetry={() => members.list.again()} />;
  if (items.length === 0 && loading) {
    return (
      <div className={styles.loading} aria-busy="true">
        <SkeletonRow rows={7} picture={32} />
      </div>
    );
  }
  if (items.length === 0) {
    return (
      <div className={styles.none}>
        <EmptyState title={t('teams.members.none')}>{term && t('teams.members.noneHint')}</EmptyState>
      </div>
    );
  }
  return (
    // biome-ignore lint/a11y/useSemanticElements: the list is virtual and brings its own boxes
    <div className={styles.list} role="list" aria-label={t('teams.members.list')} aria-busy={loading}>
      <VList
        onScroll={(offset) => {
          if (offset > items.length * 52 - 1600) members.list.more();
        }}
      >
        {items.map((member) => (
          <Row key={member.userId} member={member} members={members} rights={rights} onRemove={onRemove} />
        ))}
      </VList>
    </div>
  );
}

type RowProps = ListProps & { member: TeamMember };

const Row = memo(function Row({ member, members, rights, onRemove }: RowProps) {
  const t = useText();
  const { userId, membership } = member;
  const name = useApp((state) => displayName(state, userId));
  const username = useApp((state) => state.users.profiles[userId]?.username ?? '');
  const own = useApp((state) => state.users.me === userId);
  const guest = membership?.scheme_guest ?? false;
  const admin = membership?.scheme_admin ?? false;
  const acts = !own && membership && (rights.remove || (rights.roles && !guest));
  return (
    // biome-ignore lint/a11y/useSemanticElements: the list is virtual and brings its own boxes
    <div role="listitem" className={styles.row}>
      <button
        type="button"
        className={styles.person}
        aria-haspopup="dialog"
        onClick={(event) => openCard(userId, event.currentTarget)}
      >
        <UserAvatar userId={userId} size={32} presence />
        <span className={styles.who}>
          <span className={styles.name}>
            <UserName userId={userId} tags />
          </span>
          <span className={styles.username}>
            @{username}
            {own && ` · ${t('teams.members.you')}`}
          </span>
        </span>
      </button>
      {admin && <Tag>{t('teams.members.admin')}</Tag>}
      {acts ? (
        <Menu
          label={t('teams.members.acts', { name })}
          placement="bottom-end"
          trigger={<IconButton size="s" label={t('teams.members.acts', { name })} icon={<Ellipsis />} noTooltip />}
        >
          {rights.roles && !guest && (
            <MenuItem
              icon={admin ? <ShieldOff /> : <ShieldCheck />}
              onSelect={() => void attempt(members.setAdmin(userId, !admin))}
            >
              {t(admin ? 'teams.members.demote' : 'teams.members.promote')}
            </MenuItem>
          )}
          {rights.remove && (
            <MenuItem icon={<UserMinus />} danger onSelect={() => onRemove(userId)}>
              {t('teams.members.remove')}
            </MenuItem>
          )}
        </Menu>
      ) : (
        <span className={styles.noActs} />
      )}
    </div>
  );
});

interface RemovalProps {
  userId: string;
  team: string;
  members: TeamMembers;
  onClose: () => void;
}

function Removal({ userId, team, members, onClose }: RemovalProps) {
  const t = useText();
  const name = useApp((state) => displayName(state, userId));
  return (
    <ConfirmDialog
      title={t('teams.members.removeTitle', { name })}
      confirm={t('teams.members.remove')}
      danger
      onConfirm={() => members.remove(userId)}
      onClose={onClose}
    >
      <Text id="teams.members.removeWords" values={{ name, team, b: (parts) => <strong>{parts}</strong> }} />
    </ConfirmDialog>
  );
}
