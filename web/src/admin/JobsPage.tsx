import { useState } from 'react';
import { cancelJob, getJobs, type Job } from '@/api/admin';
import { type TextId, useText } from '@/i18n/text';
import { can } from '@/store/selectors';
import { useApp } from '@/store/store';
import { attempt } from '@/ui/attempt';
import { Button } from '@/ui/Button';
import { useFound } from '@/ui/useFound';
import { Bar, Lead, Moment, Pager, Table, Waiting } from './parts';

const perPage = 30;
const going = ['pending', 'in_progress'];

/** JobsPage lists what the server did by itself or was asked to do. */
export function JobsPage() {
  const t = useText();
  const [page, setPage] = useState(0);
  const found = useFound(() => getJobs(page, perPage), String(page));
  return (
    <>
      <Lead>{t('admin.jobs.lead')}</Lead>
      <Bar>
        <span />
        <Button onClick={() => void found.reload()}>{t('admin.reload')}</Button>
      </Bar>
      <Waiting of={found}>
        {(list) => (
          <>
            <Jobs list={list} onChanged={found.reload} />
            <Pager page={page} more={list.length === perPage} onTurn={setPage} />
          </>
        )}
      </Waiting>
    </>
  );
}

/** Jobs is a list of runs, those that go on with a button to stop them. */
export function Jobs({ list, onChanged }: { list: Job[]; onChanged: () => Promise<void> }) {
  const t = useText();
  const manages = useApp((state) => can(state, 'manage_jobs'));
  const stop = async (id: string) => {
    await attempt(cancelJob(id));
    await onChanged();
  };
  return (
    <Table
      label={t('admin.page.jobs')}
      empty={t('admin.jobs.none')}
      rows={list}
      keyOf={(job) => job.id}
      columns={[
        {
          id: 'type',
          title: t('admin.jobs.job'),
          cell: (job) => job.type.replace(/^parley_/, '').replaceAll('_', ' '),
        },
        {
          id: 'status',
          title: t('admin.jobs.status'),
          cell: (job) =>
            t(`admin.jobs.status.${job.status}` as TextId) +
            (job.status === 'in_progress' && job.progress > 0 ? ` ${job.progress} %` : ''),
        },
        { id: 'begun', title: t('admin.jobs.begun'), cell: (job) => <Moment at={job.create_at} /> },
        { id: 'error', title: t('admin.jobs.about'), cell: (job) => job.data?.error ?? '' },
        {
          id: 'acts',
          title: t('admin.acts'),
          cell: (job) =>
            manages && going.includes(job.status) ? (
              <Button onClick={() => void stop(job.id)}>{t('admin.jobs.stop')}</Button>
            ) : null,
        },
      ]}
    />
  );
}
