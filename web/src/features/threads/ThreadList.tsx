import { CheckCheck, MessagesSquare } from 'lucide-react';
import { useEffect, useRef } from 'react';
import { VList, type VListHandle } from 'virtua';
import { useWalk } from '@/features/search/useWalk';
import { Text, useText } from '@/i18n/text';
import { useApp } from '@/store/store';
import { Button } from '@/ui/Button';
import { EmptyState } from '@/ui/EmptyState';
import { ErrorState } from '@/ui/ErrorState';
import { SkeletonRow } from '@/ui/Skeleton';
import { TextButton } from '@/ui/TextButton';
import { type Filter, growList, openList, useListState } from './lists';
import { ThreadItem } from './ThreadItem';
import styles from './ThreadsView.module.css';
import { useCalm } from './useCalm';

export interface ThreadListProps {
  teamId: string;
  filter: Filter;
  /** The thread that is open beside the list. */
  chosen: string;
  /** Shows all threads instead of the unread ones. */
  onAll: () => void;
}

const none: readonly string[] = [];
/** Nearer to the end than this, in pixels, the next page is asked for. */
const near = 500;

/** ThreadList is one list of threads, the latest reply first. */
export function ThreadList({ teamId, filter, chosen, onAll }: ThreadListProps) {
  const list = useApp((state) => state.threads[filter][teamId]);
  const stale = list?.stale ?? true;
  useEffect(() => {
    void openList(teamId, filter);
  }, [teamId, filter]);
  useEffect(() => {
    if (stale) void openList(teamId, filter);
  }, [teamId, filter, stale]);
  const { first } = useListState(teamId, filter);
  const { ids, hold } = useCalm(list?.ids ?? none);
  if (!list && first && first !== 'busy') {
    return <ErrorState error={first.error} onRetry={() => void openList(teamId, filter)} />;
  }
  if (!list || (filter === 'unread' && first === 'busy' && ids.length === 0)) {
    return (
      <div className={styles.waiting} aria-busy="true">
        <SkeletonRow rows={6} picture={0} />
      </div>
    );
  }
  if (ids.length === 0) return <Empty filter={filter} onAll={onAll} />;
  return (
    <div className={styles.holder} {...hold}>
      <Rows teamId={teamId} filter={filter} ids={ids} chosen={chosen} complete={list.complete} />
    </div>
  );
}

function Empty({ filter, onAll }: { filter: Filter; onAll: () => void }) {
  const t = useText();
  const unread = filter === 'unread';
  return (
    <div className={styles.choose}>
      <EmptyState
        title={t(unread ? 'threads.allRead' : 'threads.none')}
        icon={unread ? <CheckCheck size={24} /> : <MessagesSquare size={24} />}
        {...(unread && { action: <Button onClick={onAll}>{t('threads.showAll')}</Button> })}
      >
        {t(unread ? 'threads.allReadWhy' : 'threads.noneWhy')}
      </EmptyState>
    </div>
  );
}

interface RowsProps extends Omit<ThreadListProps, 'onAll'> {
  ids: readonly string[];
  complete: boolean;
}

function Rows({ teamId, filter, ids, chosen, complete }: RowsProps) {
  const t = useText();
  const handle = useRef<VListHandle>(null);
  const { current, onKeyDown, onFocus } = useWalk(ids, handle, 'data-thread');
  const look = () => {
    const at = handle.current;
    if (at && at.scrollOffset + at.viewportSize > at.scrollSize - near) void growList(teamId, filter);
  };
  useEffect(look, [ids.length]);
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: it hears the keys of its rows, which walk among them
    <div className={styles.holder} onKeyDown={onKeyDown} onFocus={onFocus}>
      <VList ref={handle} className={styles.list} role="list" aria-label={t('threads.list')} onScroll={look}>
        {ids.map((id) => (
          <ThreadItem key={id} id={id} teamId={teamId} chosen={id === chosen} tabbable={id === current} />
        ))}
        {complete ? (
          <div key="end" className={styles.end} />
        ) : (
          // biome-ignore lint/a11y/useSemanticElements: the virtual list brings its own boxes
          <div key="more" role="listitem">
            <Grow teamId={teamId} filter={filter} />
          </div>
        )}
      </VList>
    </div>
  );
}

function Grow({ teamId, filter }: { teamId: string; filter: Filter }) {
  const t = useText();
  const { more } = useListState(teamId, filter);
  if (more && more !== 'busy') {
    return (
      <p className={styles.foot} role="alert">
        <Text id="threads.listFailed" />{' '}
        <TextButton onClick={() => void growList(teamId, filter)}>
          <Text id="ui.retry" />
        </TextButton>
      </p>
    );
  }
  return (
    <div className={styles.waiting} role="status" aria-label={t('threads.loading')}>
      <SkeletonRow rows={2} picture={0} />
    </div>
  );
}
