import { useState } from 'react';
import * as oauthApi from '@/api/oauth';
import { useText } from '@/i18n/text';
import { Avatar } from '@/ui/Avatar';
import { Button } from '@/ui/Button';
import { ConfirmDialog } from '@/ui/ConfirmDialog';
import { ErrorState } from '@/ui/ErrorState';
import { SkeletonRow } from '@/ui/Skeleton';
import { useLoaded } from '@/ui/useLoaded';
import { Section } from './parts';
import styles from './Settings.module.css';

/** AppsSection lists the applications that one has let act in one's name, and takes that back. */
export function AppsSection() {
  const t = useText();
  const { value, error, reload } = useLoaded(oauthApi.getAuthorizedApps);
  return (
    <Section title={t('settings.apps')} hint={t('settings.apps.hint')}>
      {!value && error === undefined && (
        <div aria-busy="true">
          <SkeletonRow picture={24} />
        </div>
      )}
      {!value && error !== undefined && <ErrorState error={error} onRetry={() => void reload()} />}
      {value?.length === 0 && <p className={styles.hint}>{t('settings.apps.none')}</p>}
      {value && value.length > 0 && (
        <ul className={styles.list}>
          {value.map((app) => (
            <Row key={app.id} app={app} onChanged={reload} />
          ))}
        </ul>
      )}
    </Section>
  );
}

function Row({ app, onChanged }: { app: oauthApi.OAuthApp; onChanged: () => Promise<void> }) {
  const t = useText();
  const [asking, setAsking] = useState(false);
  return (
    <li className={styles.item}>
      <Avatar shape="square" name={app.name} src={app.icon_url} size={32} />
      <div className={styles.itemWords}>
        <p className={styles.itemTitle} dir="auto">
          {app.name}
        </p>
        <p className={styles.itemAbout} dir="auto">
          {app.description}
        </p>
      </div>
      <div className={styles.itemActs}>
        <Button aria-label={t('settings.apps.withdraw.of', { name: app.name })} onClick={() => setAsking(true)}>
          {t('settings.apps.withdraw')}
        </Button>
      </div>
      {asking && (
        <ConfirmDialog
          danger
          title={t('settings.apps.withdraw.title', { name: app.name })}
          confirm={t('settings.apps.withdraw')}
          onConfirm={async () => {
            await oauthApi.withdrawApp(app.id);
            await onChanged();
          }}
          onClose={() => setAsking(false)}
        >
          <p>{t('settings.apps.withdraw.words')}</p>
        </ConfirmDialog>
      )}
    </li>
  );
}
