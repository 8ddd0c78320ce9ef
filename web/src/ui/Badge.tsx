import styles from './Badge.module.css';
import { cx } from './cx';

/** Badge is the pill with a number of mentions; label says in words what is counted. Nothing stands for zero. */
export function Badge({ count, label, quiet }: { count: number; label: string; quiet?: boolean }) {
  if (count <= 0) return null;
  return (
    <span className={cx(styles.badge, quiet && styles.quiet)}>
      <span aria-hidden="true">{count > 99 ? '99+' : count}</span>
      <span className="visually-hidden">{label}</span>
    </span>
  );
}
