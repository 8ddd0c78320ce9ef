import { Search } from 'lucide-react';
import { useEffect, useMemo } from 'react';
import { useText } from '@/i18n/text';
import { closePane } from '@/store/commands';
import type { Pane } from '@/store/place';
import { myTeamIds } from '@/store/selectors';
import { useApp } from '@/store/store';
import { Checkbox } from '@/ui/Checkbox';
import { EmptyState } from '@/ui/EmptyState';
import { PaneHeader } from '@/ui/PaneHeader';
import { Segments } from '@/ui/Segments';
import { FileList } from './FileList';
import styles from './Found.module.css';
import { FoundList } from './FoundList';
import { search } from './look';
import { isEmptyQuery, termsOf } from './query';
import { rememberSearch } from './recent';
import { Scope } from './Scope';
import { SearchBox } from './SearchBox';

/** SearchPane shows the messages that a query finds, the newest first, in this team or in all of one's own. */
export function SearchPane({ pane }: { pane: Extract<Pane, { kind: 'search' }> }) {
  const t = useText();
  const { terms, teamId, what = 'messages', archived = false } = pane;
  const words = useMemo(() => termsOf(terms), [terms]);
  const several = useApp((state) => myTeamIds(state).length > 1);
  const here = useApp((state) => state.place.teamId);
  const nothing = isEmptyQuery(terms);
  // Also of those that were not typed, such as a hashtag that was pressed.
  useEffect(() => {
    if (!nothing) rememberSearch(terms);
  }, [terms, nothing]);
  return (
    <>
      <PaneHeader title={t('search.title')} subtitle={terms} onClose={closePane} />
      <div className={styles.box}>
        <SearchBox />
      </div>
      {!nothing && (
        <div className={styles.scope}>
          <Segments
            label={t('search.what')}
            value={what}
            options={[
              { value: 'messages', label: t('search.messages') },
              { value: 'files', label: t('search.files') },
            ]}
            onChange={(next) => search(terms, teamId, { what: next })}
          />
          {several && <Scope all={teamId === ''} onChange={(all) => search(terms, all ? '' : here)} />}
          {what === 'messages' && (
            <Checkbox
              label={t('search.archived')}
              checked={archived}
              onChange={(checked) => search(terms, teamId, { archived: checked })}
            />
          )}
        </div>
      )}
      {nothing ? (
        <div className={styles.state}>
          <EmptyState title={t('search.start')} icon={<Search size={24} />}>
            {t('search.startWhy')}
          </EmptyState>
        </div>
      ) : what === 'files' ? (
        <FileList
          pane={pane}
          empty={
            <EmptyState title={t('search.files.notFound')} icon={<Search size={24} />}>
              {t(several && teamId !== '' ? 'search.noneWhy' : 'search.noneWhyAll')}
            </EmptyState>
          }
        />
      ) : (
        <FoundList
          pane={pane}
          label={t('search.list')}
          failed={t('search.failed')}
          terms={words}
          empty={
            <EmptyState title={t('search.none')} icon={<Search size={24} />}>
              {t(several && teamId !== '' ? 'search.noneWhy' : 'search.noneWhyAll')}
            </EmptyState>
          }
        />
      )}
    </>
  );
}
