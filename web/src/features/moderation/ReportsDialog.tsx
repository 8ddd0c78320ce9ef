import { Flag } from 'lucide-react';
import { useState } from 'react';
import type { Report } from '@/api/reports';
import { useClock } from '@/features/people/clock';
import { Tag } from '@/features/people/Tag';
import { UserAvatar } from '@/features/people/UserAvatar';
import { UserName } from '@/features/people/UserName';
import { Text, useText } from '@/i18n/text';
import { loadReports } from '@/realtime/reports';
import { closeDialog } from '@/store/commands';
import { useModel } from '@/store/paged';
import { displayName } from '@/store/selectors';
import { useApp, useAppShallow } from '@/store/store';
import { attempt } from '@/ui/attempt';
import { Button } from '@/ui/Button';
import { Dialog } from '@/ui/Dialog';
import { EmptyState } from '@/ui/EmptyState';
import { Segments } from '@/ui/Segments';
import { Select } from '@/ui/Select';
import { SkeletonRow } from '@/ui/Skeleton';
import { assign, needModerators } from './actions';
import { DecideDialog } from './DecideDialog';
import styles from './Reports.module.css';

type Act = 'keep' | 'remove';

/** ReportsDialog is where moderators look at what was reported, and decide. */
export function ReportsDialog() {
  const t = useText();
  const [shown, setShown] = useState<'waiting' | 'decided'>('waiting');
  useModel(() => attempt(Promise.all([loadReports(false), loadReports(true)])));
  const list = useApp((state) => state.reports[shown]);
  const [deciding, setDeciding] = useState<{ report: Report; act: Act }>();
  const options = (['waiting', 'decided'] as const).map((value) => ({ value, label: t(`moderation.${value}`) }));
  return (
    <Dialog open onClose={closeDialog} title={t('moderation.title')} size="l" bare>
      <div className={styles.bar}>
        <Segments label={t('moderation.which')} value={shown} options={options} onChange={setShown} />
      </div>
      {list && list.length > 0 ? (
        <ul className={styles.list} aria-label={t('moderation.title')}>
          {list.map((report) => (
            <Row key={report.post_id} report={report} onDecide={(act) => setDeciding({ report, act })} />
          ))}
        </ul>
      ) : (
        <div className={styles.list} aria-busy={!list}>
          {list ? (
            <EmptyState icon={<Flag size={28} />} title={t(`moderation.none.${shown}`)}>
              {t('moderation.none.hint')}
            </EmptyState>
          ) : (
            <SkeletonRow rows={3} picture={28} />
          )}
        </div>
      )}
      {deciding && <DecideDialog {...deciding} onClose={() => setDeciding(undefined)} />}
    </Dialog>
  );
}

function Row({ report, onDecide }: { report: Report; onDecide: (act: Act) => void }) {
  const t = useText();
  const clock = useClock();
  const { post } = report;
  const place = report.channel_name || t('moderation.conversation');
  return (
    <li className={styles.report}>
      <div className={styles.head}>
        <UserAvatar userId={report.author_id} size={28} />
        <span className={styles.author}>
          <UserName userId={report.author_id} />
        </span>
        <span className={styles.quiet}>
          {place} · {clock.near(report.reported_at)}
        </span>
        <Tag>{t(`moderation.status.${report.status}`)}</Tag>
      </div>
      <blockquote className={styles.words} dir="auto">
        {post ? post.message || t('moderation.files', { count: post.file_ids?.length ?? 0 }) : t('moderation.gone')}
      </blockquote>
      <p className={styles.why}>
        <Text
          id="moderation.by"
          values={{ name: <UserName userId={report.reporter_id} />, reason: <strong>{report.reason}</strong> }}
        />
        <Said words={report.comment} />
      </p>
      {report.decided_at > 0 ? (
        <p className={styles.why}>
          <Text id="moderation.decidedBy" values={{ name: <UserName userId={report.actor_id} /> }} />
          <Said words={report.actor_comment} />
        </p>
      ) : (
        <div className={styles.acts}>
          <Assign report={report} />
          <Button onClick={() => onDecide('keep')}>{t('moderation.keep')}</Button>
          <Button kind="danger" onClick={() => onDecide('remove')}>
            {t('moderation.remove')}
          </Button>
        </div>
      )}
    </li>
  );
}

const Said = ({ words }: { words: string }) => (words ? <q dir="auto">{words}</q> : null);

/** Whose the report is: nobody's, one's own, or another moderator's. */
function Assign({ report }: { report: Report }) {
  const t = useText();
  const me = useApp((state) => state.users.me);
  useModel(() => needModerators(report.team_id));
  const ids = useAppShallow(({ reports }) => [
    ...new Set([me, report.reviewer_id, ...(reports.moderators[report.team_id] ?? [])]),
  ]);
  const names = useAppShallow((state) => ids.map((id) => (id ? displayName(state, id) : t('moderation.nobody'))));
  return (
    <Select
      hideLabel
      className={styles.assign}
      label={t('moderation.assigned')}
      value={report.reviewer_id}
      options={ids.map((value, index) => ({ value, label: names[index] ?? '' }))}
      onChange={(userId) => userId && void attempt(assign(report.post_id, userId))}
    />
  );
}
