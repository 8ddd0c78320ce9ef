import { Archive, Ban, DoorOpen, UserX } from 'lucide-react';
import { join } from '@/features/channels/actions';
import { attempt } from '@/features/messages/actions';
import { useText } from '@/i18n/text';
import { displayName, partnerId } from '@/store/selectors';
import { useApp } from '@/store/store';
import { Button } from '@/ui/Button';
import styles from './Composer.module.css';
import type { Closed } from './closed';

const icons = { archived: Archive, deactivated: UserX, outside: DoorOpen, forbidden: Ban };

/** ClosedNote stands where one can't write and says why. */
export function ClosedNote({ channelId, reason }: { channelId: string; reason: Closed }) {
  const t = useText();
  const name = useApp((state) => {
    const channel = state.channels.channels[channelId];
    return channel?.type === 'D' ? displayName(state, partnerId(channel, state.users.me)) : '';
  });
  const open = useApp((state) => state.channels.channels[channelId]?.type === 'O');
  const Icon = icons[reason];
  return (
    <div className={styles.closed} role="note">
      <Icon aria-hidden="true" />
      <p>{t(`composer.closed.${reason}`, { name })}</p>
      {reason === 'outside' && open && (
        <Button kind="primary" onClick={() => void attempt(join(channelId))}>
          {t('composer.join')}
        </Button>
      )}
    </div>
  );
}
