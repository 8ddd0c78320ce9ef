import { AppWindow, Globe, KeyRound, Laptop, Smartphone } from 'lucide-react';
import { useState } from 'react';
import { FormattedDate, FormattedRelativeTime } from 'react-intl';
import * as usersApi from '@/api/users';
import { Tag } from '@/features/people/Tag';
import { Text, useText } from '@/i18n/text';
import { Button } from '@/ui/Button';
import { ConfirmDialog } from '@/ui/ConfirmDialog';
import { ErrorState } from '@/ui/ErrorState';
import { FormError } from '@/ui/FormError';
import { SkeletonRow } from '@/ui/Skeleton';
import { useLoaded } from '@/ui/useLoaded';
import { Section } from './parts';
import styles from './Settings.module.css';
import { ownCsrf, type SessionKind, type SessionView, viewsOf } from './sessions';
import { useSaving } from './useSaving';

const icons: Record<SessionKind, typeof Laptop> = {
  browser: Laptop,
  desktop: AppWindow,
  phone: Smartphone,
  token: KeyRound,
  oauth: Globe,
};

/** Who signs in anew each day has many. */
const shownFirst = 5;

const load = async (): Promise<SessionView[]> => viewsOf(await usersApi.getSessions(), ownCsrf());

/** SessionsSection lists where one is signed in, to end what one doesn't know. */
export function SessionsSection() {
  const t = useText();
  const { value, error, reload } = useLoaded(load);
  const [ending, setEnding] = useState(false);
  const [all, setAll] = useState(false);
  const shown = all ? value : value?.slice(0, shownFirst);
  const others = value?.filter((one) => !one.current) ?? [];
  const endAll = async () => {
    try {
      for (const one of others) await usersApi.revokeSession(one.id);
    } finally {
      await reload();
    }
  };
  return (
    <Section title={t('settings.sessions')} hint={t('settings.sessions.hint')}>
      {!value && error === undefined && (
        <div aria-busy="true">
          <SkeletonRow rows={2} picture={24} />
        </div>
      )}
      {!value && error !== undefined && <ErrorState error={error} onRetry={() => void reload()} />}
      {shown && (
        <ul className={styles.list}>
          {shown.map((one) => (
            <Row key={one.id} session={one} onEnded={reload} />
          ))}
        </ul>
      )}
      {others.length > 1 && (
        <div className={styles.row}>
          {value && shown && shown.length < value.length && (
            <Button onClick={() => setAll(true)}>
              {t('settings.sessions.more', { count: value.length - shown.length })}
            </Button>
          )}
          <Button onClick={() => setEnding(true)}>
            <Text id="settings.sessions.endAll" />
          </Button>
        </div>
      )}
      {ending && (
        <ConfirmDialog
          danger
          title={t('settings.sessions.endAll.title')}
          confirm={t('settings.sessions.end')}
          onConfirm={endAll}
          onClose={() => setEnding(false)}
        >
          <p>{t('settings.sessions.endAll.words', { count: others.length })}</p>
        </ConfirmDialog>
      )}
    </Section>
  );
}

function Row({ session, onEnded }: { session: SessionView; onEnded: () => Promise<void> }) {
  const t = useText();
  const Icon = icons[session.kind];
  const { saving, run } = useSaving();
  const name = nameOf(session, t(`settings.sessions.${session.kind}`));
  const end = () =>
    run(async () => {
      await usersApi.revokeSession(session.id);
      await onEnded();
    });
  return (
    <li className={styles.item}>
      <span className={styles.itemIcon}>
        <Icon aria-hidden="true" />
      </span>
      <div className={styles.itemWords}>
        <p className={styles.itemTitle}>
          {name}
          {session.current && <Tag>{t('settings.sessions.this')}</Tag>}
        </p>
        <p className={styles.itemAbout}>
          <Text id="settings.sessions.active" values={{ when: <Ago at={session.lastActive} /> }} />
          {' · '}
          <Text
            id="settings.sessions.since"
            values={{ day: <FormattedDate value={session.since} dateStyle="medium" /> }}
          />
        </p>
        {saving.kind === 'failed' && <FormError error={saving.error} />}
      </div>
      {!session.current && (
        <Button
          busy={saving.kind === 'saving'}
          aria-label={t('settings.sessions.end.of', { name })}
          onClick={() => void end()}
        >
          <Text id="settings.sessions.end" />
        </Button>
      )}
    </li>
  );
}

const nameOf = ({ program, system }: SessionView, kind: string): string =>
  [program || kind, system].filter(Boolean).join(' · ');

function Ago({ at }: { at: number }) {
  const seconds = Math.round((at - Date.now()) / 1000);
  const past = Math.max(0, -seconds);
  if (past < 90) return <Text id="settings.now" />;
  if (past < 5400) return <FormattedRelativeTime value={-Math.round(past / 60)} unit="minute" />;
  if (past < 129_600) return <FormattedRelativeTime value={-Math.round(past / 3600)} unit="hour" />;
  return <FormattedRelativeTime value={-Math.round(past / 86_400)} unit="day" />;
}
