import { ChevronDown } from 'lucide-react';
import type { ComponentProps } from 'react';
import { cx } from './cx';
import { Field, type FieldProps } from './Field';
import fieldStyles from './Field.module.css';
import styles from './Select.module.css';

export interface SelectProps<V extends string>
  extends FieldProps,
    Omit<ComponentProps<'select'>, 'value' | 'onChange' | 'className' | 'autoFocus' | 'children'> {
  value: V;
  options: readonly { value: V; label: string; disabled?: boolean }[];
  onChange: (value: V) => void;
  className?: string;
}

/** Select picks one of a few; the system's own list, so that it is at home on a phone. */
export function Select<V extends string>(props: SelectProps<V>) {
  const { label, hint, error, hideLabel, className, value, options, onChange, ...rest } = props;
  return (
    <Field id={rest.id} label={label} hint={hint} error={error} hideLabel={hideLabel} className={className}>
      {(links) => (
        <span className={cx(fieldStyles.box, styles.box)}>
          <select
            {...rest}
            {...links}
            className={styles.select}
            value={value}
            onChange={(event) => {
              const chosen = options[event.target.selectedIndex];
              if (chosen) onChange(chosen.value);
            }}
          >
            {options.map((option) => (
              <option key={option.value} value={option.value} disabled={option.disabled}>
                {option.label}
              </option>
            ))}
          </select>
          <ChevronDown size={16} className={styles.chevron} aria-hidden="true" />
        </span>
      )}
    </Field>
  );
}
