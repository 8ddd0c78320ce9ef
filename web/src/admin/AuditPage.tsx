import { useState } from 'react';
import { getAudits } from '@/api/admin';
import { UserName } from '@/features/people/UserName';
import { useText } from '@/i18n/text';
import { needUsers } from '@/realtime/load';
import { useFound } from '@/ui/useFound';
import { Lead, Moment, Pager, Table, Waiting } from './parts';

const perPage = 100;

/** AuditPage says who did what to the server, the newest first. */
export function AuditPage() {
  const t = useText();
  const [page, setPage] = useState(0);
  const found = useFound(async () => {
    const list = await getAudits(page, perPage);
    await needUsers(list.map((one) => one.user_id).filter(Boolean));
    return list;
  }, String(page));
  return (
    <>
      <Lead>{t('admin.audit.lead')}</Lead>
      <Waiting of={found}>
        {(list) => (
          <>
            <Table
              label={t('admin.page.audit')}
              empty={t('admin.audit.none')}
              rows={list}
              keyOf={(one) => one.id}
              columns={[
                { id: 'at', title: t('admin.audit.at'), cell: (one) => <Moment at={one.create_at} /> },
                {
                  id: 'who',
                  title: t('admin.audit.who'),
                  cell: (one) => (one.user_id ? <UserName userId={one.user_id} /> : ''),
                },
                { id: 'what', title: t('admin.audit.what'), cell: (one) => one.action.replace('/api/v4', '') },
                { id: 'about', title: t('admin.audit.about'), cell: (one) => one.extra_info },
                { id: 'from', title: t('admin.audit.from'), cell: (one) => one.ip_address },
              ]}
            />
            <Pager page={page} more={list.length === perPage} onTurn={setPage} />
          </>
        )}
      </Waiting>
    </>
  );
}
