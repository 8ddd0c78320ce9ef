import { memo } from 'react';
import { MessageRow } from '@/features/messages/MessageRow';
import type { Row } from '@/features/messages/rows';
import { useTimes, useToday } from '@/features/messages/time';
import { useView } from '@/features/messages/view';
import { Text, useText } from '@/i18n/text';
import { postOf } from '@/store/posts';
import { runOf } from '@/store/replies';
import { getState, useApp } from '@/store/store';
import { errorText } from '@/ui/FormError';
import { SkeletonRow } from '@/ui/Skeleton';
import { TextButton } from '@/ui/TextButton';
import { loadMore } from './actions';
import { useOpened } from './opened';
import styles from './ReplyList.module.css';

export interface ReplyRowProps {
  channelId: string;
  rootId: string;
  row: Row;
  tabbable: boolean;
  flash: boolean;
}

/** ReplyRow is one row of a thread: a message, or what stands between messages. */
export const ReplyRow = memo(function ReplyRow(props: ReplyRowProps) {
  return <div data-row={props.row.key}>{content(props)}</div>;
});

function content({ channelId, rootId, row, tabbable, flash }: ReplyRowProps) {
  switch (row.kind) {
    case 'post':
      return (
        <MessageRow
          channelId={channelId}
          postId={row.id}
          where="thread"
          head={row.head}
          tabbable={tabbable}
          flash={flash}
        />
      );
    case 'crowd':
      return row.ids.map((id) => (
        <MessageRow key={id} channelId={channelId} postId={id} where="thread" tabbable={tabbable} flash={flash} />
      ));
    case 'day':
      return <Day at={row.at} />;
    case 'new':
      return (
        <div className={styles.newLine}>
          <span>
            <Text id="threads.new" />
          </span>
        </div>
      );
    case 'intro':
      return <Count channelId={channelId} rootId={rootId} />;
    case 'end':
      return <div className={styles.end} />;
    default:
      return <More channelId={channelId} rootId={rootId} side={row.kind} />;
  }
}

function Day({ at }: { at: number }) {
  const times = useTimes();
  useToday(useView().timeZone);
  return (
    <div className={styles.day}>
      <span>{times.day(at)}</span>
    </div>
  );
}

/** Count says below the root how many replies there are. */
function Count({ channelId, rootId }: { channelId: string; rootId: string }) {
  const count = useApp((state) => postOf(state.posts, channelId, rootId)?.reply_count ?? 0);
  return (
    <div className={styles.count}>
      <span>
        <Text id="threads.count" values={{ count }} />
      </span>
    </div>
  );
}

/** More stands where further replies will be. When they can't be loaded it says so. */
function More({ channelId, rootId, side }: { channelId: string; rootId: string; side: 'older' | 'newer' }) {
  const t = useText();
  const state = useOpened(rootId)[side];
  if (!state || state === 'busy') {
    return (
      <div className={styles.loading} aria-busy="true">
        <span className="visually-hidden">{t('threads.loading')}</span>
        <SkeletonRow rows={3} />
      </div>
    );
  }
  const again = () => {
    const run = runOf(getState().posts.byChannel[channelId]?.threads[rootId]);
    const id = side === 'older' ? run?.ids[0] : run?.ids.at(-1);
    if (id) void loadMore({ channelId, rootId }, side, id);
  };
  return (
    <p className={styles.failed} role="alert">
      <Text id="threads.moreFailed" /> {errorText(state.error)}{' '}
      <TextButton onClick={again}>
        <Text id="ui.retry" />
      </TextButton>
    </p>
  );
}
