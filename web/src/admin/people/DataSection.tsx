import type { UserProfile } from '@mattermost/types/users';
import { archiveUrl } from '@/api/takeout';
import { useText } from '@/i18n/text';
import buttons from '@/ui/Button.module.css';
import { cx } from '@/ui/cx';
import styles from './People.module.css';
import { Section } from './Section';

/** DataSection gives an administrator what an account has written, set and sent: the archive that its person gets. */
export function DataSection({ user }: { user: UserProfile }) {
  const t = useText();
  return (
    <Section heading="admin.users.data">
      <p className={styles.quiet}>{t('admin.users.data.hint')}</p>
      <div className={styles.acts}>
        <a className={cx(buttons.button, buttons.quiet)} href={archiveUrl(user.id)} download>
          <span className={buttons.words}>{t('admin.users.data.export')}</span>
        </a>
      </div>
    </Section>
  );
}
