import { UserPlus } from 'lucide-react';
import { useEffect } from 'react';
import { VList } from 'virtua';
import { Text, useText } from '@/i18n/text';
import { closePane, openDialog } from '@/store/commands';
import { useModel, usePaged } from '@/store/paged';
import type { Pane } from '@/store/place';
import { useApp } from '@/store/store';
import { EmptyState } from '@/ui/EmptyState';
import { ErrorState } from '@/ui/ErrorState';
import { IconButton } from '@/ui/IconButton';
import { PaneHeader } from '@/ui/PaneHeader';
import { SearchField } from '@/ui/SearchField';
import { SkeletonRow } from '@/ui/Skeleton';
import { MemberRow } from './MemberRow';
import styles from './MembersPane.module.css';
import { Members } from './members';
import { useChannelName } from './names';
import { useRights } from './rights';

/** MembersPane lists who is in a channel, and lets those who may add, promote and remove. */
export function MembersPane({ pane }: { pane: Extract<Pane, { kind: 'members' }> }) {
  return <List key={pane.channelId} channelId={pane.channelId} />;
}

function List({ channelId }: { channelId: string }) {
  const t = useText();
  const name = useChannelName(channelId);
  const rights = useRights(channelId);
  const count = useApp((state) => state.channels.stats[channelId]?.member_count);
  const members = useModel(() => new Members(channelId));
  const { items, loading, complete, error, term } = usePaged(members.list);
  useEffect(() => members.watch(), [members]);
  const nobody = items.length === 0 && !loading && !error;
  return (
    <>
      <PaneHeader
        title={t('channels.members')}
        subtitle={name}
        onClose={closePane}
        actions={
          rights.members && (
            <IconButton
              label={t('channels.addPeople')}
              icon={<UserPlus />}
              placement="bottom"
              onClick={() => openDialog({ kind: 'add-people', channelId })}
            />
          )
        }
      />
      <div className={styles.search}>
        <SearchField label={t('channels.members.search')} value={term} onChange={(next) => members.list.search(next)} />
        {count !== undefined && !term && (
          <p className={styles.count}>
            <Text id="channels.members.count" values={{ count }} />
          </p>
        )}
      </div>
      {error ? <ErrorState error={error} onRetry={() => members.list.again()} /> : null}
      {nobody && <EmptyState title={t('channels.members.none')}>{t('channels.members.noneHint')}</EmptyState>}
      {items.length === 0 && loading && (
        <div className={styles.loading} aria-busy="true">
          <SkeletonRow rows={8} picture={32} />
        </div>
      )}
      {items.length > 0 && (
        // biome-ignore lint/a11y/useSemanticElements: the list is virtual and brings its own boxes
        <div className={styles.list} role="list" aria-label={t('channels.members')} aria-busy={loading}>
          <VList
            onScroll={(offset) => {
              // A little before the end, so that one needn't wait there.
              if (!complete && offset > items.length * 48 - 1600) members.list.more();
            }}
          >
            {items.map((member) => (
              <MemberRow key={member.userId} channelId={channelId} member={member} members={members} />
            ))}
          </VList>
        </div>
      )}
    </>
  );
}
