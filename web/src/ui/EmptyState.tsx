import type { ReactNode } from 'react';
import styles from './State.module.css';

export interface EmptyStateProps {
  title: ReactNode;
  /** What this place is for. */
  children?: ReactNode;
  /** The one next step. */
  action?: ReactNode;
  icon?: ReactNode;
  /** The title is the heading of the whole page. */
  page?: boolean;
}

/** EmptyState says what a place is for while nothing is there. */
export function EmptyState({ title, children, action, icon, page }: EmptyStateProps) {
  const Title = page ? 'h1' : 'p';
  return (
    <div className={styles.state}>
      {icon && (
        <div className={styles.icon} aria-hidden="true">
          {icon}
        </div>
      )}
      <Title className={styles.title}>{title}</Title>
      {children && <div className={styles.words}>{children}</div>}
      {action && <div className={styles.action}>{action}</div>}
    </div>
  );
}
