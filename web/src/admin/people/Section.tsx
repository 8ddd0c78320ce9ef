import { type TextId, useText } from '@/i18n/text';
import styles from './People.module.css';

/** Section is a titled part of what can be done with an account. */
export function Section({ heading, children }: { heading: TextId; children: React.ReactNode }) {
  const t = useText();
  return (
    <section className={styles.section}>
      <h2>{t(heading)}</h2>
      {children}
    </section>
  );
}
