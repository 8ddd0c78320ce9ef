import { memo } from 'react';
import { CrowdRow } from './CrowdRow';
import { DayLine } from './DayLine';
import { Intro } from './Intro';
import { LoadingRow } from './LoadingRow';
import styles from './MessageList.module.css';
import { MessageRow } from './MessageRow';
import { NewLine } from './NewLine';
import type { Row } from './rows';

export interface ListRowProps {
  channelId: string;
  row: Row;
  tabbable: boolean;
  flash: boolean;
}

/** ListRow is one row of a channel: a message, several comings and goings, or what stands between messages. */
export const ListRow = memo(function ListRow({ channelId, row, tabbable, flash }: ListRowProps) {
  return <div data-row={row.key}>{content(channelId, row, tabbable, flash)}</div>;
});

function content(channelId: string, row: Row, tabbable: boolean, flash: boolean) {
  switch (row.kind) {
    case 'post':
      return (
        <MessageRow
          channelId={channelId}
          postId={row.id}
          where="channel"
          head={row.head}
          comment={row.comment}
          tabbable={tabbable}
          flash={flash}
        />
      );
    case 'crowd':
      return row.ids.length === 1 ? (
        <MessageRow channelId={channelId} postId={row.ids[0] ?? ''} where="channel" tabbable={tabbable} flash={flash} />
      ) : (
        <CrowdRow channelId={channelId} ids={row.ids} at={row.at} tabbable={tabbable} />
      );
    case 'day':
      return <DayLine channelId={channelId} at={row.at} />;
    case 'new':
      return <NewLine />;
    case 'intro':
      return <Intro channelId={channelId} />;
    case 'end':
      return <div className={styles.end} />;
    default:
      return <LoadingRow channelId={channelId} side={row.kind} />;
  }
}
