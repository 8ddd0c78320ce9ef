/** What stands in a row: picture or time at its edge, the head, the words and what belongs to them. */
import { memo } from 'react';
import { Text } from '@/i18n/text';
import { useApp } from '@/store/store';
import { late } from '@/ui/late';
import type { Where } from './acts';
import { Commented } from './Commented';
import type { RowFacts } from './facts';
import { Gutter } from './Gutter';
import { Head, Marks } from './Head';
import styles from './Message.module.css';
import { MessageBody } from './MessageBody';
import { PendingNote } from './PendingNote';
import { Reactions } from './Reactions';
import { editBoxOf } from './slots';
import { isNotice } from './system';
import { ThreadLine } from './ThreadLine';

const ReadBy = late(() => import('./ReadBy').then((module) => module.ReadBy));
const TopicLine = late(() => import('./TopicLine').then((module) => module.TopicLine));
const Acknowledgements = late(() => import('./Acknowledgements').then((module) => module.Acknowledgements));

export interface MessageProps {
  facts: RowFacts;
  where: Where;
  head: boolean;
  comment?: boolean;
  searchTerms?: readonly string[];
}

export const Message = memo(function Message({ facts, where, head, comment, searchTerms }: MessageProps) {
  const { post, author, marks, saved } = facts;
  const notice = isNotice(post);
  const first = head && !notice;
  // Replies are read in their thread, of which nothing is told.
  const read = useApp(
    (state) =>
      post.user_id === state.users.me &&
      post.root_id === '' &&
      !notice &&
      state.receipts[post.channel_id]?.enabled === true,
  );
  return (
    <>
      <Gutter post={post} author={author} head={first} notice={notice} />
      <div className={styles.main} data-notice={notice || undefined}>
        {comment && <Commented post={post} />}
        {first && <Head facts={facts} />}
        {!first && (post.is_pinned || saved) && <Marks facts={facts} />}
        {facts.topic && post.delete_at === 0 && <TopicLine topic={facts.topic} />}
        <Words facts={facts} where={where} searchTerms={searchTerms} />
        {post.delete_at === 0 && (
          <>
            {post.metadata.priority?.requested_ack && !post.pending && <Acknowledgements post={post} />}
            {read && !post.pending && <ReadBy channelId={post.channel_id} createAt={post.create_at} />}
            {marks && <Reactions channelId={post.channel_id} postId={post.id} where={where} marks={marks} />}
            {where !== 'thread' && post.root_id === '' && post.reply_count > 0 && <ThreadLine post={post} />}
          </>
        )}
        {post.pending && <PendingNote post={post} />}
      </div>
    </>
  );
});

function Words({ facts, where, searchTerms }: Pick<MessageProps, 'facts' | 'where' | 'searchTerms'>) {
  const { post, editing } = facts;
  if (post.delete_at > 0) {
    return (
      <p className={styles.deleted}>
        <Text id="messages.deleted" />
      </p>
    );
  }
  const EditBox = editing ? editBoxOf() : undefined;
  if (EditBox)
    return <EditBox channelId={post.channel_id} postId={post.id} where={where === 'channel' ? 'centre' : 'pane'} />;
  return <MessageBody facts={facts} where={where} searchTerms={searchTerms} />;
}
