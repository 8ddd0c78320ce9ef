import { useRef, useState } from 'react';
import { useText } from '@/i18n/text';
import { Button } from '@/ui/Button';
import { Form } from '@/ui/Form';
import { errorText } from '@/ui/FormError';
import { TextField } from '@/ui/TextField';
import styles from './CodeForm.module.css';
import { type Problem, say } from './problem';

export interface CodeFormProps {
  submit: string;
  onSubmit: (code: string) => Promise<unknown>;
  onBack?: () => void;
  focusFirst?: boolean;
}

/** CodeForm takes the six digits of an authenticator app, and sends them as soon as they are six. */
export function CodeForm({ submit, onSubmit, onBack, focusFirst = true }: CodeFormProps) {
  const t = useText();
  const [code, setCode] = useState('');
  const [error, setError] = useState<Problem>();
  const button = useRef<HTMLButtonElement>(null);
  const change = (typed: string) => {
    const digits = typed.replace(/\D/g, '').slice(0, 6);
    setCode(digits);
    setError(undefined);
    // By the form's own way, after the field has taken the last digit.
    if (digits.length === 6 && digits !== code) setTimeout(() => button.current?.click());
  };
  const send = async () => {
    if (code.length === 6) return onSubmit(code);
    setError('signin.code.six');
  };
  return (
    <Form
      onSubmit={send}
      onError={(reason) => {
        setError({ words: errorText(reason) });
        return true;
      }}
    >
      <TextField
        label={t('signin.code.label')}
        name="one-time-code"
        autoComplete="one-time-code"
        inputMode="numeric"
        className={styles.code}
        focusFirst={focusFirst}
        value={code}
        onChange={change}
        onFocus={(event) => event.target.select()}
        error={say(t, error)}
      />
      <div className={styles.buttons}>
        {onBack && <Button onClick={onBack}>{t('signin.back')}</Button>}
        <Button ref={button} type="submit" kind="primary" className={styles.main}>
          {submit}
        </Button>
      </div>
    </Form>
  );
}
