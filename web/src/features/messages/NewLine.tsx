import { Text } from '@/i18n/text';
import styles from './MessageList.module.css';

/** NewLine stands before the first message that one has not read. */
export function NewLine() {
  return (
    <div className={styles.newLine}>
      <span>
        <Text id="messages.new" />
      </span>
    </div>
  );
}
