import { UsersRound } from 'lucide-react';
import { UserAvatar } from '@/features/people/UserAvatar';
import { UserName } from '@/features/people/UserName';
import { useText } from '@/i18n/text';
import { openDialog } from '@/store/commands';
import { useModel, usePaged } from '@/store/paged';
import { useApp } from '@/store/store';
import { Button } from '@/ui/Button';
import { Popover } from '@/ui/Popover';
import { SkeletonRow } from '@/ui/Skeleton';
import { peopleOf } from './actions';
import { closeGroupCard, type OpenGroupCard } from './card';
import styles from './Groups.module.css';

/** How many people the card shows; the others are in the dialog. */
const few = 5;

/** GroupCard says what a group is and who is in it. */
export function GroupCard({ open }: { open: OpenGroupCard }) {
  const t = useText();
  const group = useApp((state) => state.groups.groups[open.groupId]);
  const people = useModel(() => peopleOf(open.groupId));
  const { items, loading } = usePaged(people);
  if (!group) return null;
  const all = () => {
    closeGroupCard();
    openDialog({ kind: 'group', groupId: open.groupId });
  };
  return (
    <Popover
      open
      anchor={open.anchor}
      onOpenChange={(stays) => !stays && closeGroupCard()}
      label={t('groups.card', { name: group.display_name })}
      placement="right-start"
      bare
      focusSelf
      className={styles.card}
    >
      <div className={styles.head}>
        <span className={styles.face} aria-hidden="true">
          <UsersRound size={20} />
        </span>
        <div className={styles.words}>
          <h2 className={styles.title} dir="auto">
            {group.display_name}
          </h2>
          <p className={styles.about}>
            @{group.name} · {t('groups.people', { count: group.member_count })}
          </p>
        </div>
      </div>
      {group.description && (
        <p className={styles.description} dir="auto">
          {group.description}
        </p>
      )}
      {loading && items.length === 0 ? (
        <div className={styles.loading} aria-busy="true">
          <SkeletonRow rows={2} picture={24} />
        </div>
      ) : (
        <ul className={styles.few}>
          {items.slice(0, few).map((userId) => (
            <li key={userId}>
              <UserAvatar userId={userId} size={22} presence />
              <UserName userId={userId} />
            </li>
          ))}
        </ul>
      )}
      <div className={styles.acts}>
        <Button wide onClick={all}>
          {t('groups.see')}
        </Button>
      </div>
    </Popover>
  );
}
