import type { UserProfile } from '@mattermost/types/users';
import { useState } from 'react';
import { ApiError } from '@/api/http';
import type { UserPatch } from '@/api/users';
import { emailProblem, usernameProblem } from '@/features/signin/rules';
import { Text, useText } from '@/i18n/text';
import { Button } from '@/ui/Button';
import { Form } from '@/ui/Form';
import { TextField } from '@/ui/TextField';
import { toast } from '@/ui/toast';
import { saveMe } from './actions';
import styles from './Settings.module.css';

type FormProps = { me: UserProfile; foreign: boolean };

const nicknameMost = 64;
const positionMost = 128;

/** Submit stands under a form once there is something to save. */
export function Submit({ changed, onReset }: { changed: boolean; onReset: () => void }) {
  if (!changed) return null;
  return (
    <div className={styles.submit}>
      <Button type="submit" kind="primary">
        <Text id="settings.save" />
      </Button>
      <Button onClick={onReset}>
        <Text id="ui.cancel" />
      </Button>
    </div>
  );
}

type Names = Pick<UserProfile, 'first_name' | 'last_name' | 'nickname' | 'position'>;
const namesOf = ({ first_name, last_name, nickname, position }: UserProfile): Names => ({
  first_name,
  last_name,
  nickname,
  position,
});

/** NamesForm holds the names that people are shown by, and what they do. */
export function NamesForm({ me, foreign }: FormProps) {
  const t = useText();
  const [names, setNames] = useState(() => namesOf(me));
  const keys = Object.keys(names) as (keyof Names)[];
  const patch: UserPatch = {};
  for (const key of keys) if (names[key].trim() !== me[key]) patch[key] = names[key].trim();
  const field = (key: keyof Names) => ({
    value: names[key],
    onChange: (value: string) => setNames({ ...names, [key]: value }),
  });
  const save = async () => {
    await saveMe(patch);
    toast(t('settings.saved'));
  };
  return (
    <Form onSubmit={save} className={styles.form}>
      <div className={styles.pair}>
        <TextField
          label={t('settings.firstName')}
          autoComplete="given-name"
          maxLength={64}
          disabled={foreign}
          {...field('first_name')}
        />
        <TextField
          label={t('settings.lastName')}
          autoComplete="family-name"
          maxLength={64}
          disabled={foreign}
          {...field('last_name')}
        />
      </div>
      <TextField
        label={t('settings.nickname')}
        hint={t('settings.nickname.hint')}
        autoComplete="nickname"
        maxLength={nicknameMost}
        {...field('nickname')}
      />
      <TextField
        label={t('settings.position')}
        hint={t('settings.position.hint')}
        autoComplete="organization-title"
        maxLength={positionMost}
        {...field('position')}
      />
      <Submit changed={Object.keys(patch).length > 0} onReset={() => setNames(namesOf(me))} />
    </Form>
  );
}

/** UsernameForm changes the name that one is mentioned by. */
export function UsernameForm({ me, foreign }: FormProps) {
  const t = useText();
  const [name, setName] = useState(me.username);
  const [error, setError] = useState<string>();
  const save = async () => {
    const problem = usernameProblem(name);
    if (problem) return setError(t(problem));
    await saveMe({ username: name });
    toast(t('settings.saved'));
  };
  return (
    <Form
      onSubmit={save}
      onError={(reason) => {
        if (!(reason instanceof ApiError) || reason.offline) return false;
        setError(reason.message);
        return true;
      }}
      className={styles.form}
    >
      <TextField
        hideLabel
        label={t('settings.username')}
        prefix="@"
        autoComplete="username"
        autoCapitalize="none"
        spellCheck={false}
        maxLength={64}
        disabled={foreign}
        value={name}
        onChange={(next) => {
          setName(next.toLowerCase());
          setError(undefined);
        }}
        error={error}
      />
      <Submit
        changed={name !== me.username}
        onReset={() => {
          setName(me.username);
          setError(undefined);
        }}
      />
    </Form>
  );
}

/** EmailForm changes one's address, which asks for the password. */
export function EmailForm({ me, foreign, confirms }: FormProps & { confirms: boolean }) {
  const t = useText();
  const [email, setEmail] = useState(me.email);
  const [password, setPassword] = useState('');
  const [errors, setErrors] = useState<{ email?: string; password?: string }>({});
  const changed = email.trim() !== me.email;
  const reset = () => {
    setEmail(me.email);
    setPassword('');
    setErrors({});
  };
  const save = async () => {
    const problem = emailProblem(email);
    if (problem) return setErrors({ email: t(problem) });
    if (password === '') return setErrors({ password: t('settings.password.wanted') });
    await saveMe({ email: email.trim(), password });
    toast(t(confirms ? 'settings.email.sent' : 'settings.saved', { email: email.trim() }));
    // With confirmation the old address stays until the new one is confirmed.
    if (confirms) reset();
  };
  const refused = (reason: unknown) => {
    if (!(reason instanceof ApiError) || reason.offline) return false;
    // A wrong password is refused as a wrong value, without saying which.
    const wrong = /invalid_(body_)?param|password|credentials/.test(reason.id);
    setErrors(wrong ? { password: t('settings.password.wrong') } : { email: reason.message });
    return true;
  };
  return (
    <Form onSubmit={save} onError={refused} className={styles.form}>
      <TextField
        hideLabel
        label={t('settings.email')}
        type="email"
        autoComplete="email"
        maxLength={128}
        disabled={foreign}
        value={email}
        onChange={(next) => {
          setEmail(next);
          setErrors({});
        }}
        error={errors.email}
      />
      {changed && (
        <TextField
          label={t('settings.password.current')}
          type="password"
          autoComplete="current-password"
          value={password}
          onChange={(next) => {
            setPassword(next);
            setErrors({});
          }}
          error={errors.password}
        />
      )}
      <Submit changed={changed} onReset={reset} />
    </Form>
  );
}
