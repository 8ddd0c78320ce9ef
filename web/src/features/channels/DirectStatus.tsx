import { FormattedRelativeTime } from 'react-intl';
import { StatusLine, useCustomStatus } from '@/features/people/CustomStatus';
import { usePresence } from '@/features/people/presence';
import { Text } from '@/i18n/text';
import { isOn } from '@/store/selectors';
import { useApp } from '@/store/store';
import styles from './ChannelHeader.module.css';

/** Who was there within this time counts as just now, in milliseconds. */
const justNow = 60_000;

/** LastActive says since when somebody is not there, unless they or the server keep it to themselves. */
export function LastActive({ userId }: { userId: string }) {
  const tells = useApp(
    (state) => isOn(state, 'EnableLastActiveTime') && state.users.profiles[userId]?.props?.show_last_active !== 'false',
  );
  const at = useApp((state) => state.users.lastActive[userId] ?? 0);
  if (!tells || at === 0) return <Text id="channels.offline" />;
  const seconds = Math.round((at - Date.now()) / 1000);
  const [value, unit] = spanOf(seconds);
  if (-seconds * 1000 < justNow) return <Text id="channels.activeNow" />;
  return (
    <Text
      id="channels.active"
      values={{ when: <FormattedRelativeTime value={value} unit={unit} numeric="auto" style="short" /> }}
    />
  );
}

function spanOf(seconds: number): [number, 'minute' | 'hour' | 'day'] {
  const minutes = Math.round(seconds / 60);
  if (minutes > -60) return [minutes, 'minute'];
  const hours = Math.round(minutes / 60);
  return hours > -24 ? [hours, 'hour'] : [Math.round(hours / 24), 'day'];
}

/** DirectStatus says of the person of a direct channel whether they are there, and what they show. */
export function DirectStatus({ userId }: { userId: string }) {
  const presence = usePresence(userId);
  const status = useCustomStatus(userId);
  if (!presence && !status) return null;
  return (
    <div className={styles.direct}>
      {presence && (
        <span className={styles.presence}>
          {presence === 'offline' || presence === 'away' ? (
            <LastActive userId={userId} />
          ) : (
            <Text id={`people.presence.${presence}`} />
          )}
        </span>
      )}
      {status && <StatusLine userId={userId} className={styles.statusLine} />}
    </div>
  );
}
