import { Download } from 'lucide-react';
import { useState } from 'react';
import { FormattedDate } from 'react-intl';
import { ApiError } from '@/api/http';
import * as api from '@/api/takeout';
import { Text, useText } from '@/i18n/text';
import { myProfile } from '@/store/selectors';
import { useApp } from '@/store/store';
import { Button } from '@/ui/Button';
import buttons from '@/ui/Button.module.css';
import { ConfirmDialog } from '@/ui/ConfirmDialog';
import { cx } from '@/ui/cx';
import { ErrorState } from '@/ui/ErrorState';
import { Form } from '@/ui/Form';
import { TextField } from '@/ui/TextField';
import { toast } from '@/ui/toast';
import { useLoaded } from '@/ui/useLoaded';
import { Section } from './parts';
import styles from './Settings.module.css';

/** OwnDataSection is how one takes everything along, and how one leaves. */
export function OwnDataSection() {
  const t = useText();
  return (
    <>
      <Section title={t('settings.data')} hint={t('settings.data.hint')}>
        <div className={styles.row}>
          <a className={cx(buttons.button, buttons.quiet)} href={api.archiveUrl()} download>
            <Download aria-hidden="true" />
            <span className={buttons.words}>{t('settings.data.download')}</span>
          </a>
        </div>
      </Section>
      <DeletionSection />
    </>
  );
}

function DeletionSection() {
  const t = useText();
  const { value, error, reload } = useLoaded(api.getMyDeletion);
  const [asking, setAsking] = useState(false);
  const [takingBack, setTakingBack] = useState(false);
  const done = async (words: string) => {
    await reload();
    setAsking(false);
    toast(words);
  };
  return (
    <Section title={t('settings.deletion')} hint={t('settings.deletion.hint')}>
      {!value && error !== undefined && <ErrorState error={error} onRetry={() => void reload()} />}
      {value && value.asked_at === 0 && !asking && (
        <div className={styles.row}>
          <Button onClick={() => setAsking(true)}>{t('settings.deletion.ask')}</Button>
        </div>
      )}
      {asking && <AskForm onDone={() => done(t('settings.deletion.sent'))} onClose={() => setAsking(false)} />}
      {value && value.asked_at > 0 && (
        <div className={styles.row}>
          <p>
            <Text
              id="settings.deletion.asked"
              values={{ day: <FormattedDate value={value.asked_at} dateStyle="long" /> }}
            />
          </p>
          <Button onClick={() => setTakingBack(true)}>{t('settings.deletion.takeBack')}</Button>
        </div>
      )}
      {takingBack && (
        <ConfirmDialog
          title={t('settings.deletion.takeBack')}
          confirm={t('settings.deletion.takeBack')}
          onConfirm={async () => {
            await api.takeBackDeletion();
            await done(t('settings.deletion.takenBack'));
          }}
          onClose={() => setTakingBack(false)}
        >
          {t('settings.deletion.takeBack.hint')}
        </ConfirmDialog>
      )}
    </Section>
  );
}

function AskForm({ onDone, onClose }: { onDone: () => Promise<void>; onClose: () => void }) {
  const t = useText();
  const own = useApp((state) => myProfile(state)?.auth_service === '');
  const username = useApp((state) => myProfile(state)?.username ?? '');
  const [password, setPassword] = useState('');
  const [reason, setReason] = useState('');
  const [wrong, setWrong] = useState<string>();
  const send = async () => {
    if (own && password === '') return setWrong(t('settings.password.wanted'));
    await api.askDeletion(password, reason);
    await onDone();
  };
  const refused = (failure: unknown) => {
    if (!(failure instanceof ApiError) || !failure.id.includes('update_password')) return false;
    setWrong(failure.message);
    return true;
  };
  return (
    <Form onSubmit={send} onError={refused} className={styles.form}>
      <input type="text" name="username" autoComplete="username" value={username} readOnly hidden />
      {own && (
        <TextField
          label={t('settings.password.current')}
          type="password"
          autoComplete="current-password"
          focusFirst
          value={password}
          onChange={(value) => {
            setPassword(value);
            setWrong(undefined);
          }}
          error={wrong}
        />
      )}
      <TextField label={t('settings.deletion.reason')} value={reason} onChange={setReason} maxLength={1000} />
      <div className={styles.submit}>
        <Button type="submit" kind="danger">
          {t('settings.deletion.ask')}
        </Button>
        <Button onClick={onClose}>{t('ui.cancel')}</Button>
      </div>
    </Form>
  );
}
