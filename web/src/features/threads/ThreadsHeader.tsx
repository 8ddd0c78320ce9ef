import { ArrowLeft, CheckCheck } from 'lucide-react';
import { useState } from 'react';
import { Text, useText } from '@/i18n/text';
import { bringForward } from '@/store/commands';
import { useApp } from '@/store/store';
import { ConfirmDialog } from '@/ui/ConfirmDialog';
import { IconButton } from '@/ui/IconButton';
import { Segments } from '@/ui/Segments';
import { readAll } from './actions';
import type { Filter } from './lists';
import styles from './ThreadsView.module.css';

export interface ThreadsHeaderProps {
  teamId: string;
  filter: Filter;
  onFilter: (filter: Filter) => void;
}

/** ThreadsHeader is the top of the list of threads: which ones, and reading all of them at once. */
export function ThreadsHeader({ teamId, filter, onFilter }: ThreadsHeaderProps) {
  const t = useText();
  const [asking, setAsking] = useState(false);
  const unread = useApp((state) => state.threads.totals[teamId]?.unread ?? 0);
  const mentions = useApp((state) => state.threads.totals[teamId]?.mentions ?? 0);
  return (
    <>
      <header className={styles.header}>
        <IconButton
          className={styles.back}
          label={t('threads.toSidebar')}
          icon={<ArrowLeft />}
          onClick={() => bringForward('sidebar')}
          noTooltip
        />
        <h1 className={styles.title}>{t('threads.title')}</h1>
        <IconButton
          className={styles.readAll}
          label={t('threads.readAll')}
          icon={<CheckCheck />}
          disabled={unread === 0 && mentions === 0}
          placement="bottom-end"
          onClick={() => setAsking(true)}
        />
      </header>
      <div className={styles.filters}>
        <Segments<Filter>
          label={t('threads.filter')}
          value={filter}
          options={[
            { value: 'all', label: t('threads.filterAll') },
            {
              value: 'unread',
              label: (
                <>
                  <Text id="threads.filterUnread" />
                  {unread > 0 && (
                    <span className={styles.number} data-figures>
                      {unread}
                    </span>
                  )}
                </>
              ),
            },
          ]}
          onChange={onFilter}
        />
      </div>
      {asking && (
        <ConfirmDialog
          title={t('threads.readAllTitle')}
          confirm={t('threads.readAllConfirm')}
          onConfirm={() => readAll(teamId)}
          onClose={() => setAsking(false)}
        >
          <Text id="threads.readAllWhy" values={{ count: unread }} />
        </ConfirmDialog>
      )}
    </>
  );
}
