import { useState } from 'react';
import { ApiError } from '@/api/http';
import { PasswordField } from '@/features/signin/PasswordField';
import { passwordProblem } from '@/features/signin/rules';
import { Text, useText } from '@/i18n/text';
import { can, isOn, myProfile } from '@/store/selectors';
import { getState, useApp } from '@/store/store';
import { Button } from '@/ui/Button';
import { Form } from '@/ui/Form';
import { TextField } from '@/ui/TextField';
import { toast } from '@/ui/toast';
import { AppsSection } from './AppsSection';
import { changePassword } from './actions';
import { MfaSection } from './MfaSection';
import { OwnDataSection } from './OwnDataSection';
import { Panel, Section } from './parts';
import { SessionsSection } from './SessionsSection';
import styles from './Settings.module.css';
import { TokensSection } from './TokensSection';

/** SecurityPanel is how one gets in, and where one is in. */
export function SecurityPanel() {
  const own = useApp((state) => myProfile(state)?.auth_service === '');
  const mfa = useApp(
    (state) => isOn(state, 'EnableMultifactorAuthentication') && myProfile(state)?.auth_service === '',
  );
  const tokens = useApp((state) => isOn(state, 'EnableUserAccessTokens') && can(state, 'create_user_access_token'));
  const apps = useApp((state) => isOn(state, 'EnableOAuthServiceProvider'));
  return (
    <Panel>
      {own && <PasswordSection />}
      {mfa && <MfaSection />}
      <SessionsSection />
      {tokens && <TokensSection />}
      {apps && <AppsSection />}
      <OwnDataSection />
    </Panel>
  );
}

function PasswordSection() {
  const t = useText();
  const [open, setOpen] = useState(false);
  return (
    <Section title={t('settings.password')} hint={t('settings.password.hint')}>
      {open ? (
        <PasswordForm onDone={() => setOpen(false)} />
      ) : (
        <div className={styles.row}>
          <Button onClick={() => setOpen(true)}>
            <Text id="settings.password.change" />
          </Button>
        </div>
      )}
    </Section>
  );
}

function PasswordForm({ onDone }: { onDone: () => void }) {
  const t = useText();
  const [current, setCurrent] = useState('');
  const [next, setNext] = useState('');
  const [errors, setErrors] = useState<{ current?: string; next?: string }>({});
  const username = useApp((state) => myProfile(state)?.username ?? '');
  const save = async () => {
    const problem = passwordProblem(getState().server.config, next);
    if (current === '') return setErrors({ current: t('settings.password.wanted') });
    if (problem) return setErrors({ next: t(problem) });
    await changePassword(current, next);
    toast(t('settings.password.changed'));
    onDone();
  };
  const refused = (reason: unknown) => {
    if (!(reason instanceof ApiError) || reason.offline) return false;
    const weak = /is_valid\.pwd/.test(reason.id);
    setErrors(weak ? { next: reason.message } : { current: reason.message });
    return true;
  };
  return (
    <Form onSubmit={save} onError={refused} className={styles.form}>
      {/* Password managers look for the name that belongs to it. */}
      <input type="text" name="username" autoComplete="username" value={username} readOnly hidden />
      <TextField
        label={t('settings.password.current')}
        type="password"
        autoComplete="current-password"
        focusFirst
        value={current}
        onChange={(value) => {
          setCurrent(value);
          setErrors({});
        }}
        error={errors.current}
      />
      <PasswordField
        label={t('settings.password.next')}
        value={next}
        onChange={(value) => {
          setNext(value);
          setErrors({});
        }}
        error={errors.next}
      />
      <div className={styles.submit}>
        <Button type="submit" kind="primary">
          <Text id="settings.password.change" />
        </Button>
        <Button onClick={onDone}>
          <Text id="ui.cancel" />
        </Button>
      </div>
    </Form>
  );
}
