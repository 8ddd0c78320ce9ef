import { type ReactNode, useId } from 'react';
import styles from './Choice.module.css';
import { cx } from './cx';

export interface RadioGroupProps<V extends string> {
  label: string;
  hint?: ReactNode;
  /** In words, what is wrong. */
  error?: ReactNode;
  value: V;
  options: readonly { value: V; label: ReactNode; hint?: ReactNode; disabled?: boolean }[];
  onChange: (value: V) => void;
  disabled?: boolean;
  hideLabel?: boolean;
}

/** RadioGroup picks one of a few that are all worth reading. */
export function RadioGroup<V extends string>(props: RadioGroupProps<V>) {
  const { label, hint, error, value, options, onChange, disabled, hideLabel } = props;
  const id = useId();
  const said = error || hint;
  return (
    <fieldset
      className={styles.group}
      disabled={disabled}
      aria-invalid={error ? true : undefined}
      tabIndex={error ? -1 : undefined}
      aria-describedby={said ? `${id}-hint` : undefined}
    >
      <legend className={hideLabel ? 'visually-hidden' : cx(styles.legend)}>{label}</legend>
      {said && (
        <p id={`${id}-hint`} className={error ? styles.error : styles.hint} role={error ? 'alert' : undefined}>
          {said}
        </p>
      )}
      {options.map((option) => {
        const own = `${id}-${option.value}`;
        return (
          <div key={option.value} className={styles.choice}>
            <input
              id={own}
              type="radio"
              name={id}
              className={styles.radio}
              checked={option.value === value}
              disabled={option.disabled}
              aria-describedby={option.hint ? `${own}-hint` : undefined}
              onChange={() => onChange(option.value)}
            />
            <div className={styles.words}>
              <label htmlFor={own} className={styles.label}>
                {option.label}
              </label>
              {option.hint && (
                <p id={`${own}-hint`} className={styles.hint}>
                  {option.hint}
                </p>
              )}
            </div>
          </div>
        );
      })}
    </fieldset>
  );
}
