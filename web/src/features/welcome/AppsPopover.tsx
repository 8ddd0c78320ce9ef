import { ExternalLink } from 'lucide-react';
import type { ReactElement } from 'react';
import { Text, useText } from '@/i18n/text';
import { useApp } from '@/store/store';
import { errorText } from '@/ui/FormError';
import { Popover } from '@/ui/Popover';
import { TextButton } from '@/ui/TextButton';
import { toast } from '@/ui/toast';
import styles from './AppsPopover.module.css';
import { copyAddress } from './actions';
import { appLinks } from './due';

/** AppsPopover shows where the apps are found, and the address that they ask for. */
export function AppsPopover({ trigger }: { trigger: ReactElement }) {
  const t = useText();
  const config = useApp((state) => state.server.config);
  const copy = () => {
    copyAddress().then(
      () => toast(t('welcome.apps.copied')),
      (error: unknown) => toast(errorText(error)),
    );
  };
  return (
    <Popover label={t('welcome.apps')} trigger={trigger} placement="bottom-end">
      <div className={styles.apps}>
        <p className={styles.words}>
          <Text id="welcome.apps.words" />
        </p>
        <ul className={styles.links}>
          {appLinks(config).map(({ device, href }) => (
            <li key={device}>
              <a href={href} target="_blank" rel="noreferrer">
                {t(`welcome.apps.${device}`)}
                <ExternalLink size={14} aria-hidden="true" />
              </a>
            </li>
          ))}
        </ul>
        <p className={styles.words}>
          <Text id="welcome.apps.address" />
        </p>
        <p className={styles.address}>
          <code>{window.location.origin}</code>
          <TextButton onClick={copy}>{t('welcome.apps.copy')}</TextButton>
        </p>
      </div>
    </Popover>
  );
}
