import { useText } from '@/i18n/text';
import { cx } from './cx';
import styles from './Kbd.module.css';
import { shortcutParts } from './keys';

export { shortcutText } from './keys';

/** Kbd shows the keys of a shortcut, written `mod+shift+m`: ⌘ on Apple's systems, Ctrl elsewhere. */
export function Kbd({ keys, quiet }: { keys: string; quiet?: boolean }) {
  const parts = shortcutParts(keys, useText());
  return (
    <kbd className={cx(styles.keys, quiet && styles.quiet)}>
      {parts.map((part) => (
        <kbd key={part} className={styles.key}>
          {part}
        </kbd>
      ))}
    </kbd>
  );
}
