import { useText } from '@/i18n/text';
import { displayName } from '@/store/selectors';
import { useApp, useAppShallow } from '@/store/store';
import { typingKey } from '@/store/typing';
import styles from './Composer.module.css';

/** How many people who write are called by name. */
const named = 3;

/** TypingLine says who is writing. */
export function TypingLine({ channelId, rootId }: { channelId: string; rootId: string }) {
  const t = useText();
  const names = useAppShallow((state) =>
    Object.keys(state.typing[typingKey(channelId, rootId)] ?? {})
      .filter((id) => id !== state.users.me && state.users.profiles[id])
      .map((id) => displayName(state, id)),
  );
  const on = useApp((state) => state.server.connection === 'online');
  if (names.length === 0 || !on) return null;
  const [a, b, c] = names;
  const form = names.length > named ? 'many' : (['one', 'two', 'three'] as const)[names.length - 1];
  return (
    <span className={styles.typing}>
      <span className={styles.dots} aria-hidden="true">
        <i />
        <i />
        <i />
      </span>
      {t(`composer.typing.${form ?? 'many'}`, { a, b, c })}
    </span>
  );
}
