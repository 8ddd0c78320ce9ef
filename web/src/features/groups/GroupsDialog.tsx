import { Plus, UsersRound } from 'lucide-react';
import { useState } from 'react';
import { useText } from '@/i18n/text';
import { closeDialog, openDialog } from '@/store/commands';
import { isIn } from '@/store/groups';
import { type PagedList, useModel, usePaged } from '@/store/paged';
import { can } from '@/store/selectors';
import { useApp } from '@/store/store';
import { Button } from '@/ui/Button';
import { Dialog } from '@/ui/Dialog';
import { EmptyState } from '@/ui/EmptyState';
import { ErrorState } from '@/ui/ErrorState';
import { SearchField } from '@/ui/SearchField';
import { Segments } from '@/ui/Segments';
import { SkeletonRow } from '@/ui/Skeleton';
import { groupList, type Scope } from './actions';
import styles from './Groups.module.css';

/** GroupsDialog lists the groups of the server, to look at or to make one. */
export function GroupsDialog() {
  const t = useText();
  const [scope, setScope] = useState<Scope>('all');
  const [term, setTerm] = useState('');
  const lists = useModel(() => new Map<Scope, PagedList<string>>());
  const list = listOf(lists, scope);
  const look = (next: Scope, text: string) => {
    setScope(next);
    setTerm(text);
    listOf(lists, next).search(text);
  };
  const create = useApp((state) => can(state, 'create_custom_group'));
  const options = (['all', 'mine', 'archived'] as const).map((value) => ({ value, label: t(`groups.scope.${value}`) }));
  const make = (
    <Button kind="primary" icon={<Plus size={16} />} onClick={() => openDialog({ kind: 'group-form' })}>
      {t('groups.new')}
    </Button>
  );
  return (
    <Dialog open onClose={closeDialog} title={t('groups.title')} bare footer={create && make}>
      <div className={styles.bar}>
        <SearchField
          className={styles.search}
          label={t('groups.search')}
          value={term}
          focusFirst
          onChange={(next) => look(scope, next)}
        />
        <Segments label={t('groups.scope')} value={scope} options={options} onChange={(next) => look(next, term)} />
      </div>
      <List scope={scope} list={list} />
    </Dialog>
  );
}

/** Each list is loaded when it is first looked at. */
function listOf(lists: Map<Scope, PagedList<string>>, scope: Scope): PagedList<string> {
  const list = lists.get(scope) ?? groupList(scope);
  lists.set(scope, list);
  return list;
}

function List({ scope, list }: { scope: Scope; list: PagedList<string> }) {
  const t = useText();
  const { items, loading, complete, error, term } = usePaged(list);
  if (error) return <ErrorState error={error} onRetry={() => list.again()} />;
  if (items.length === 0) {
    if (loading) {
      return (
        <div className={styles.list} aria-busy="true">
          <div className={styles.more}>
            <SkeletonRow rows={5} picture={32} />
          </div>
        </div>
      );
    }
    return (
      <div className={styles.list}>
        <EmptyState icon={<UsersRound size={28} />} title={t(term ? 'groups.none.found' : `groups.none.${scope}`)}>
          {t('groups.none.hint')}
        </EmptyState>
      </div>
    );
  }
  return (
    <ul className={styles.list} aria-label={t('groups.title')} aria-busy={loading}>
      {items.map((id) => (
        <Row key={id} groupId={id} />
      ))}
      {!complete && (
        <li className={styles.more}>
          <Button onClick={() => list.more()}>{t('groups.more')}</Button>
        </li>
      )}
    </ul>
  );
}

function Row({ groupId }: { groupId: string }) {
  const t = useText();
  const group = useApp((state) => state.groups.groups[groupId]);
  const mine = useApp((state) => isIn(state.groups, groupId));
  if (!group) return null;
  return (
    <li className={styles.row}>
      <button type="button" className={styles.open} onClick={() => openDialog({ kind: 'group', groupId })}>
        <span className={styles.face} aria-hidden="true">
          <UsersRound size={18} />
        </span>
        <span className={styles.words}>
          <span className={styles.name} dir="auto">
            {group.display_name}
          </span>
          <span className={styles.about}>
            @{group.name} · {t('groups.people', { count: group.member_count })}
            {mine && ` · ${t('groups.youAreIn')}`}
          </span>
        </span>
      </button>
    </li>
  );
}
