import styles from './Badge.module.css';
import { cx } from './cx';

/**
 * Badge is the pill with a number of mentions; label says in words what is counted, unless the name of what it stands in
 * does. Nothing stands for zero.
 */
export function Badge({ count, label, quiet }: { count: number; label?: string; quiet?: boolean }) {
  if (count <= 0) return null;
  return (
    <span className={cx(styles.badge, quiet && styles.quiet)}>
      <span aria-hidden="true">{count > 99 ? '99+' : count}</span>
      {label && <span className="visually-hidden">{label}</span>}
    </span>
  );
}
