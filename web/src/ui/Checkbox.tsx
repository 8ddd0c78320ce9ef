import { type ReactNode, useId } from 'react';
import styles from './Choice.module.css';
import { useFormBusy } from './Form';

export interface CheckboxProps {
  label: ReactNode;
  hint?: ReactNode;
  /** In words, what is wrong. */
  error?: ReactNode;
  checked: boolean;
  onChange: (checked: boolean) => void;
  disabled?: boolean;
}

/** Checkbox is a yes or no that counts when its form is sent. */
export function Checkbox({ label, hint, error, checked, onChange, disabled }: CheckboxProps) {
  const id = useId();
  const busy = useFormBusy();
  const said = error || hint;
  return (
    <div className={styles.choice}>
      <input
        id={id}
        type="checkbox"
        className={styles.box}
        checked={checked}
        disabled={disabled}
        aria-invalid={error ? true : undefined}
        aria-describedby={said ? `${id}-hint` : undefined}
        onChange={(event) => !busy && onChange(event.target.checked)}
      />
      <div className={styles.words}>
        <label htmlFor={id} className={styles.label}>
          {label}
        </label>
        {said && (
          <p id={`${id}-hint`} className={error ? styles.error : styles.hint} role={error ? 'alert' : undefined}>
            {said}
          </p>
        )}
      </div>
    </div>
  );
}
