/** Shapes that stand where something will be. The place around them is `aria-busy`; they themselves say nothing. */
import { cx } from './cx';
import styles from './Skeleton.module.css';

const widths = ['92%', '76%', '84%', '58%', '88%', '66%'];

/** SkeletonLines stands for text. */
export function SkeletonLines({ lines = 3 }: { lines?: number }) {
  return (
    <div className={styles.lines} aria-hidden="true">
      {Array.from({ length: lines }, (_, line) => (
        <div key={line} className={cx(styles.shape, styles.line)} style={{ width: widths[line % widths.length] }} />
      ))}
    </div>
  );
}

/** SkeletonRow stands for a row with a picture and two lines. */
export function SkeletonRow({ rows = 1, picture = 36 }: { rows?: number; picture?: number }) {
  return (
    <div className={styles.rows} aria-hidden="true">
      {Array.from({ length: rows }, (_, row) => (
        <div key={row} className={styles.row}>
          {picture > 0 && (
            <div className={cx(styles.shape, styles.picture)} style={{ width: picture, height: picture }} />
          )}
          <div className={styles.lines}>
            <div className={cx(styles.shape, styles.line)} style={{ width: row % 2 ? '34%' : '26%' }} />
            <div className={cx(styles.shape, styles.line)} style={{ width: widths[row % widths.length] }} />
          </div>
        </div>
      ))}
    </div>
  );
}
