import { CheckCheck } from 'lucide-react';
import { UserAvatar } from '@/features/people/UserAvatar';
import { UserName } from '@/features/people/UserName';
import { useText } from '@/i18n/text';
import { needUsers } from '@/realtime/load';
import { readersOf } from '@/store/receipts';
import { useAppShallow } from '@/store/store';
import { Popover } from '@/ui/Popover';
import styles from './Acknowledgements.module.css';

/** ReadBy is below a message of one's own where the channel shows who has read it. */
export function ReadBy({ channelId, createAt }: { channelId: string; createAt: number }) {
  const t = useText();
  const readers = useAppShallow((state) => readersOf(state, channelId, createAt));
  if (readers.length === 0) return null;
  return (
    <div className={styles.line}>
      <Popover
        label={t('messages.read.who')}
        trigger={
          <button type="button" className={styles.count} onClick={() => void needUsers(readers)}>
            <CheckCheck size={15} aria-hidden="true" />
            {t('messages.read.count', { count: readers.length })}
          </button>
        }
      >
        <ul className={styles.who} aria-label={t('messages.read.who')}>
          {readers.map((userId) => (
            <li key={userId}>
              <UserAvatar userId={userId} size={24} />
              <span className={styles.name}>
                <UserName userId={userId} />
              </span>
            </li>
          ))}
        </ul>
      </Popover>
    </div>
  );
}
