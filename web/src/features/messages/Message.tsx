/** What stands in a row: picture or time at its edge, the head, the words and what belongs to them. */
import { memo } from 'react';
import { Text } from '@/i18n/text';
import type { StoredPost } from '@/store/post';
import type { Where } from './acts';
import type { Author } from './author';
import { Commented } from './Commented';
import { Gutter } from './Gutter';
import { Head } from './Head';
import styles from './Message.module.css';
import { MessageBody } from './MessageBody';
import { PendingNote } from './PendingNote';
import { Reactions } from './Reactions';
import { editBoxOf } from './slots';
import { isNotice } from './system';
import { ThreadLine } from './ThreadLine';

export interface MessageProps {
  post: StoredPost;
  author: Author;
  where: Where;
  head: boolean;
  comment?: boolean;
  editing: boolean;
  searchTerms?: readonly string[];
}

export const Message = memo(function Message(props: MessageProps) {
  const { post, author, where, head, comment, editing, searchTerms } = props;
  const notice = isNotice(post);
  return (
    <>
      <Gutter post={post} author={author} head={head && !notice} notice={notice} />
      <div className={styles.main} data-notice={notice || undefined}>
        {comment && <Commented post={post} />}
        {head && !notice ? <Head post={post} author={author} where={where} /> : null}
        <Words post={post} where={where} editing={editing} searchTerms={searchTerms} />
        {post.delete_at === 0 && (
          <>
            <Reactions channelId={post.channel_id} postId={post.id} where={where} />
            {where !== 'thread' && post.root_id === '' && post.reply_count > 0 && <ThreadLine post={post} />}
          </>
        )}
        {post.pending && <PendingNote post={post} />}
      </div>
    </>
  );
});

type WordsProps = Pick<MessageProps, 'post' | 'where' | 'editing' | 'searchTerms'>;

function Words({ post, where, editing, searchTerms }: WordsProps) {
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
  return <MessageBody post={post} searchTerms={searchTerms} />;
}
