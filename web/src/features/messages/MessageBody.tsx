import { Text, useText } from '@/i18n/text';
import { Markdown } from '@/markdown/Markdown';
import type { StoredPost } from '@/store/post';
import { burning } from '@/store/priorities';
import { useApp } from '@/store/store';
import { cx } from '@/ui/cx';
import { late } from '@/ui/late';
import { TextButton } from '@/ui/TextButton';
import type { Where } from './acts';
import { Attachments } from './attachments/Attachments';
import { Embeds } from './embeds/Embeds';
import { PostFiles } from './embeds/Files';
import type { RowFacts } from './facts';
import { openHistory } from './history';
import styles from './Message.module.css';
import { maySeeHistory } from './rights';
import { AddOutsiders, SystemText } from './SystemText';
import { useContextWith } from './surroundings';
import { isNotice, sentenceOf } from './system';
import { useTimes } from './time';

const Burning = late(() => import('./Burning').then((module) => module.Burning));
const BurningLine = late(() => import('./Burning').then((module) => module.BurningLine));

export interface MessageBodyProps {
  facts: RowFacts;
  where: Where;
  searchTerms?: readonly string[];
}

/** MessageBody is what a message says: its words, what they link to, attachments and files. */
export function MessageBody({ facts, where, searchTerms }: MessageBodyProps) {
  const { post, people } = facts;
  const context = useContextWith(post, people, searchTerms);
  const sentence = sentenceOf(post);
  const notice = isNotice(post);
  if (post.type === burning && post.message === '') return <Burning post={post} />;
  return (
    <div
      className={cx(styles.body, notice && styles.notice, post.type === 'me' && styles.me)}
      data-edited={post.edit_at > 0 || undefined}
    >
      {sentence ? (
        <p>
          <SystemText sentence={sentence} /> <AddOutsiders post={post} />
        </p>
      ) : (
        post.message !== '' && <Markdown text={post.message} context={context} />
      )}
      {post.edit_at > 0 && <Edited post={post} />}
      <Attachments post={post} context={context} />
      <Embeds post={post} context={context} />
      <PostFiles post={post} where={where} />
      {post.type === burning && !post.pending && <BurningLine post={post} />}
    </div>
  );
}

/** Edited says that the words were changed; who wrote them can read the former ones. */
function Edited({ post }: { post: StoredPost }) {
  const t = useText();
  const times = useTimes();
  const may = useApp((state) => maySeeHistory(state, post));
  const when = t('messages.editedAt', { when: times.full(post.edit_at) });
  if (!may) {
    return (
      <span className={styles.edited} title={when}>
        <Text id="messages.edited" />
      </span>
    );
  }
  return (
    <TextButton className={styles.edited} title={when} onClick={() => openHistory(post.channel_id, post.id)}>
      <Text id="messages.edited" />
    </TextButton>
  );
}
