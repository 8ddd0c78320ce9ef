import { CircleAlert } from 'lucide-react';
import { useText } from '@/i18n/text';
import { type Priority, priorityIn } from '@/store/priorities';
import { isOn } from '@/store/selectors';
import { useApp } from '@/store/store';
import { IconButton } from '@/ui/IconButton';
import { Menu, MenuGroup, MenuItem, MenuSeparator } from '@/ui/Menu';
import { choosePriority, mayBurn, mayPrioritise } from './priority';

const levels = ['', 'important', 'urgent'] as const;

/** PriorityButton marks the message that is being written, and asks its readers to say that they have seen it. */
export function PriorityButton({ channelId, rootId }: { channelId: string; rootId: string }) {
  const t = useText();
  const chosen = useApp((state) => priorityIn(state, channelId, rootId));
  const reminds = useApp((state) => isOn(state, 'AllowPersistentNotifications'));
  const levelled = useApp((state) => mayPrioritise(state, rootId));
  const burns = useApp((state) => mayBurn(state, channelId, rootId));
  const every = useApp((state) => state.server.config.PersistentNotificationIntervalMinutes ?? '5');
  const choose = (change: Partial<Priority>) => choosePriority(channelId, rootId, change);
  const ack = chosen?.requested_ack ?? false;
  const burn = chosen?.burn ?? false;
  const persistent = chosen?.persistent_notifications ?? false;
  return (
    <Menu
      label={t('composer.priority')}
      placement="top-end"
      trigger={
        <IconButton
          label={t('composer.priority')}
          icon={<CircleAlert />}
          aria-pressed={chosen !== undefined}
          onMouseDown={(event) => event.preventDefault()}
        />
      }
    >
      {levelled && (
        <MenuGroup label={t('composer.priority')}>
          {levels.map((priority) => (
            <MenuItem
              key={priority}
              checked={(chosen?.priority ?? '') === priority}
              onSelect={() => choose({ priority })}
            >
              {t(`composer.priority.${priority || 'standard'}`)}
            </MenuItem>
          ))}
        </MenuGroup>
      )}
      {levelled && <MenuSeparator />}
      {levelled && (
        <MenuItem checked={ack} hint={t('composer.priority.ack.hint')} onSelect={() => choose({ requested_ack: !ack })}>
          {t('composer.priority.ack')}
        </MenuItem>
      )}
      {reminds && chosen?.priority === 'urgent' && (
        <MenuItem
          checked={persistent}
          hint={t('composer.priority.persistent.hint', { minutes: Number(every) })}
          onSelect={() => choose({ persistent_notifications: !persistent })}
        >
          {t('composer.priority.persistent')}
        </MenuItem>
      )}
      {burns && (
        <MenuItem checked={burn} hint={t('composer.burn.hint')} onSelect={() => choose({ burn: !burn })}>
          {t('composer.burn')}
        </MenuItem>
      )}
    </Menu>
  );
}
