import { Text, useText } from '@/i18n/text';
import { closeDialog } from '@/store/commands';
import { siteLink, siteName } from '@/store/selectors';
import { useApp } from '@/store/store';
import { Dialog } from '@/ui/Dialog';
import { Mark } from '@/ui/Mark';
import styles from './AboutDialog.module.css';

const links = ['TermsOfServiceLink', 'PrivacyPolicyLink', 'HelpLink', 'ReportAProblemLink', 'AboutLink'] as const;

/** AboutDialog says which version of what this is, and where to read more. */
export function AboutDialog() {
  const t = useText();
  const site = useApp(siteName);
  const config = useApp((state) => state.server.config);
  const known = useApp((state) => links.map((key) => siteLink(state, key)).join(' ')).split(' ');
  const facts = [
    ['version', read(config, 'Version')],
    ['build', [read(config, 'BuildNumber'), read(config, 'BuildHash').slice(0, 10)].filter(Boolean).join(' · ')],
    ['database', read(config, 'SQLDriverName')],
    ['address', window.location.origin],
  ] as const;
  return (
    <Dialog open onClose={closeDialog} title={t('settings.about.title', { site })} size="s">
      <div className={styles.about}>
        <div className={styles.head}>
          <Mark size={48} />
          <p>
            <Text id="settings.about.words" />
          </p>
        </div>
        <dl className={styles.facts}>
          {facts
            .filter(([, value]) => value !== '' && value !== 'dev')
            .map(([name, value]) => (
              <div key={name}>
                <dt>{t(`settings.about.${name}`)}</dt>
                <dd>{value}</dd>
              </div>
            ))}
        </dl>
        <ul className={styles.links}>
          {links.map((key, index) =>
            known[index] ? (
              <li key={key}>
                <a href={known[index]} target="_blank" rel="noopener noreferrer">
                  {t(`settings.about.link.${key}`)}
                </a>
              </li>
            ) : null,
          )}
        </ul>
      </div>
    </Dialog>
  );
}

const read = (config: Readonly<Record<string, string | undefined>>, key: string): string => config[key] ?? '';
