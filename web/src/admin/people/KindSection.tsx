import type { UserProfile } from '@mattermost/types/users';
import { useState } from 'react';
import { personToBot } from '@/api/bots';
import { BotToPersonDialog } from '@/features/integrations/ConvertDialogs';
import { useText } from '@/i18n/text';
import { Button } from '@/ui/Button';
import { ConfirmDialog } from '@/ui/ConfirmDialog';
import styles from './People.module.css';
import { Section } from './Section';

/** KindSection turns the account of a person into one of a program, and back. */
export function KindSection({ user, onChanged }: { user: UserProfile; onChanged: () => Promise<void> }) {
  const t = useText();
  const [asking, setAsking] = useState(false);
  const close = () => setAsking(false);
  return (
    <Section heading="admin.users.kind">
      <div className={styles.acts}>
        <Button onClick={() => setAsking(true)}>{t(user.is_bot ? 'admin.users.toPerson' : 'admin.users.toBot')}</Button>
      </div>
      {asking && user.is_bot && (
        <BotToPersonDialog
          bot={{ user_id: user.id, username: user.username }}
          onClose={close}
          onDone={async () => {
            close();
            await onChanged();
          }}
        />
      )}
      {asking && !user.is_bot && (
        <ConfirmDialog
          danger
          title={t('admin.users.toBot.title', { name: user.username })}
          confirm={t('admin.users.toBot')}
          onConfirm={async () => {
            await personToBot(user.id);
            await onChanged();
          }}
          onClose={close}
        >
          <p>{t('admin.users.toBot.words')}</p>
        </ConfirmDialog>
      )}
    </Section>
  );
}
