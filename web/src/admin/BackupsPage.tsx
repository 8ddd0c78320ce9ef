import { useEffect, useState } from 'react';
import { useIntl } from 'react-intl';
import * as adminApi from '@/api/admin';
import { useText } from '@/i18n/text';
import { attempt } from '@/ui/attempt';
import { Banner } from '@/ui/Banner';
import { Button } from '@/ui/Button';
import { ConfirmDialog } from '@/ui/ConfirmDialog';
import { useLoaded } from '@/ui/useLoaded';
import { Jobs } from './JobsPage';
import { Bar, Lead, Moment, Part, sizeText, Table, Waiting } from './parts';
import { SettingsPage } from './settings/SettingsPage';

/** While a backup is being made it is asked how far it is, every so many milliseconds. */
const askEvery = 2_000;

/** BackupsPage says which backups there are, makes one, and when they are made by themselves. */
export function BackupsPage() {
  const t = useText();
  const shelf = useLoaded(adminApi.getBackups);
  const going = shelf.value?.jobs.some((job) => job.status === 'pending' || job.status === 'in_progress') ?? false;
  useEffect(() => {
    if (!going) return undefined;
    const timer = setInterval(() => void shelf.reload(), askEvery);
    return () => clearInterval(timer);
  }, [going, shelf.reload]);
  const start = async () => {
    await attempt(adminApi.startBackup());
    await shelf.reload();
  };
  return (
    <>
      <Lead>{t('admin.backups.lead')}</Lead>
      <Bar>
        <span />
        <Button kind="primary" busy={going} onClick={() => void start()}>
          {t('admin.backups.now')}
        </Button>
      </Bar>
      <Waiting of={shelf}>
        {(of) => (
          <>
            {of.problem && <Banner kind="danger">{t('admin.backups.problem', { problem: of.problem })}</Banner>}
            <Archives list={of.archives} onChanged={shelf.reload} />
            {of.jobs.length > 0 && (
              <Part title={t('admin.backups.runs')}>
                <Jobs list={of.jobs} onChanged={shelf.reload} />
              </Part>
            )}
          </>
        )}
      </Waiting>
      <Part title={t('admin.backups.schedule')}>
        <SettingsPage sheet="backups" />
      </Part>
    </>
  );
}

function Archives({ list, onChanged }: { list: adminApi.Archive[]; onChanged: () => Promise<void> }) {
  const t = useText();
  const { locale, formatDate } = useIntl();
  const [removing, setRemoving] = useState<string>();
  return (
    <>
      <Table
        label={t('admin.page.backups')}
        empty={t('admin.backups.none')}
        rows={list}
        keyOf={(one) => one.name}
        columns={[
          { id: 'name', title: t('admin.backups.name'), cell: (one) => one.name },
          { id: 'taken', title: t('admin.backups.taken'), cell: (one) => <Moment at={one.taken} /> },
          {
            id: 'needs',
            title: t('admin.backups.needs'),
            cell: (one) =>
              one.since > 0
                ? t('admin.backups.needs.since', {
                    when: formatDate(one.since, { dateStyle: 'short', timeStyle: 'short' }),
                  })
                : t('admin.backups.needs.none'),
          },
          { id: 'size', title: t('admin.backups.size'), figures: true, cell: (one) => sizeText(one.size, locale) },
          {
            id: 'acts',
            title: t('admin.acts'),
            cell: (one) => <Button onClick={() => setRemoving(one.name)}>{t('admin.backups.remove')}</Button>,
          },
        ]}
      />
      {removing && (
        <ConfirmDialog
          danger
          title={t('admin.backups.remove.title')}
          confirm={t('admin.backups.remove')}
          onConfirm={async () => {
            await adminApi.removeBackup(removing);
            await onChanged();
          }}
          onClose={() => setRemoving(undefined)}
        >
          <p>{t('admin.backups.remove.words', { name: removing })}</p>
        </ConfirmDialog>
      )}
    </>
  );
}
