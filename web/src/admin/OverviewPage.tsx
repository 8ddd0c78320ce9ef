import { ArrowRight, CircleAlert, CircleCheck } from 'lucide-react';
import { useIntl } from 'react-intl';
import { Link } from 'wouter';
import { getFigures, getLatestVersion, getNodes, getOverview, type Overview, type Reminder } from '@/api/admin';
import { type TextId, useText } from '@/i18n/text';
import { can } from '@/store/selectors';
import { useApp } from '@/store/store';
import { attempt } from '@/ui/attempt';
import { Button } from '@/ui/Button';
import { toast } from '@/ui/toast';
import { useLoaded } from '@/ui/useLoaded';
import { Bars } from './Bars';
import styles from './Overview.module.css';
import { Ago, Part, sizeText, Table, Waiting } from './parts';

/** Where each reminder leads: to the page on which it is set right. */
const ways: Record<string, string> = {
  site_url: 'settings/general',
  site_plain: 'settings/general',
  mail: 'settings/mail',
  mail_sender: 'settings/mail',
  open: 'settings/people',
  developer: 'settings/web',
  mfa_off: 'settings/signin',
  admins_mfa: 'users',
  room: 'settings/files',
  backup_none: 'backups',
  backup_old: 'backups',
};

/** OverviewPage says how the server is, and what there is to do. */
export function OverviewPage() {
  const overview = useLoaded(getOverview);
  return <Waiting of={overview}>{(of) => <Shown of={of} />}</Waiting>;
}

function Shown({ of }: { of: Overview }) {
  const t = useText();
  const { counts } = of;
  const figures = useApp((state) => can(state, 'get_analytics'));
  const nodes = useApp((state) => can(state, 'sysconsole_read_environment_high_availability'));
  return (
    <>
      <ToDo reminders={of.reminders} />
      <Part title={t('admin.overview.people')}>
        <dl className={styles.figures}>
          <Figure label={t('admin.overview.accounts')} value={counts.users.active ?? 0} />
          <Figure label={t('admin.overview.activeDay')} value={counts.active.day ?? 0} />
          <Figure label={t('admin.overview.activeMonth')} value={counts.active.month ?? 0} />
          <Figure label={t('admin.overview.connections')} value={of.sockets} />
          <Figure label={t('admin.overview.teams')} value={counts.teams.active ?? 0} />
          <Figure
            label={t('admin.overview.channels')}
            value={(counts.channels.open ?? 0) + (counts.channels.private ?? 0)}
          />
          <Figure label={t('admin.overview.posts')} value={counts.posts} />
          <Figure label={t('admin.overview.guests')} value={counts.users.guest ?? 0} />
          <Figure label={t('admin.overview.bots')} value={counts.users.bot ?? 0} />
        </dl>
      </Part>
      {figures && (
        <div className={styles.charts}>
          <Chart name="post_counts_day" heading="admin.overview.postsByDay" />
          <Chart name="user_counts_with_posts_day" heading="admin.overview.writersByDay" />
        </div>
      )}
      <Server of={of} />
      {nodes && <Nodes />}
    </>
  );
}

function ToDo({ reminders }: { reminders: Reminder[] }) {
  const t = useText();
  if (reminders.length === 0) {
    return (
      <p className={styles.fine}>
        <CircleCheck size={18} aria-hidden="true" /> {t('admin.overview.fine')}
      </p>
    );
  }
  return (
    <ul className={styles.todo} aria-label={t('admin.overview.todo')}>
      {[...reminders]
        .sort((a, b) => Number(b.urgent ?? false) - Number(a.urgent ?? false))
        .map((one) => (
          <li key={one.id} data-urgent={one.urgent}>
            <CircleAlert size={18} aria-hidden="true" />
            <span>{t(`admin.todo.${one.id}` as TextId, { count: one.count ?? 0 })}</span>
            <Link href={`/admin_console/${ways[one.id] ?? ''}`}>
              {t('admin.todo.go')} <ArrowRight size={14} aria-hidden="true" />
            </Link>
          </li>
        ))}
    </ul>
  );
}

function Figure({ label, value }: { label: string; value: number }) {
  const intl = useIntl();
  return (
    <div>
      <dt>{label}</dt>
      <dd>{intl.formatNumber(value)}</dd>
    </div>
  );
}

function Chart({ name, heading }: { name: string; heading: TextId }) {
  const t = useText();
  const figures = useLoaded(() => getFigures(name));
  return (
    <Part title={t(heading)}>
      <Waiting of={figures}>{(days) => <Bars label={t(heading)} days={days} />}</Waiting>
    </Part>
  );
}

function Server({ of }: { of: Overview }) {
  const t = useText();
  const { locale } = useIntl();
  const system = useApp((state) => can(state, 'manage_system'));
  const size = (bytes: number) => sizeText(bytes, locale);
  const rows: [TextId, React.ReactNode][] = [
    ['admin.overview.version', of.version],
    ['admin.overview.host', of.host],
    ['admin.overview.started', <Ago key="started" at={of.started_at} />],
    ['admin.overview.memory', size(of.memory_bytes)],
    [
      'admin.overview.database',
      t(`admin.overview.engine.${of.engine}`, { version: of.database_version, size: size(of.database_bytes) }),
    ],
    ['admin.overview.files', size(of.files_bytes)],
    ['admin.overview.backup', of.last_backup ? <Ago key="backup" at={of.last_backup} /> : t('admin.never')],
  ];
  if (of.room_all > 0) {
    const room = t('admin.overview.roomOf', { free: size(of.room_free), all: size(of.room_all) });
    rows.push(['admin.overview.room', room]);
  }
  return (
    <Part title={t('admin.overview.server')}>
      <dl className={styles.facts}>
        {rows.map(([id, value]) => (
          <div key={id}>
            <dt>{t(id)}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      {system && <Updates current={of.version} />}
    </Part>
  );
}

/** Nodes lists the servers that serve the same people, when there are several. */
function Nodes() {
  const t = useText();
  const { value } = useLoaded(getNodes);
  if (!value || value.length === 0) return null;
  const same = new Set(value.map((node) => `${node.version} ${node.config_hash}`)).size === 1;
  return (
    <Part title={t('admin.nodes')}>
      <p>{t(same ? 'admin.nodes.same' : 'admin.nodes.differ')}</p>
      <Table
        label={t('admin.nodes')}
        empty={t('admin.nodes')}
        rows={value}
        keyOf={(node) => node.id}
        columns={[
          { id: 'host', title: t('admin.overview.host'), cell: (node) => node.hostname },
          { id: 'address', title: t('admin.teams.address'), cell: (node) => node.ipaddress },
          { id: 'version', title: t('admin.overview.version'), cell: (node) => node.version },
        ]}
      />
    </Part>
  );
}

/** Updates asks for the latest version when somebody wants to know, and not before: nothing is sent unasked. */
function Updates({ current }: { current: string }) {
  const t = useText();
  const ask = async () => {
    const { tag_name: tag } = await getLatestVersion();
    const latest = tag.replace(/^v/, '');
    toast(latest === '' || latest === current ? t('admin.overview.latest') : t('admin.overview.newer', { latest }));
  };
  return (
    <p>
      <Button onClick={() => void attempt(ask())}>{t('admin.overview.ask')}</Button>
    </p>
  );
}
