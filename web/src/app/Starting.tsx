/** What stands while the first answers are on their way: the shape of the frame, no words, nothing that moves. */
import styles from './Starting.module.css';

export function Starting() {
  return (
    <div className={styles.frame} aria-busy="true">
      <div className={styles.sidebar} />
      <div className={styles.centre} />
    </div>
  );
}
