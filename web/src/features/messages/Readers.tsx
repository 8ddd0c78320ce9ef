import { CheckCheck } from 'lucide-react';
import { UserAvatar } from '@/features/people/UserAvatar';
import { UserName } from '@/features/people/UserName';
import { useText } from '@/i18n/text';
import { needUsers } from '@/realtime/load';
import { Popover } from '@/ui/Popover';
import styles from './Acknowledgements.module.css';

/** Readers counts who has read a message, and names them. */
export function Readers({ userIds }: { userIds: readonly string[] }) {
  const t = useText();
  if (userIds.length === 0) return <span className={styles.none}>{t('messages.burn.unread')}</span>;
  return (
    <Popover
      label={t('messages.burn.readers')}
      trigger={
        <button type="button" className={styles.count} onClick={() => void needUsers([...userIds])}>
          <CheckCheck size={15} aria-hidden="true" />
          {t('messages.burn.count', { count: userIds.length })}
        </button>
      }
    >
      <ul className={styles.who} aria-label={t('messages.burn.readers')}>
        {userIds.map((id) => (
          <li key={id}>
            <UserAvatar userId={id} size={24} />
            <span className={styles.name}>
              <UserName userId={id} />
            </span>
          </li>
        ))}
      </ul>
    </Popover>
  );
}
