import { customEmojiUrl } from '@/features/emoji/custom';
import { useText } from '@/i18n/text';
import { Emoji } from '@/markdown/Emoji';
import { displayName, isOn } from '@/store/selectors';
import { useApp } from '@/store/store';
import { late } from '@/ui/late';
import { Menu } from '@/ui/Menu';
import { useCustomStatus } from './CustomStatus';
import styles from './MyMenu.module.css';
import { usePresence } from './presence';
import { UserAvatar } from './UserAvatar';

const MyItems = late(() => import('./MyItems').then((module) => module.MyItems), 'soon');

/** MyMenu is one's own picture with the menu behind it: presence, custom status, profile, settings, help, the way out. */
export function MyMenu({ onSignOut }: { onSignOut: () => void }) {
  const t = useText();
  const me = useApp((state) => state.users.me);
  const name = useApp((state) => displayName(state, me));
  const presence = usePresence(me);
  const statuses = useApp((state) => isOn(state, 'EnableCustomUserStatuses'));
  if (!me) return null;
  const label = presence ? t('people.me.menu', { presence: t(`people.presence.${presence}`) }) : t('people.me.plain');
  return (
    <Menu
      label={label}
      placement="bottom-end"
      trigger={
        <button type="button" className={styles.button} aria-label={label} title={name}>
          {statuses && <OwnEmoji userId={me} />}
          <UserAvatar userId={me} size={28} presence />
        </button>
      }
    >
      <MyItems onSignOut={onSignOut} />
    </Menu>
  );
}

function OwnEmoji({ userId }: { userId: string }) {
  const status = useCustomStatus(userId);
  if (!status) return null;
  return (
    <span className={styles.emoji}>
      <Emoji name={status.emoji} url={customEmojiUrl(status.emoji)} fallback="" decorative />
    </span>
  );
}
