import { CircleAlert, Info, TriangleAlert } from 'lucide-react';
import type { ReactNode } from 'react';
import styles from './Banner.module.css';
import { cx } from './cx';

const icons = { info: Info, warn: TriangleAlert, danger: CircleAlert };

export interface BannerProps {
  kind: 'info' | 'warn' | 'danger';
  children: ReactNode;
  action?: ReactNode;
}

/** Banner is a line that stays while something is so. Danger is told at once, the rest politely. */
export function Banner({ kind, children, action }: BannerProps) {
  const Icon = icons[kind];
  return (
    <div className={cx(styles.banner, styles[kind])} role={kind === 'danger' ? 'alert' : 'status'}>
      <Icon aria-hidden="true" />
      <div className={styles.words}>{children}</div>
      {action}
    </div>
  );
}
