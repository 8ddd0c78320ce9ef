import type { ReactNode } from 'react';
import styles from './Tag.module.css';

/** Tag is a small word beside a name that says what somebody is. */
export function Tag({ children }: { children: ReactNode }) {
  return <span className={styles.tag}>{children}</span>;
}
