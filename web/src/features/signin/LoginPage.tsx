import { useState } from 'react';
import { Link, Redirect, useSearchParams } from 'wouter';
import { apiUrl } from '@/api/http';
import { Text, type TextId, useText } from '@/i18n/text';
import { isOn, myId, setting, siteLink, siteName } from '@/store/selectors';
import { useApp } from '@/store/store';
import { Button } from '@/ui/Button';
import { Form } from '@/ui/Form';
import { TextField } from '@/ui/TextField';
import { signIn, wantsCode } from './actions';
import { CodeForm } from './CodeForm';
import styles from './LoginPage.module.css';
import { Notice } from './Notice';
import { say } from './problem';
import { Sheet } from './Sheet';
import { safeTarget, withTarget } from './target';

type Credentials = { name: string; password: string };

/** LoginPage signs in; when the account has a second step, its code is asked for next. */
export function LoginPage() {
  const t = useText();
  const [params] = useSearchParams();
  const target = safeTarget(params.get('redirect_to'));
  // Who was signed in before coming here has nothing to do here; who signs in here is led on by the command.
  const already = useState(useApp(myId) !== '')[0];
  const site = useApp(siteName);
  const description = useApp((state) => setting(state, 'CustomDescriptionText'));
  const [waiting, setWaiting] = useState<Credentials>();
  if (already) return <Redirect to={target} replace />;
  if (waiting) {
    return (
      <Sheet
        title={t('signin.code.title')}
        intro={<Text id="signin.code.intro" />}
        aside={
          <p>
            <Text id="signin.code.lost" />
          </p>
        }
      >
        <CodeForm
          submit={t('signin.login.submit')}
          onSubmit={(code) => signIn(waiting.name, waiting.password, code, target)}
          onBack={() => setWaiting(undefined)}
        />
      </Sheet>
    );
  }
  return (
    <Sheet
      title={t('signin.login.title', { site })}
      intro={description || undefined}
      aside={<OtherWays target={target} />}
    >
      <div className={styles.content}>
        <Brand />
        <Notice extra={params.get('extra')} />
        <LoginForm target={target} onCode={setWaiting} />
      </div>
    </Sheet>
  );
}

function nameLabel(email: boolean, username: boolean): TextId {
  if (email && username) return 'signin.login.nameOrEmail';
  return email ? 'signin.email' : 'signin.username';
}

function LoginForm({ target, onCode }: { target: string; onCode: (credentials: Credentials) => void }) {
  const t = useText();
  const [params] = useSearchParams();
  const byEmail = useApp((state) => isOn(state, 'EnableSignInWithEmail'));
  const byName = useApp((state) => isOn(state, 'EnableSignInWithUsername'));
  const [name, setName] = useState(params.get('email') ?? '');
  const [password, setPassword] = useState('');
  const [missing, setMissing] = useState<{ name?: TextId; password?: TextId }>({});
  const label = t(nameLabel(byEmail, byName));
  const send = async () => {
    const lacks: typeof missing = {
      ...(name.trim() === '' && { name: 'signin.login.nameMissing' }),
      ...(password === '' && { password: 'signin.login.passwordMissing' }),
    };
    setMissing(lacks);
    if (Object.keys(lacks).length === 0) await signIn(name, password, '', target);
  };
  const refused = (error: unknown) => {
    if (!wantsCode(error)) return false;
    onCode({ name, password });
    return true;
  };
  if (!byEmail && !byName) {
    return (
      <p>
        <Text id="signin.login.noWay" />
      </p>
    );
  }
  return (
    <Form onSubmit={send} onError={refused}>
      <TextField
        label={label}
        name="username"
        autoComplete="username"
        autoCapitalize="none"
        spellCheck={false}
        inputMode={byEmail && !byName ? 'email' : 'text'}
        focusFirst
        value={name}
        onChange={setName}
        error={say(t, missing.name)}
      />
      <div className={styles.password}>
        <TextField
          label={t('signin.password')}
          type="password"
          name="password"
          autoComplete="current-password"
          value={password}
          onChange={setPassword}
          error={say(t, missing.password)}
        />
        <ForgotLink target={target} />
      </div>
      <Button type="submit" kind="primary" wide>
        {t('signin.login.submit')}
      </Button>
    </Form>
  );
}

/** The way to a new password: the site's own page where it has one. */
function ForgotLink({ target }: { target: string }) {
  const offered = useApp((state) => isOn(state, 'PasswordEnableForgotLink'));
  const elsewhere = useApp((state) => siteLink(state, 'ForgotPasswordLink'));
  if (!offered) return null;
  if (elsewhere) {
    return (
      <a href={elsewhere}>
        <Text id="signin.login.forgot" />
      </a>
    );
  }
  return (
    <Link href={withTarget('/reset_password', target)}>
      <Text id="signin.login.forgot" />
    </Link>
  );
}

function OtherWays({ target }: { target: string }) {
  const open = useApp(
    (state) =>
      isOn(state, 'EnableOpenServer') && isOn(state, 'EnableSignUpWithEmail') && isOn(state, 'EnableUserCreation'),
  );
  if (!open) {
    return (
      <p>
        <Text id="signin.login.byInvitation" />
      </p>
    );
  }
  return (
    <p>
      <Text
        id="signin.login.newHere"
        values={{ link: (words) => <Link href={withTarget('/signup_email', target)}>{words}</Link> }}
      />
    </p>
  );
}

/** The site's own picture and words for who comes here, where its administrator has set some. */
function Brand() {
  const shown = useApp((state) => isOn(state, 'EnableCustomBrand'));
  const text = useApp((state) => setting(state, 'CustomBrandText'));
  const [missing, setMissing] = useState(false);
  if (!shown) return null;
  return (
    <>
      {!missing && (
        <img src={apiUrl('/brand/image')} alt="" className={styles.picture} onError={() => setMissing(true)} />
      )}
      {text.trim() && <p className={styles.brand}>{text}</p>}
    </>
  );
}
