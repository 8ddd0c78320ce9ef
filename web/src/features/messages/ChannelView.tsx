import type { ReactNode } from 'react';
import { useText } from '@/i18n/text';
import { channelLabel } from '@/store/selectors';
import { useApp } from '@/store/store';
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
  const t = useText();
  const name = useApp((state) => {
    const channel = state.channels.channels[channelId];
    return channel ? channelLabel(state, channel) : '';
  });
  return (
    <div className={styles.view}>
      {header}
      {banner}
      {/* Headings inside messages come below this one. */}
      <h2 className="visually-hidden">{t('messages.list', { name })}</h2>
      <MessageList key={channelId} channelId={channelId} />
      {composer}
      <Announcer />
    </div>
  );
}
