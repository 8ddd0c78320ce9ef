import { Check, Circle } from 'lucide-react';
import { useText } from '@/i18n/text';
import { useApp } from '@/store/store';
import { TextField } from '@/ui/TextField';
import styles from './PasswordField.module.css';
import { passwordLeast, passwordRules } from './rules';

export interface PasswordFieldProps {
  label: string;
  value: string;
  onChange: (value: string) => void;
  error?: string | undefined;
  focusFirst?: boolean;
}

/** PasswordField takes a new password and tells, as one types, which of the server's rules it meets. */
export function PasswordField({ label, value, onChange, error, focusFirst }: PasswordFieldProps) {
  const t = useText();
  const config = useApp((state) => state.server.config);
  const rules = passwordRules(config, value);
  const least = passwordLeast(config);
  return (
    <div className={styles.field}>
      <TextField
        label={label}
        type="password"
        name="new-password"
        autoComplete="new-password"
        required
        value={value}
        onChange={onChange}
        error={error}
        focusFirst={focusFirst}
      />
      <ul className={styles.rules} aria-label={t('signin.password.rules')}>
        {rules.map((rule) => (
          <li key={rule.kind} className={rule.met ? styles.met : undefined}>
            {rule.met ? <Check size={14} aria-hidden="true" /> : <Circle size={14} aria-hidden="true" />}
            <span>{t(`signin.password.rule.${rule.kind}`, { least })}</span>
            {rule.met && <span className="visually-hidden">{t('signin.password.met')}</span>}
          </li>
        ))}
      </ul>
    </div>
  );
}
