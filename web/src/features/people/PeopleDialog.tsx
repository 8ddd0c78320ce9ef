import { IdCard, UsersRound } from 'lucide-react';
import { type KeyboardEvent, memo, useEffect, useRef, useState } from 'react';
import { VList, type VListHandle } from 'virtua';
import { useText } from '@/i18n/text';
import { closeDialog } from '@/store/commands';
import { displayName, fullName, myTeamIds, setting } from '@/store/selectors';
import { getState, useApp } from '@/store/store';
import { Dialog } from '@/ui/Dialog';
import { EmptyState } from '@/ui/EmptyState';
import { ErrorState } from '@/ui/ErrorState';
import { IconButton } from '@/ui/IconButton';
import { SearchField } from '@/ui/SearchField';
import { Select } from '@/ui/Select';
import { SkeletonRow } from '@/ui/Skeleton';
import { writeTo } from './actions';
import { StatusEmoji } from './CustomStatus';
import { openCard } from './card';
import {
  changeDirectory,
  closeDirectory,
  moreOfDirectory,
  openDirectory,
  searchDirectory,
  useDirectory,
} from './directory';
import styles from './PeopleDialog.module.css';
import { UserAvatar } from './UserAvatar';
import { PersonTags, UserName } from './UserName';

/** PeopleDialog is the directory: everybody of the team or of the server, to write to or to look at. */
export function PeopleDialog() {
  const t = useText();
  const [term, setTerm] = useState('');
  const list = useRef<VListHandle>(null);
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    openDirectory(getState().place.teamId);
    return closeDirectory;
  }, []);
  const search = (next: string) => {
    setTerm(next);
    searchDirectory(next);
    list.current?.scrollTo(0);
  };
  return (
    <Dialog open onClose={closeDialog} title={t('people.directory.title')} bare>
      <div className={styles.bar}>
        <SearchField
          className={styles.search}
          label={t('people.directory.search')}
          focusFirst
          value={term}
          onChange={search}
          onKeyDown={(event) => {
            if (event.key !== 'ArrowDown') return;
            event.preventDefault();
            rowAt(box.current, 0)?.focus();
          }}
        />
        <Scope />
      </div>
      <div ref={box} className={styles.list}>
        <People list={list} />
      </div>
    </Dialog>
  );
}

/** Whose people: those of a team, or everybody that one may write to. */
function Scope() {
  const t = useText();
  const { teamId } = useDirectory();
  const everybody = useApp((state) => setting(state, 'RestrictDirectMessage') !== 'team');
  const teams = useApp((state) => myTeamIds(state).join(' '));
  const names = useApp((state) => state.teams.teams);
  const options = teams
    .split(' ')
    .filter(Boolean)
    .map((id) => ({ value: id, label: names[id]?.display_name ?? '' }));
  if (everybody) options.push({ value: '', label: t('people.directory.everybody') });
  return (
    <Select
      hideLabel
      className={styles.scope}
      label={t('people.directory.scope')}
      value={teamId}
      options={options}
      onChange={changeDirectory}
    />
  );
}

const rowAt = (box: HTMLElement | null, index: number): HTMLElement | null =>
  box?.querySelector<HTMLElement>(`[data-row="${index}"]`) ?? null;

/** A row that is far away is drawn a few frames after the list was scrolled there, and hidden until it is measured. */
function focusRow(box: HTMLElement | null, index: number, tries = 60): void {
  requestAnimationFrame(() => {
    const row = rowAt(box, index);
    row?.focus();
    if (tries > 0 && (!row || document.activeElement !== row)) focusRow(box, index, tries - 1);
  });
}

function People({ list }: { list: React.RefObject<VListHandle | null> }) {
  const t = useText();
  const { ids, loading, complete, error, term } = useDirectory();
  // The row with the focus stays in the page while the list is scrolled: the focus goes on from there.
  const [walked, setWalked] = useState(0);
  if (ids.length === 0) {
    if (loading) return <Loading />;
    if (error !== undefined) return <ErrorState error={error} onRetry={() => searchDirectory(term)} />;
    return (
      <EmptyState icon={<UsersRound size={28} />} title={t('people.directory.none')}>
        {t('people.directory.none.hint')}
      </EmptyState>
    );
  }
  const walk = (event: KeyboardEvent<HTMLElement>, index: number) => {
    const next = { ArrowDown: index + 1, ArrowUp: index - 1, Home: 0, End: ids.length - 1 }[event.key];
    if (next === undefined || next >= ids.length) return;
    event.preventDefault();
    const box = event.currentTarget.closest<HTMLElement>(`.${styles.list}`);
    if (next < 0) return box?.parentElement?.querySelector('input')?.focus();
    setWalked(next);
    list.current?.scrollToIndex(next, { align: 'nearest' });
    focusRow(box, next);
  };
  const scrolled = (offset: number) => {
    const handle = list.current;
    if (!complete && handle && handle.scrollSize - offset - handle.viewportSize < 600) moreOfDirectory();
  };
  return (
    // biome-ignore lint/a11y/useSemanticElements: the list is virtual and brings its own boxes
    <div className={styles.rows} role="list" aria-label={t('people.directory.list')} aria-busy={loading}>
      <VList ref={list} className={styles.scroll} keepMounted={[Math.min(walked, ids.length - 1)]} onScroll={scrolled}>
        {ids.map((id, index) => (
          <Person key={id} userId={id} index={index} onKeyDown={walk} />
        ))}
        {!complete && (
          <div className={styles.more}>
            {error !== undefined ? (
              <ErrorState error={error} onRetry={moreOfDirectory} />
            ) : (
              <SkeletonRow picture={36} />
            )}
          </div>
        )}
      </VList>
    </div>
  );
}

const Loading = () => (
  <div className={styles.loading} aria-busy="true">
    <SkeletonRow rows={6} picture={36} />
  </div>
);

type PersonProps = {
  userId: string;
  index: number;
  onKeyDown: (event: KeyboardEvent<HTMLElement>, index: number) => void;
};

const Person = memo(function Person({ userId, index, onKeyDown }: PersonProps) {
  const t = useText();
  const name = useApp((state) => displayName(state, userId));
  const own = useApp((state) => state.users.me === userId);
  const user = useApp((state) => state.users.profiles[userId]);
  const full = user ? fullName(user) : '';
  const about = [`@${user?.username ?? ''}`, full !== name ? full : '', user?.position].filter(Boolean).join(' · ');
  return (
    // biome-ignore lint/a11y/useSemanticElements: the list is virtual, its rows are laid out by their own boxes
    <div className={styles.row} role="listitem">
      <button
        type="button"
        data-row={index}
        className={styles.person}
        title={t('people.directory.write', { name })}
        onClick={() => void writeTo(userId)}
        onKeyDown={(event) => onKeyDown(event, index)}
      >
        <UserAvatar userId={userId} size={36} presence />
        <span className={styles.words}>
          <span className={styles.name}>
            <UserName userId={userId} />
            {own && <span className={styles.own}> {t('people.directory.you')}</span>}
            <PersonTags userId={userId} />
            <StatusEmoji userId={userId} />
          </span>
          <span className={styles.about} dir="auto">
            {about}
          </span>
        </span>
      </button>
      <IconButton
        label={t('people.card.of', { name })}
        icon={<IdCard />}
        className={styles.card}
        placement="left"
        onClick={(event) => openCard(userId, event.currentTarget)}
      />
    </div>
  );
});
