import type { ReactNode } from 'react';
import { Announcer } from './Announcer';
import styles from './ChannelView.module.css';
import { MessageList } from './MessageList';

export interface ChannelViewProps {
  channelId: string;
  header: ReactNode;
  /** Stands between the header and the messages. */
  banner?: ReactNode;
  composer: ReactNode;
}

/** ChannelView is an open channel: its header, its messages, the box in which one writes. */
export function ChannelView({ channelId, header, banner, composer }: ChannelViewProps) {
  return (
    <div className={styles.view}>
      {header}
      {banner}
      <MessageList key={channelId} channelId={channelId} />
      {composer}
      <Announcer />
    </div>
  );
}
