import { Archive, Hash, Lock } from 'lucide-react';
import { memo } from 'react';
import { UserAvatar } from '@/features/people/UserAvatar';
import type { Channel } from '@/store/channels';
import { partnerId } from '@/store/selectors';
import { useApp } from '@/store/store';
import styles from './ChannelIcon.module.css';

/** groupSize is how many others are in a group channel. */
export const groupSize = (channel: Pick<Channel, 'display_name'>): number =>
  Math.max(1, channel.display_name.split(', ').length - 1);

export interface ChannelIconProps {
  channelId: string;
  /** Pixels: of a picture. Signs are somewhat smaller. */
  size?: number;
}

/**
 * ChannelIcon is the sign of a channel: what kind it is, whom one talks to, how many they are. Decoration: the name
 * stands beside it; only presence is told.
 */
export const ChannelIcon = memo(function ChannelIcon({ channelId, size = 20 }: ChannelIconProps) {
  const channel = useApp((state) => state.channels.channels[channelId]);
  const me = useApp((state) => state.users.me);
  if (!channel) return <span className={styles.icon} style={{ width: size }} />;
  return <KindIcon channel={channel} me={me} size={size} />;
});

/** KindIcon is the sign of a channel that may not be in the store, such as one that was found. */
export function KindIcon({ channel, me, size = 20 }: { channel: Channel; me: string; size?: number }) {
  const box = { width: size, height: size };
  if (channel.type === 'D') return <UserAvatar userId={partnerId(channel, me)} size={size} presence />;
  if (channel.type === 'G') {
    return (
      <span className={styles.group} style={box} aria-hidden="true" data-figures>
        {groupSize(channel)}
      </span>
    );
  }
  const Sign = channel.delete_at > 0 ? Archive : channel.type === 'P' ? Lock : Hash;
  return (
    <span className={styles.icon} style={box} aria-hidden="true">
      <Sign size={Math.round(size * 0.75)} strokeWidth={1.75} />
    </span>
  );
}
