import { useState } from 'react';
import { useIntl } from 'react-intl';
import { getSettingsHistory, rollbackSettings, type SettingsChange } from '@/api/admin';
import { useText } from '@/i18n/text';
import { attempt } from '@/ui/attempt';
import { Button } from '@/ui/Button';
import { ConfirmDialog } from '@/ui/ConfirmDialog';
import { toast } from '@/ui/toast';
import { useLoaded } from '@/ui/useLoaded';
import { Lead, Moment, Table, Waiting } from './parts';
import { labelOf } from './settings/labels';

const shown = 200;

/** valueText is a value as it is listed. */
const valueText = (value: unknown): string => (typeof value === 'string' ? value || '""' : JSON.stringify(value));

/** HistoryPage says who changed which setting when, and takes changes back: one, or all since a moment. */
export function HistoryPage() {
  const t = useText();
  const history = useLoaded(() => getSettingsHistory(shown));
  const [since, setSince] = useState<SettingsChange>();
  const undo = async (id: string) => {
    if (await attempt(rollbackSettings({ id }))) toast(t('admin.changes.undone'));
    await history.reload();
  };
  return (
    <>
      <Lead>{t('admin.changes.lead')}</Lead>
      <Waiting of={history}>
        {(list) => <Changes list={list} onUndo={(one) => void undo(one.id)} onSince={setSince} />}
      </Waiting>
      {since && (
        <Since
          change={since}
          onDone={async () => {
            await rollbackSettings({ since: since.at });
            await history.reload();
          }}
          onClose={() => setSince(undefined)}
        />
      )}
    </>
  );
}

type ListProps = {
  list: SettingsChange[];
  onUndo: (change: SettingsChange) => void;
  onSince: (change: SettingsChange) => void;
};

function Changes({ list, onUndo, onSince }: ListProps) {
  const t = useText();
  const told = (change: SettingsChange, value: unknown) => {
    if (change.secret) return t('admin.changes.secret');
    return value === undefined ? t('admin.changes.none') : valueText(value);
  };
  return (
    <Table
      label={t('admin.page.changes')}
      empty={t('admin.changes.empty')}
      rows={list}
      keyOf={(one) => one.id}
      columns={[
        { id: 'setting', title: t('admin.changes.setting'), cell: (one) => labelOf(t, one.key) },
        { id: 'old', title: t('admin.changes.old'), cell: (one) => told(one, one.old) },
        { id: 'new', title: t('admin.changes.new'), cell: (one) => told(one, one.new) },
        { id: 'who', title: t('admin.audit.who'), cell: (one) => one.username || t('admin.changes.command') },
        { id: 'at', title: t('admin.audit.at'), cell: (one) => <Moment at={one.at} /> },
        {
          id: 'acts',
          title: t('admin.acts'),
          cell: (one) =>
            one.secret ? null : (
              <>
                <Button onClick={() => onUndo(one)}>{t('admin.changes.undo')}</Button>{' '}
                <Button kind="plain" onClick={() => onSince(one)}>
                  {t('admin.changes.since')}
                </Button>
              </>
            ),
        },
      ]}
    />
  );
}

function Since({
  change,
  onDone,
  onClose,
}: {
  change: SettingsChange;
  onDone: () => Promise<void>;
  onClose: () => void;
}) {
  const t = useText();
  const intl = useIntl();
  const at = intl.formatDate(change.at, { dateStyle: 'long', timeStyle: 'medium' });
  return (
    <ConfirmDialog
      danger
      title={t('admin.changes.since.title', { at })}
      confirm={t('admin.changes.since')}
      onConfirm={onDone}
      onClose={onClose}
    >
      <p>{t('admin.changes.since.words')}</p>
    </ConfirmDialog>
  );
}
