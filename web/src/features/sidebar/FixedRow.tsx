import { MessagesSquare, PenLine, TriangleAlert } from 'lucide-react';
import { type CSSProperties, memo } from 'react';
import { useText } from '@/i18n/text';
import { draftsPath, threadsPath } from '@/store/paths';
import { failedCount } from '@/store/scheduled';
import { useApp, useAppShallow } from '@/store/store';
import { Badge } from '@/ui/Badge';
import styles from './Row.module.css';

export interface FixedRowProps {
  style: CSSProperties;
  tabbable: boolean;
  position: number;
  size: number;
}

const noThreads = { total: 0, unread: 0, mentions: 0 };

/** ThreadsRow leads to the threads of the team that one follows. */
export const ThreadsRow = memo(function ThreadsRow(props: FixedRowProps) {
  const t = useText();
  const { unread, mentions } = useAppShallow((state) => state.threads.totals[state.place.teamId] ?? noThreads);
  const href = useApp((state) => threadsPath(state, state.place.teamId));
  const current = useApp((state) => state.place.view === 'threads');
  const heard = [
    t('sidebar.threads'),
    mentions > 0 && t('sidebar.mentions', { count: mentions }),
    unread > 0 && t('sidebar.row.unread'),
  ];
  return (
    <Fixed {...props} name="threads" heard={heard} href={href} current={current} unread={unread > 0}>
      <span className={styles.sign} aria-hidden="true">
        <MessagesSquare size={16} />
      </span>
      <span className={styles.name}>{t('sidebar.threads')}</span>{' '}
      <span className={styles.badge}>
        <Badge count={mentions} />
      </span>
    </Fixed>
  );
});

/** DraftsRow leads to what was begun and not sent. */
export const DraftsRow = memo(function DraftsRow(props: FixedRowProps) {
  const t = useText();
  const count = useApp((state) => Object.keys(state.drafts).length);
  const failed = useApp(failedCount);
  const href = useApp((state) => draftsPath(state, state.place.teamId));
  const current = useApp((state) => state.place.view === 'drafts' || state.place.view === 'scheduled');
  const heard = [
    t('sidebar.drafts'),
    count > 0 && t('sidebar.drafts.count', { count }),
    failed > 0 && t('sidebar.drafts.failed', { count: failed }),
  ];
  return (
    <Fixed {...props} name="drafts" heard={heard} href={href} current={current}>
      <span className={styles.sign} aria-hidden="true">
        <PenLine size={16} />
      </span>
      <span className={styles.name}>{t('sidebar.drafts')}</span>{' '}
      <span className={styles.count} data-figures aria-hidden="true">
        {count > 0 && count}
      </span>
      {failed > 0 && (
        <span className={styles.failed} aria-hidden="true">
          <TriangleAlert size={14} />
          <span data-figures>{failed}</span>
        </span>
      )}
    </Fixed>
  );
});

interface FixedProps extends FixedRowProps {
  name: string;
  heard: (string | false)[];
  href: string;
  current: boolean;
  unread?: boolean;
  children: React.ReactNode;
}

function Fixed({ style, tabbable, position, size, name, heard, href, current, unread, children }: FixedProps) {
  return (
    <div
      role="treeitem"
      aria-level={1}
      aria-posinset={position + 1}
      aria-setsize={size}
      aria-selected={current}
      aria-current={current ? 'page' : undefined}
      aria-label={heard.filter(Boolean).join(', ')}
      tabIndex={tabbable ? 0 : -1}
      data-key={name}
      data-unread={unread || undefined}
      className={styles.row}
      style={style}
    >
      <a href={href} tabIndex={-1} draggable={false} className={styles.link}>
        {children}
      </a>
    </div>
  );
}
