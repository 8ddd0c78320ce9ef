/** What the pages of all kinds have in common: search, the list, making, changing and deleting one. */
import { Plus, Trash2 } from 'lucide-react';
import { type ComponentType, useState } from 'react';
import { useText } from '@/i18n/text';
import { Button } from '@/ui/Button';
import { ConfirmDialog } from '@/ui/ConfirmDialog';
import { EmptyState } from '@/ui/EmptyState';
import { IconButton } from '@/ui/IconButton';
import { Bar, type Column, Lead, Table, Waiting } from '@/ui/listing';
import { SearchField } from '@/ui/SearchField';
import { TextButton } from '@/ui/TextButton';
import { useLoaded } from '@/ui/useLoaded';
import styles from './Integrations.module.css';
import { fits } from './words';

/** The kinds whose pages are lists of this sort. */
export type Listed = 'incoming' | 'outgoing' | 'commands' | 'bots' | 'apps' | 'connections' | 'subscriptions';

export interface FormDialogProps<T> {
  teamId: string;
  /** What is changed; none to make a new one. */
  item?: T;
  onClose: () => void;
  /** Something was saved: the list is asked for again. */
  onChanged: () => Promise<void>;
}

export interface ListPageProps<T> {
  kind: Listed;
  teamId: string;
  icon: ComponentType<{ size?: number }>;
  load: () => Promise<T[]>;
  idOf: (item: T) => string;
  nameOf: (item: T) => string;
  aboutOf: (item: T) => string;
  /** All words by which one is found. */
  wordsOf: (item: T) => string;
  columns: readonly Column<T>[];
  /** Deletes one; without it nothing can be deleted. */
  remove?: (item: T) => Promise<unknown>;
  /** Whether a new one may be made. */
  makes?: boolean;
  Dialog: ComponentType<FormDialogProps<T>>;
  /** More buttons above the list. */
  tools?: (reload: () => Promise<void>) => React.ReactNode;
}

/** ListPage shows what is there of a kind, and opens one to change it. */
export function ListPage<T>(props: ListPageProps<T>) {
  const { kind, teamId, load, makes = true, Dialog, tools } = props;
  const t = useText();
  const [term, setTerm] = useState('');
  const [opened, setOpened] = useState<{ item?: T }>();
  const found = useLoaded(load);
  const add = (
    <Button kind="primary" icon={<Plus size={16} aria-hidden="true" />} onClick={() => setOpened({})}>
      {t(`integrations.${kind}.add`)}
    </Button>
  );
  return (
    <>
      <Lead>{t(`integrations.${kind}.lead`)}</Lead>
      <Waiting of={found}>
        {(items) =>
          items.length === 0 ? (
            <EmptyState
              icon={<props.icon size={32} />}
              title={t(`integrations.${kind}.empty`)}
              action={
                <div className={styles.empty}>
                  {makes && add}
                  {tools?.(found.reload)}
                </div>
              }
            >
              {t(`integrations.${kind}.empty.hint`)}
            </EmptyState>
          ) : (
            <>
              <Bar>
                <SearchField label={t(`integrations.${kind}.find`)} value={term} onChange={setTerm} />
                {tools?.(found.reload)}
                {makes && add}
              </Bar>
              <Items
                {...props}
                items={items}
                term={term}
                onOpen={(item) => setOpened({ item })}
                onChanged={found.reload}
              />
            </>
          )
        }
      </Waiting>
      {opened && (
        <Dialog
          teamId={teamId}
          {...(opened.item !== undefined && { item: opened.item })}
          onClose={() => setOpened(undefined)}
          onChanged={found.reload}
        />
      )}
    </>
  );
}

type ItemsProps<T> = ListPageProps<T> & {
  items: readonly T[];
  term: string;
  onOpen: (item: T) => void;
  onChanged: () => Promise<void>;
};

function Items<T>(props: ItemsProps<T>) {
  const { kind, items, term, columns, idOf, nameOf, aboutOf, wordsOf, remove, onOpen, onChanged } = props;
  const t = useText();
  const [removing, setRemoving] = useState<T>();
  const name: Column<T> = {
    id: 'name',
    title: t('integrations.name'),
    cell: (item) => (
      <div className={styles.naming}>
        <TextButton onClick={() => onOpen(item)}>{nameOf(item)}</TextButton>
        {aboutOf(item) && (
          <p className={styles.about} dir="auto">
            {aboutOf(item)}
          </p>
        )}
      </div>
    ),
  };
  const acts: Column<T> = {
    id: 'acts',
    title: t('integrations.acts'),
    cell: (item) => (
      <IconButton
        label={t('integrations.remove.of', { name: nameOf(item) })}
        icon={<Trash2 size={18} />}
        onClick={() => setRemoving(item)}
      />
    ),
  };
  return (
    <>
      <Table
        label={t(`integrations.page.${kind}`)}
        empty={t('integrations.none')}
        rows={items.filter((item) => fits(wordsOf(item), term))}
        keyOf={idOf}
        columns={[name, ...columns, ...(remove ? [acts] : [])]}
      />
      {remove && removing !== undefined && (
        <ConfirmDialog
          danger
          title={t('integrations.remove.title', { name: nameOf(removing) })}
          confirm={t('integrations.remove')}
          onConfirm={async () => {
            await remove(removing);
            await onChanged();
          }}
          onClose={() => setRemoving(undefined)}
        >
          <p>{t(`integrations.${kind}.remove`)}</p>
        </ConfirmDialog>
      )}
    </>
  );
}
