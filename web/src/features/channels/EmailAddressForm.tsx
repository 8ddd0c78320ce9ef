import { useState } from 'react';
import { deleteEmailAddress, type EmailAddress, putEmailAddress } from '@/api/emailAddress';
import { useText } from '@/i18n/text';
import { attempt } from '@/ui/attempt';
import { Button } from '@/ui/Button';
import { ConfirmDialog } from '@/ui/ConfirmDialog';
import { RadioGroup } from '@/ui/RadioGroup';
import { toast } from '@/ui/toast';
import { CopyLine } from './CopyId';
import styles from './EmailAddress.module.css';

type Who = 'members' | 'anybody';

export interface EmailAddressFormProps {
  channelId: string;
  state: EmailAddress;
  onChange: (next: EmailAddress) => void;
}

/** EmailAddressForm gives a channel a mail address, makes it anew, says who may write to it, and takes it away. */
export function EmailAddressForm({ channelId, state, onChange }: EmailAddressFormProps) {
  const t = useText();
  const [asking, setAsking] = useState<'renew' | 'remove'>();
  const put = async (wish: { outsiders: boolean; renew?: boolean }, words: string) => {
    const answer = putEmailAddress(channelId, wish).then(onChange);
    if (await attempt(answer)) toast(words);
  };
  if (!state.address) {
    return (
      <div className={styles.form}>
        <p className={styles.words}>{t('channels.email.about')}</p>
        <div className={styles.buttons}>
          <Button kind="primary" onClick={() => void put({ outsiders: false }, t('channels.email.made'))}>
            {t('channels.email.make')}
          </Button>
        </div>
      </div>
    );
  }
  return (
    <div className={styles.form}>
      <CopyLine label={t('channels.email')} text={state.address} what={t('channels.email.copy')} />
      <p className={styles.hint}>{t('channels.email.about')}</p>
      {state.outsiders_allowed && (
        <RadioGroup<Who>
          label={t('channels.email.who')}
          value={state.outsiders ? 'anybody' : 'members'}
          options={[
            { value: 'members', label: t('channels.email.who.members'), hint: t('channels.email.who.members.hint') },
            { value: 'anybody', label: t('channels.email.who.anybody'), hint: t('channels.email.who.anybody.hint') },
          ]}
          onChange={(who) => void put({ outsiders: who === 'anybody' }, t('channels.saved'))}
        />
      )}
      <div className={styles.buttons}>
        <Button onClick={() => setAsking('renew')}>{t('channels.email.renew')}</Button>
        <Button kind="danger" onClick={() => setAsking('remove')}>
          {t('channels.email.remove')}
        </Button>
      </div>
      {asking && (
        <ConfirmDialog
          title={t(`channels.email.${asking}.title`)}
          confirm={t(`channels.email.${asking}`)}
          danger={asking === 'remove'}
          onConfirm={async () => {
            onChange(
              asking === 'renew'
                ? await putEmailAddress(channelId, { outsiders: state.outsiders, renew: true })
                : await deleteEmailAddress(channelId),
            );
            toast(t(`channels.email.${asking}.done`));
          }}
          onClose={() => setAsking(undefined)}
        >
          {t('channels.email.ends')}
        </ConfirmDialog>
      )}
    </div>
  );
}
