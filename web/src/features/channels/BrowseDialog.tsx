import { Check, Plus } from 'lucide-react';
import { memo, useMemo, useState } from 'react';
import { VList } from 'virtua';
import { Text, useText } from '@/i18n/text';
import { closeDialog, openDialog } from '@/store/commands';
import { type Paged, useModel, usePaged } from '@/store/paged';
import { can } from '@/store/selectors';
import { getState, useApp } from '@/store/store';
import { attempt } from '@/ui/attempt';
import { Button } from '@/ui/Button';
import { Checkbox } from '@/ui/Checkbox';
import { Dialog } from '@/ui/Dialog';
import { EmptyState } from '@/ui/EmptyState';
import { ErrorState } from '@/ui/ErrorState';
import { SearchField } from '@/ui/SearchField';
import { Select } from '@/ui/Select';
import { SkeletonRow } from '@/ui/Skeleton';
import { goTo, join } from './actions';
import styles from './BrowseDialog.module.css';
import { Browse, type Order, ordered, type Room, type Shelf, useBrowse } from './browse';
import { KindIcon } from './ChannelIcon';

/** BrowseDialog lists the open channels of the team, and the archived ones, to look at and to join. */
export function BrowseDialog() {
  const t = useText();
  const teamId = useApp((state) => state.place.teamId);
  const browse = useModel(() => new Browse(teamId));
  const { shelf, order, hideMine, counts } = useBrowse(browse);
  const list = browse.list(shelf);
  const paged = usePaged(list);
  const mine = useApp((state) => state.channels.mine);
  const rooms = useMemo(
    () => ordered(paged.items, order, counts).filter((room) => !hideMine || !mine[room.id]),
    [paged.items, order, counts, hideMine, mine],
  );
  const create = useApp(
    (state) => can(state, 'create_public_channel', { teamId }) || can(state, 'create_private_channel', { teamId }),
  );
  return (
    <Dialog
      open
      onClose={closeDialog}
      title={t('channels.browse.title')}
      bare
      footer={
        create && (
          <Button icon={<Plus size={16} />} onClick={() => openDialog({ kind: 'new-channel', name: paged.term })}>
            {t('channels.browse.new')}
          </Button>
        )
      }
    >
      <div className={styles.tools}>
        <SearchField
          label={t('channels.browse.search')}
          value={paged.term}
          focusFirst
          onChange={(term) => list.search(term)}
        />
        <div className={styles.choices}>
          <Select<Shelf>
            label={t('channels.browse.shelf')}
            hideLabel
            value={shelf}
            options={[
              { value: 'open', label: t('channels.browse.open') },
              { value: 'archived', label: t('channels.browse.archived') },
            ]}
            onChange={(next) => {
              browse.set({ shelf: next });
              browse.list(next).search(paged.term);
            }}
          />
          <Select<Order>
            label={t('channels.browse.order')}
            hideLabel
            value={order}
            options={(['name', 'members', 'recent'] as const).map((value) => ({
              value,
              label: t(`channels.browse.order.${value}`),
            }))}
            onChange={(next) => browse.set({ order: next })}
          />
          <Checkbox
            label={t('channels.browse.hideMine')}
            checked={hideMine}
            onChange={(on) => browse.set({ hideMine: on })}
          />
        </div>
      </div>
      <Rooms rooms={rooms} paged={paged} counts={counts} onMore={() => list.more()} onRetry={() => list.again()} />
    </Dialog>
  );
}

interface RoomsProps {
  rooms: readonly Room[];
  paged: Paged<Room>;
  counts: Readonly<Record<string, number>>;
  onMore: () => void;
  onRetry: () => void;
}

function Rooms({ rooms, paged, counts, onMore, onRetry }: RoomsProps) {
  const t = useText();
  if (paged.error) return <ErrorState error={paged.error} onRetry={onRetry} />;
  if (rooms.length === 0) {
    if (paged.loading) {
      return (
        <div className={styles.loading} aria-busy="true">
          <SkeletonRow rows={6} picture={28} />
        </div>
      );
    }
    return (
      <div className={styles.none}>
        <EmptyState title={t(paged.term ? 'channels.browse.noneFound' : 'channels.browse.none')}>
          {t(paged.term ? 'channels.browse.noneFoundHint' : 'channels.browse.noneHint')}
        </EmptyState>
      </div>
    );
  }
  return (
    // biome-ignore lint/a11y/useSemanticElements: the list is virtual and brings its own boxes
    <div className={styles.list} role="list" aria-label={t('channels.browse.title')} aria-busy={paged.loading}>
      <VList
        onScroll={(offset) => {
          if (offset > paged.items.length * 60 - 1600) onMore();
        }}
      >
        {rooms.map((room) => (
          <RoomRow key={room.id} room={room} count={counts[room.id]} />
        ))}
      </VList>
    </div>
  );
}

const RoomRow = memo(function RoomRow({ room, count }: { room: Room; count: number | undefined }) {
  const t = useText();
  const joined = useApp((state) => state.channels.mine[room.id] !== undefined);
  const me = useApp((state) => state.users.me);
  const [busy, setBusy] = useState(false);
  const view = joined || room.delete_at > 0;
  const go = async () => {
    setBusy(true);
    const done = view || (await attempt(join(room.id)));
    setBusy(false);
    if (!done) return;
    closeDialog();
    goTo(getState().channels.channels[room.id] ?? room);
  };
  return (
    // biome-ignore lint/a11y/useSemanticElements: the list is virtual and brings its own boxes
    <div role="listitem" className={styles.row}>
      <KindIcon channel={room} me={me} size={24} />
      <div className={styles.words}>
        <p className={styles.name} dir="auto">
          {room.display_name}
        </p>
        <p className={styles.facts}>
          {joined && (
            <span className={styles.joined}>
              <Check size={13} aria-hidden="true" />
              <Text id="channels.browse.joined" />
            </span>
          )}
          {count !== undefined && (
            <span>
              <Text id="channels.members.count" values={{ count }} />
            </span>
          )}
          {room.purpose && (
            <span className={styles.purpose} dir="auto">
              {room.purpose}
            </span>
          )}
        </p>
      </div>
      <Button
        busy={busy}
        aria-label={t(view ? 'channels.browse.viewOf' : 'channels.browse.joinOf', { name: room.display_name })}
        onClick={() => void go()}
      >
        {t(view ? 'channels.browse.view' : 'channels.browse.join')}
      </Button>
    </div>
  );
});
