import type { ComponentProps } from 'react';
import { cx } from './cx';
import { Field, type FieldProps } from './Field';
import styles from './Field.module.css';
import { useFormBusy } from './Form';

type Native = Omit<ComponentProps<'textarea'>, 'value' | 'onChange' | 'className' | 'autoFocus'>;

export interface TextAreaProps extends FieldProps, Native {
  value: string;
  onChange: (value: string) => void;
  className?: string;
}

/** TextArea is several lines of text. */
export function TextArea({ label, hint, error, hideLabel, className, value, onChange, ...rest }: TextAreaProps) {
  const busy = useFormBusy();
  return (
    <Field id={rest.id} label={label} hint={hint} error={error} hideLabel={hideLabel} className={className}>
      {(links) => (
        <span className={cx(styles.box, styles.area)}>
          <textarea
            dir="auto"
            rows={3}
            readOnly={busy}
            {...rest}
            {...links}
            className={styles.input}
            value={value}
            onChange={(event) => onChange(event.target.value)}
          />
        </span>
      )}
    </Field>
  );
}
