import { type ReactNode, useEffect } from 'react';
import { useIntl } from 'react-intl';
import { getChannelStatistics, getTeamStatistics, type Statistics } from '@/api/statistics';
import { useChannelName } from '@/features/channels/names';
import { UserAvatar } from '@/features/people/UserAvatar';
import { UserName } from '@/features/people/UserName';
import { useText } from '@/i18n/text';
import { needUsers } from '@/realtime/load';
import { closeDialog } from '@/store/commands';
import type { OpenDialog } from '@/store/place';
import { useApp } from '@/store/store';
import { Dialog } from '@/ui/Dialog';
import { ErrorState } from '@/ui/ErrorState';
import { SkeletonLines } from '@/ui/Skeleton';
import { useLoaded } from '@/ui/useLoaded';
import { Days } from './Days';
import styles from './Statistics.module.css';

/** StatisticsDialog counts what is written in a channel, or in all of a team. */
export function StatisticsDialog({ dialog }: { dialog: Extract<OpenDialog, { kind: 'statistics' }> }) {
  const t = useText();
  const channelId = 'channelId' in dialog ? dialog.channelId : '';
  const teamId = 'teamId' in dialog ? dialog.teamId : '';
  const channel = useChannelName(channelId);
  const team = useApp((state) => state.teams.teams[teamId]?.display_name ?? '');
  const { value, error, reload } = useLoaded(() =>
    channelId ? getChannelStatistics(channelId) : getTeamStatistics(teamId),
  );
  return (
    <Dialog open onClose={closeDialog} title={t('statistics.title', { name: channelId ? channel : team })}>
      {value ? (
        <Figures of={value} />
      ) : error ? (
        <ErrorState error={error} onRetry={() => void reload()} />
      ) : (
        <div aria-busy="true">
          <SkeletonLines lines={6} />
        </div>
      )}
    </Dialog>
  );
}

function Figures({ of }: { of: Statistics }) {
  const t = useText();
  const { open_channels: open, private_channels: closed } = of;
  useEffect(() => void needUsers((of.authors ?? []).map((one) => one.user_id)), [of]);
  return (
    <div className={styles.figures}>
      <dl className={styles.numbers}>
        <Figure label={t('statistics.members')} value={of.members} />
        {of.guests > 0 && <Figure label={t('statistics.guests')} value={of.guests} />}
        <Figure label={t('statistics.messages')} value={of.messages} />
        <Figure label={t('statistics.threads')} value={of.threads} />
        <Figure label={t('statistics.files')} value={of.files} />
        {open !== undefined && <Figure label={t('statistics.open')} value={open} />}
        {closed !== undefined && <Figure label={t('statistics.private')} value={closed} />}
      </dl>
      <Days days={of.days} />
      {of.authors && of.authors.length > 0 && (
        <Ranking
          title={t('statistics.authors')}
          rows={of.authors.map(({ user_id: id, messages }) => ({
            id,
            messages,
            name: (
              <>
                <UserAvatar userId={id} size={24} /> <UserName userId={id} />
              </>
            ),
          }))}
        />
      )}
      {of.channels && of.channels.length > 0 && (
        <Ranking
          title={t('statistics.channels')}
          rows={of.channels.map((one) => ({ id: one.channel_id, messages: one.messages, name: one.display_name }))}
        />
      )}
    </div>
  );
}

function Figure({ label, value }: { label: string; value: number }) {
  const intl = useIntl();
  return (
    <div className={styles.figure}>
      <dt>{label}</dt>
      <dd>{intl.formatNumber(value)}</dd>
    </div>
  );
}

function Ranking({ title, rows }: { title: string; rows: { id: string; name: ReactNode; messages: number }[] }) {
  const intl = useIntl();
  const most = Math.max(1, ...rows.map((row) => row.messages));
  return (
    <section>
      <h2 className={styles.heading}>{title}</h2>
      <ol className={styles.ranking}>
        {rows.map((row) => (
          <li key={row.id}>
            <span className={styles.name}>{row.name}</span>
            <span className={styles.track} aria-hidden="true">
              <span style={{ inlineSize: `${(row.messages / most) * 100}%` }} />
            </span>
            <span data-figures>{intl.formatNumber(row.messages)}</span>
          </li>
        ))}
      </ol>
    </section>
  );
}
