import { useState } from 'react';
import { useText } from '@/i18n/text';
import { TextField } from '@/ui/TextField';
import styles from './AccountFields.module.css';
import type { Account, AccountErrors } from './account';
import { PasswordField } from './PasswordField';
import { say } from './problem';
import { suggestUsername } from './rules';

export interface AccountFieldsProps {
  account: Account;
  onChange: (account: Account) => void;
  errors: AccountErrors;
  /** The address is given by an invitation. */
  fixedEmail?: boolean;
}

/** AccountFields are address, username and password of a new account. The username is suggested from the address. */
export function AccountFields({ account, onChange, errors, fixedEmail }: AccountFieldsProps) {
  const t = useText();
  const [ownName, setOwnName] = useState(false);
  const changeEmail = (email: string) => {
    onChange({ ...account, email, username: ownName ? account.username : suggestUsername(email) });
  };
  return (
    <div className={styles.fields}>
      <TextField
        label={t('signin.email')}
        type="email"
        name="email"
        autoComplete="email"
        inputMode="email"
        required
        readOnly={fixedEmail}
        hint={fixedEmail ? t('signin.email.fixed') : undefined}
        focusFirst={!fixedEmail}
        value={account.email}
        onChange={changeEmail}
        error={say(t, errors.email)}
      />
      <TextField
        label={t('signin.username')}
        name="username"
        autoComplete="username"
        autoCapitalize="none"
        spellCheck={false}
        maxLength={64}
        required
        prefix="@"
        hint={t('signin.username.hint')}
        focusFirst={fixedEmail}
        value={account.username}
        onChange={(username) => {
          setOwnName(username !== '');
          onChange({ ...account, username: username.toLowerCase() });
        }}
        error={say(t, errors.username)}
      />
      <PasswordField
        label={t('signin.password')}
        value={account.password}
        onChange={(password) => onChange({ ...account, password })}
        error={say(t, errors.password)}
      />
    </div>
  );
}
