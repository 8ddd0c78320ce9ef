import { Archive, DoorOpen, Pencil, RotateCcw, UserMinus, UserPlus } from 'lucide-react';
import { useState } from 'react';
import { openCard } from '@/features/people/card';
import { UserAvatar } from '@/features/people/UserAvatar';
import { UserName } from '@/features/people/UserName';
import { Text, useText } from '@/i18n/text';
import { closeDialog, openDialog } from '@/store/commands';
import { isIn } from '@/store/groups';
import { type PagedList, useModel, usePaged } from '@/store/paged';
import type { OpenDialog } from '@/store/place';
import { can, displayName } from '@/store/selectors';
import { useApp } from '@/store/store';
import { attempt } from '@/ui/attempt';
import { Button } from '@/ui/Button';
import { ConfirmDialog } from '@/ui/ConfirmDialog';
import { Dialog } from '@/ui/Dialog';
import { EmptyState } from '@/ui/EmptyState';
import { ErrorState } from '@/ui/ErrorState';
import { IconButton } from '@/ui/IconButton';
import { SkeletonRow } from '@/ui/Skeleton';
import { archiveGroup, peopleOf, removeFromGroup, restoreGroup } from './actions';
import styles from './Groups.module.css';

type Props = { dialog: Extract<OpenDialog, { kind: 'group' }> };

/** GroupDialog shows a group and its people, and what one may do with them. */
export function GroupDialog({ dialog: { groupId } }: Props) {
  const t = useText();
  const group = useApp((state) => state.groups.groups[groupId]);
  const people = useModel(() => peopleOf(groupId));
  const manage = useApp((state) => can(state, 'manage_custom_group_members')) && group?.source === 'custom';
  const live = group?.delete_at === 0;
  return (
    <Dialog
      open
      onClose={closeDialog}
      title={group?.display_name ?? ''}
      description={group && `@${group.name} · ${t('groups.people', { count: group.member_count })}`}
      bare
      footer={<Tools groupId={groupId} people={people} />}
    >
      {group?.description && (
        <p className={styles.lead} dir="auto">
          {group.description}
        </p>
      )}
      <People groupId={groupId} people={people} manage={manage && live} />
    </Dialog>
  );
}

interface PeopleProps {
  groupId: string;
  people: PagedList<string>;
  manage: boolean;
}

function People({ groupId, people, manage }: PeopleProps) {
  const t = useText();
  const { items, loading, complete, error } = usePaged(people);
  if (error) return <ErrorState error={error} onRetry={() => people.again()} />;
  if (items.length === 0) {
    return (
      <div className={styles.list} aria-busy={loading}>
        {loading ? (
          <div className={styles.more}>
            <SkeletonRow rows={5} picture={32} />
          </div>
        ) : (
          <EmptyState title={t('groups.empty')}>{t('groups.empty.hint')}</EmptyState>
        )}
      </div>
    );
  }
  return (
    <ul className={styles.list} aria-label={t('groups.members')} aria-busy={loading}>
      {items.map((userId) => (
        <Person key={userId} userId={userId} groupId={groupId} people={people} manage={manage} />
      ))}
      {!complete && (
        <li className={styles.more}>
          <Button onClick={() => people.more()}>{t('groups.more')}</Button>
        </li>
      )}
    </ul>
  );
}

function Person({ userId, groupId, people, manage }: PeopleProps & { userId: string }) {
  const t = useText();
  const name = useApp((state) => displayName(state, userId));
  const username = useApp((state) => state.users.profiles[userId]?.username ?? '');
  const own = useApp((state) => state.users.me === userId);
  return (
    <li className={styles.row}>
      <button
        type="button"
        className={styles.open}
        aria-haspopup="dialog"
        onClick={(event) => openCard(userId, event.currentTarget)}
      >
        <UserAvatar userId={userId} size={32} presence />
        <span className={styles.words}>
          <span className={styles.name}>
            <UserName userId={userId} tags />
          </span>
          <span className={styles.about}>@{username}</span>
        </span>
      </button>
      {manage && !own && (
        <IconButton
          label={t('groups.remove', { name })}
          icon={<UserMinus />}
          placement="left"
          onClick={() => void takeOut(groupId, userId, people)}
        />
      )}
    </li>
  );
}

async function takeOut(groupId: string, userId: string, people: PagedList<string>): Promise<void> {
  if (await attempt(removeFromGroup(groupId, userId))) people.change((ids) => ids.filter((id) => id !== userId));
}

/** What may be done with the whole group. */
function Tools({ groupId, people }: Omit<PeopleProps, 'manage'>) {
  const t = useText();
  const group = useApp((state) => state.groups.groups[groupId]);
  const mine = useApp((state) => isIn(state.groups, groupId));
  const me = useApp((state) => state.users.me);
  const manage = useApp((state) => can(state, 'manage_custom_group_members'));
  const edit = useApp((state) => can(state, 'edit_custom_group'));
  const remove = useApp((state) => can(state, 'delete_custom_group'));
  const restore = useApp((state) => can(state, 'restore_custom_group'));
  const [asking, setAsking] = useState(false);
  if (group?.source !== 'custom') return null;
  if (group.delete_at > 0) {
    if (!restore) return null;
    return (
      <Button icon={<RotateCcw size={16} />} onClick={() => void attempt(restoreGroup(groupId))}>
        {t('groups.restore')}
      </Button>
    );
  }
  return (
    <>
      <div className={styles.tools}>
        {edit && (
          <Button icon={<Pencil size={16} />} onClick={() => openDialog({ kind: 'group-form', groupId })}>
            {t('groups.edit')}
          </Button>
        )}
        {mine && manage && (
          <Button icon={<DoorOpen size={16} />} onClick={() => void takeOut(groupId, me, people)}>
            {t('groups.leave')}
          </Button>
        )}
        {remove && (
          <Button icon={<Archive size={16} />} onClick={() => setAsking(true)}>
            {t('groups.archive')}
          </Button>
        )}
      </div>
      {manage && (
        <Button
          kind="primary"
          icon={<UserPlus size={16} />}
          onClick={() => openDialog({ kind: 'group-people', groupId })}
        >
          {t('groups.add')}
        </Button>
      )}
      {asking && (
        <ConfirmDialog
          title={t('groups.archive.title', { name: group.display_name })}
          confirm={t('groups.archive')}
          danger
          onConfirm={() => archiveGroup(groupId)}
          onClose={() => setAsking(false)}
        >
          <Text id="groups.archive.words" values={{ name: group.name }} />
        </ConfirmDialog>
      )}
    </>
  );
}
