import { useText } from '@/i18n/text';
import styles from './Counter.module.css';

/** Counter is the hint below a text, and near its limit how much room is left. */
export function Counter({ text, most, words }: { text: string; most: number; words?: string }) {
  const t = useText();
  const left = most - [...text].length;
  return (
    <span className={styles.counter}>
      <span>{words}</span>
      {left <= most / 5 && <span data-figures>{t('channels.left.characters', { count: left })}</span>}
    </span>
  );
}
