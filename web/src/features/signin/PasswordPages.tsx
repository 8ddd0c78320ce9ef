import { useState } from 'react';
import { Link, useSearchParams } from 'wouter';
import { ApiError } from '@/api/http';
import { Text, useText } from '@/i18n/text';
import { useApp } from '@/store/store';
import { Button } from '@/ui/Button';
import { Form } from '@/ui/Form';
import { TextField } from '@/ui/TextField';
import { askForReset, choosePassword } from './actions';
import styles from './LoginPage.module.css';
import { PasswordField } from './PasswordField';
import { type Problem, say } from './problem';
import { emailProblem, passwordProblem } from './rules';
import { Sheet } from './Sheet';

function BackToLogin() {
  return (
    <p>
      <Link href="/login">
        <Text id="signin.backToLogin" />
      </Link>
    </p>
  );
}

/** ResetPasswordPage sends the link for a new password; it never tells whether there is such an account. */
export function ResetPasswordPage() {
  const t = useText();
  const [email, setEmail] = useState('');
  const [error, setError] = useState<Problem>();
  const [sent, setSent] = useState<string>();
  const send = async () => {
    const problem = emailProblem(email);
    setError(problem);
    if (problem) return;
    await askForReset(email);
    setSent(email.trim());
  };
  if (sent) {
    return (
      <Sheet
        title={t('signin.mail.title')}
        focusTitle
        intro={<Text id="signin.reset.sent" values={{ email: sent }} />}
        aside={<BackToLogin />}
      >
        <Button onClick={() => setSent(undefined)}>{t('signin.reset.again')}</Button>
      </Sheet>
    );
  }
  return (
    <Sheet title={t('signin.reset.title')} intro={<Text id="signin.reset.intro" />} aside={<BackToLogin />}>
      <Form onSubmit={send}>
        <TextField
          label={t('signin.email')}
          type="email"
          name="email"
          autoComplete="email"
          inputMode="email"
          focusFirst
          value={email}
          onChange={setEmail}
          error={say(t, error)}
        />
        <Button type="submit" kind="primary" wide>
          {t('signin.reset.submit')}
        </Button>
      </Form>
    </Sheet>
  );
}

/** NewPasswordPage takes the new password of who follows the link of a mail. */
export function NewPasswordPage() {
  const t = useText();
  const [params] = useSearchParams();
  const token = params.get('token') ?? '';
  const config = useApp((state) => state.server.config);
  // A link without its end is known to be one at once.
  const [broken, setBroken] = useState<Problem | undefined>(token ? undefined : 'signin.newPassword.cut');
  const [password, setPassword] = useState('');
  const [error, setError] = useState<Problem>();
  const send = async () => {
    const problem = passwordProblem(config, password);
    setError(problem);
    if (!problem) await choosePassword(token, password);
  };
  const refused = (reason: unknown) => {
    if (!(reason instanceof ApiError) || reason.offline) return false;
    if (reason.id.includes('.pwd')) setError({ words: reason.message });
    else setBroken(reason.id.includes('invalid_body_param') ? 'signin.newPassword.cut' : { words: reason.message });
    return true;
  };
  if (broken) {
    return (
      <Sheet title={t('signin.confirm.failed')} focusTitle intro={say(t, broken)} aside={<BackToLogin />}>
        <Link href="/reset_password" className={styles.go}>
          {t('signin.newPassword.again')}
        </Link>
      </Sheet>
    );
  }
  return (
    <Sheet title={t('signin.newPassword.title')} intro={<Text id="signin.newPassword.intro" />} aside={<BackToLogin />}>
      <Form onSubmit={send} onError={refused}>
        <PasswordField
          label={t('signin.newPassword.label')}
          focusFirst
          value={password}
          onChange={setPassword}
          error={say(t, error)}
        />
        <Button type="submit" kind="primary" wide>
          {t('signin.newPassword.submit')}
        </Button>
      </Form>
    </Sheet>
  );
}
