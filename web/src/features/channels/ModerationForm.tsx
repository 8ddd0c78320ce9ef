import { useState } from 'react';
import { getModerations, type Moderation, patchModerations } from '@/api/channels';
import { useText } from '@/i18n/text';
import { isOn } from '@/store/selectors';
import { useApp } from '@/store/store';
import { attempt } from '@/ui/attempt';
import { ErrorState } from '@/ui/ErrorState';
import { SkeletonLines } from '@/ui/Skeleton';
import { Switch } from '@/ui/Switch';
import { useLoaded } from '@/ui/useLoaded';
import styles from './Moderation.module.css';

/** Guests never manage anything. */
type GuestName = Exclude<Moderation['name'], `manage_${string}`>;

/** ModerationForm says what members may do in a channel; its administrators may do everything. Switches act at once. */
export function ModerationForm({ channelId }: { channelId: string }) {
  const t = useText();
  const { value, error, reload } = useLoaded(() => getModerations(channelId));
  const [changed, setChanged] = useState<Moderation[]>();
  const guests = useApp((state) => isOn(state, 'EnableGuestAccounts'));
  const list = changed ?? value;
  if (!list) {
    if (error) return <ErrorState error={error} onRetry={() => void reload()} />;
    return (
      <div aria-busy="true">
        <SkeletonLines lines={5} />
      </div>
    );
  }
  const set = async (name: Moderation['name'], who: 'members' | 'guests', on: boolean) => {
    // Who takes something from the members doesn't mean to leave it to guests.
    const roles = who === 'members' && !on ? { members: on, guests: on } : { [who]: on };
    const whole = name.startsWith('manage_') ? { members: on } : roles;
    await attempt(patchModerations(channelId, [{ name, roles: whole }]).then(setChanged));
  };
  return (
    <div className={styles.switches}>
      <p className={styles.hint}>{t('channels.moderation.hint')}</p>
      {list.map(({ name, roles }) => (
        <div key={name}>
          <Switch
            label={t(`channels.moderation.${name}`)}
            hint={roles.members.enabled ? undefined : t('channels.moderation.above')}
            checked={roles.members.value}
            disabled={!roles.members.enabled}
            onChange={(on) => void set(name, 'members', on)}
          />
          {guests && roles.guests && (
            <div className={styles.guests}>
              <Switch
                label={t(`channels.moderation.guests.${name as GuestName}`)}
                checked={roles.guests.value}
                disabled={!roles.guests.enabled || !roles.members.value}
                onChange={(on) => void set(name, 'guests', on)}
              />
            </div>
          )}
        </div>
      ))}
    </div>
  );
}
