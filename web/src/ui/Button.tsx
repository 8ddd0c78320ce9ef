import type { ComponentProps, MouseEvent, ReactNode } from 'react';
import styles from './Button.module.css';
import { cx } from './cx';
import { useFormBusy } from './Form';

/** The weight of a button: one `primary` a view; `quiet` is outlined, `plain` has no box, `danger` destroys. */
export type ButtonKind = 'primary' | 'quiet' | 'danger' | 'plain';

export interface ButtonProps extends ComponentProps<'button'> {
  kind?: ButtonKind;
  /** The button keeps its focus and its size, and answers no press, while something is under way. */
  busy?: boolean;
  /** An icon before the words. */
  icon?: ReactNode;
  /** As wide as its container. */
  wide?: boolean;
}

/** Button is a button with words. A submit button of a Form is busy while the form is. */
export function Button({ kind = 'quiet', busy, icon, wide, className, children, onClick, ...rest }: ButtonProps) {
  const formBusy = useFormBusy();
  const isBusy = busy ?? (formBusy && rest.type === 'submit');
  const press = (event: MouseEvent<HTMLButtonElement>) => {
    if (isBusy) event.preventDefault();
    else onClick?.(event);
  };
  return (
    <button
      type="button"
      {...rest}
      className={cx(styles.button, styles[kind], wide && styles.wide, isBusy && styles.busy, className)}
      aria-disabled={isBusy || rest['aria-disabled']}
      aria-busy={isBusy || undefined}
      onClick={press}
    >
      {icon}
      <span className={styles.words}>{children}</span>
      {isBusy && (
        <span className={styles.dots} aria-hidden="true">
          <i />
          <i />
          <i />
        </span>
      )}
    </button>
  );
}
