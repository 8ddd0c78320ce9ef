import { useState } from 'react';
import { type LogLine, logsUrl, queryLogs, supportPacketUrl } from '@/api/admin';
import { useText } from '@/i18n/text';
import { can } from '@/store/selectors';
import { useApp } from '@/store/store';
import { Button } from '@/ui/Button';
import { EmptyState } from '@/ui/EmptyState';
import { Select } from '@/ui/Select';
import { TextField } from '@/ui/TextField';
import { useFound } from '@/ui/useFound';
import styles from './Logs.module.css';
import { Bar, Lead, Waiting } from './parts';

const shown = 500;

const picks = {
  all: ['error', 'warn', 'info', 'debug'],
  info: ['error', 'warn', 'info'],
  warn: ['error', 'warn'],
  error: ['error'],
};
type Pick = keyof typeof picks;

const known = new Set(['timestamp', 'level', 'msg', 'caller']);

/** rest is what a line says beside its message. */
const rest = (line: LogLine): string =>
  Object.entries(line)
    .filter(([name]) => !known.has(name))
    .map(([name, value]) => `${name}=${typeof value === 'string' ? value : JSON.stringify(value)}`)
    .join('  ');

/** LogsPage shows the newest lines of the log, the newest first. */
export function LogsPage() {
  const t = useText();
  const [pick, setPick] = useState<Pick>('info');
  const [term, setTerm] = useState('');
  const found = useFound(() => queryLogs(picks[pick], 0, shown), pick);
  const packet = useApp((state) => can(state, 'manage_system'));
  return (
    <>
      <Lead>{t('admin.log.lead')}</Lead>
      <Bar>
        <TextField type="search" label={t('admin.log.find')} value={term} onChange={setTerm} />
        <Select<Pick>
          label={t('admin.log.levels')}
          value={pick}
          onChange={setPick}
          options={(Object.keys(picks) as Pick[]).map((value) => ({ value, label: t(`admin.log.levels.${value}`) }))}
        />
        <Button onClick={() => void found.reload()}>{t('admin.reload')}</Button>
      </Bar>
      <Waiting of={found}>{(lines) => <Lines lines={lines} term={term} />}</Waiting>
      <p className={styles.links}>
        <a href={logsUrl()} download>
          {t('admin.log.download')}
        </a>
        {packet && (
          <a href={supportPacketUrl()} download>
            {t('admin.log.packet')}
          </a>
        )}
      </p>
    </>
  );
}

function Lines({ lines, term }: { lines: LogLine[]; term: string }) {
  const t = useText();
  const wanted = term.trim().toLowerCase();
  const list = lines
    .map((line, at) => ({ line, at, rest: rest(line) }))
    .filter(({ line, rest: more }) => `${line.msg} ${more}`.toLowerCase().includes(wanted))
    .reverse();
  if (list.length === 0) return <EmptyState title={t('admin.log.none')} />;
  return (
    <ol className={styles.lines} aria-label={t('admin.page.log')}>
      {list.map(({ line, at, rest: more }) => (
        <li key={at} data-level={line.level}>
          <span className={styles.time}>{line.timestamp}</span>
          <span className={styles.level}>{line.level}</span>
          <span className={styles.words}>
            {line.msg} <span className={styles.rest}>{more}</span>
          </span>
        </li>
      ))}
    </ol>
  );
}
