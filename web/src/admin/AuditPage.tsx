import { Download } from 'lucide-react';
import { useState } from 'react';
import { useIntl } from 'react-intl';
import { auditsUrl, type ChainReport, checkAudits, getAudits } from '@/api/admin';
import { UserName } from '@/features/people/UserName';
import { useText } from '@/i18n/text';
import { needUsers } from '@/realtime/load';
import { attempt } from '@/ui/attempt';
import { Banner } from '@/ui/Banner';
import { Button } from '@/ui/Button';
import buttons from '@/ui/Button.module.css';
import { cx } from '@/ui/cx';
import { useFound } from '@/ui/useFound';
import { Bar, Lead, Moment, Pager, Table, Waiting } from './parts';
import styles from './parts.module.css';

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
      <Chain />
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

/** Chain checks whether the trail is what was written, and lets one take it along. */
function Chain() {
  const t = useText();
  const [busy, setBusy] = useState(false);
  const [report, setReport] = useState<ChainReport>();
  const check = async () => {
    setBusy(true);
    setReport(undefined);
    await attempt(checkAudits().then(setReport));
    setBusy(false);
  };
  return (
    <>
      <Bar>
        <span />
        <a className={cx(buttons.button, buttons.quiet)} href={auditsUrl()} download>
          <Download aria-hidden="true" />
          <span className={buttons.words}>{t('admin.audit.export')}</span>
        </a>
        <Button busy={busy} onClick={() => void check()}>
          {t('admin.audit.check')}
        </Button>
      </Bar>
      {report && (
        <div className={styles.told}>
          <Report of={report} />
        </div>
      )}
    </>
  );
}

function Report({ of }: { of: ChainReport }) {
  const t = useText();
  const intl = useIntl();
  const day = (at: number) => intl.formatDate(at, { dateStyle: 'medium', timeStyle: 'medium' });
  const span = { count: of.lines, from: day(of.from), to: day(of.to) };
  if (of.broken)
    return (
      <Banner kind="danger">
        <p>{t('admin.audit.broken', { n: of.broken_n ?? 0, id: of.broken })}</p>
        <p>{t('admin.audit.good', span)}</p>
      </Banner>
    );
  return (
    <Banner kind="info">
      <p>{of.lines === 0 ? t('admin.audit.empty') : t('admin.audit.whole', span)}</p>
      {of.removed > 0 && <p>{t('admin.audit.removed', { count: of.removed })}</p>}
      {of.before > 0 && <p>{t('admin.audit.before', { count: of.before })}</p>}
      {of.head && (
        <p>
          {t('admin.audit.head')} <code>{of.head}</code>
        </p>
      )}
    </Banner>
  );
}
