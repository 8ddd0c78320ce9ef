import { ShieldCheck } from 'lucide-react';
import { useState } from 'react';
import { CodeForm } from '@/features/signin/CodeForm';
import { Text, useText } from '@/i18n/text';
import { isOn, myProfile, siteName } from '@/store/selectors';
import { useApp } from '@/store/store';
import { Button } from '@/ui/Button';
import { ConfirmDialog } from '@/ui/ConfirmDialog';
import { copyText } from '@/ui/clipboard';
import { FormError } from '@/ui/FormError';
import { TextButton } from '@/ui/TextButton';
import { toast } from '@/ui/toast';
import { beginMfa, switchMfa } from './actions';
import styles from './MfaSection.module.css';
import { Section } from './parts';
import { QrCode } from './QrCode';
import settings from './Settings.module.css';
import { useSaving } from './useSaving';

/** MfaSection turns the second step of signing in on and off. */
export function MfaSection() {
  const t = useText();
  const on = useApp((state) => myProfile(state)?.mfa_active === true);
  const forced = useApp((state) => isOn(state, 'EnforceMultifactorAuthentication'));
  const [secret, setSecret] = useState<string>();
  const [ending, setEnding] = useState(false);
  const { saving, run } = useSaving();
  const begin = () =>
    run(async () => {
      setSecret((await beginMfa()).secret);
    });
  return (
    <Section title={t('settings.mfa')} hint={t('settings.mfa.hint')}>
      {on && (
        <div className={settings.row}>
          <p className={styles.on}>
            <ShieldCheck aria-hidden="true" /> {t('settings.mfa.on')}
          </p>
          {!forced && (
            <Button onClick={() => setEnding(true)}>
              <Text id="settings.mfa.end" />
            </Button>
          )}
        </div>
      )}
      {!on && !secret && (
        <div className={settings.row}>
          <Button busy={saving.kind === 'saving'} onClick={() => void begin()}>
            <Text id="settings.mfa.begin" />
          </Button>
        </div>
      )}
      {!on && secret && (
        <Setup secret={secret} onCancel={() => setSecret(undefined)} onDone={() => setSecret(undefined)} />
      )}
      {saving.kind === 'failed' && <FormError error={saving.error} />}
      {ending && (
        <ConfirmDialog
          title={t('settings.mfa.end.title')}
          confirm={t('settings.mfa.end')}
          danger
          onConfirm={() => switchMfa(false)}
          onClose={() => setEnding(false)}
        >
          <p>{t('settings.mfa.end.words')}</p>
        </ConfirmDialog>
      )}
    </Section>
  );
}

/** otpauth is the secret as authenticator apps read it. */
export function otpauth(site: string, account: string, secret: string): string {
  const bare = secret.replace(/=+$/, '');
  const name = `${encodeURIComponent(site)}:${encodeURIComponent(account)}`;
  return `otpauth://totp/${name}?secret=${bare}&issuer=${encodeURIComponent(site)}`;
}

function Setup({ secret, onCancel, onDone }: { secret: string; onCancel: () => void; onDone: () => void }) {
  const t = useText();
  const site = useApp(siteName);
  const account = useApp((state) => myProfile(state)?.email ?? '');
  const copy = async () => {
    await copyText(secret.replace(/=+$/, ''));
    toast(t('settings.copied'));
  };
  const finish = async (code: string) => {
    await switchMfa(true, code);
    toast(t('settings.mfa.done'));
    onDone();
  };
  return (
    <ol className={styles.steps}>
      <li>
        <p>{t('settings.mfa.scan')}</p>
        <div className={styles.secret}>
          <QrCode text={otpauth(site, account, secret)} label={t('settings.mfa.picture')} />
          <div className={styles.letters}>
            <p>{t('settings.mfa.byHand')}</p>
            <code>
              {secret
                .replace(/=+$/, '')
                .match(/.{1,4}/g)
                ?.join(' ')}
            </code>
            <TextButton onClick={() => void copy()}>{t('settings.copy')}</TextButton>
          </div>
        </div>
      </li>
      <li>
        <p>{t('settings.mfa.enter')}</p>
        <div className={styles.codeForm}>
          <CodeForm submit={t('settings.mfa.finish')} onSubmit={finish} onBack={onCancel} focusFirst={false} />
        </div>
      </li>
    </ol>
  );
}
