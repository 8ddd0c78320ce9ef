/** The frame of a text field: its label, hint and error, tied to it by id. */

import { CircleAlert } from 'lucide-react';
import { type ReactNode, useId } from 'react';
import { cx } from './cx';
import styles from './Field.module.css';

/** What every field with a label takes. */
export interface FieldProps {
  label: string;
  hint?: ReactNode;
  /** In words, what is wrong; the field is then invalid. */
  error?: ReactNode;
  /** The label is there for screen readers only. */
  hideLabel?: boolean;
}

/** The attributes that tie a control to its frame. */
export interface FieldLinks {
  id: string;
  'aria-describedby': string | undefined;
  'aria-invalid': true | undefined;
}

interface FrameProps extends FieldProps {
  id?: string;
  className?: string;
  children: (links: FieldLinks) => ReactNode;
}

/** Field draws the label above a control, and the hint or the error below. */
export function Field({ id, label, hint, error, hideLabel, className, children }: FrameProps) {
  const own = useId();
  const control = id ?? own;
  const said = error || hint ? `${control}-note` : undefined;
  return (
    <div className={cx(styles.field, className)}>
      <label htmlFor={control} className={hideLabel ? 'visually-hidden' : styles.label}>
        {label}
      </label>
      {children({ id: control, 'aria-describedby': said, 'aria-invalid': error ? true : undefined })}
      {error ? (
        <p id={said} className={styles.error} role="alert">
          <CircleAlert size={14} aria-hidden="true" />
          <span>{error}</span>
        </p>
      ) : (
        hint && (
          <div id={said} className={styles.hint}>
            {hint}
          </div>
        )
      )}
    </div>
  );
}
