import type { ComponentProps } from 'react';
import { cx } from './cx';
import styles from './TextButton.module.css';

/** TextButton looks like a link and acts like a button: for a small act inside text. */
export function TextButton({ className, danger, ...rest }: ComponentProps<'button'> & { danger?: boolean }) {
  return <button type="button" {...rest} className={cx(styles.text, danger && styles.danger, className)} />;
}
