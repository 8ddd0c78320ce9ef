import { Bookmark, Pin } from 'lucide-react';
import { StatusEmoji } from '@/features/people/CustomStatus';
import { openCard } from '@/features/people/card';
import { Tag } from '@/features/people/Tag';
import { Text, useText } from '@/i18n/text';
import type { StoredPost } from '@/store/post';
import { cx } from '@/ui/cx';
import { followLink } from '@/ui/go';
import type { Author } from './author';
import type { RowFacts } from './facts';
import { hideTip, showTip } from './layers';
import styles from './Message.module.css';
import { isEphemeral } from './rights';
import { useTimes } from './time';
import { tintOf } from './tint';
import { useView } from './view';

/** Head says who wrote, when, and what is special about it. */
export function Head({ facts }: { facts: RowFacts }) {
  const { post, author } = facts;
  const { compact } = useView();
  return (
    <div className={styles.head}>
      <AuthorName author={author} channelId={post.channel_id} />
      {author.bot && (
        <Tag>
          <Text id="messages.bot" />
        </Tag>
      )}
      {author.guest && (
        <Tag>
          <Text id="messages.guest" />
        </Tag>
      )}
      {author.status && <StatusEmoji userId={author.id} />}
      {post.type === 'system_auto_responder' && (
        <Tag>
          <Text id="messages.automatic" />
        </Tag>
      )}
      {post.props.parley_assistant === 'true' && (
        <Tag>
          <Text id="messages.assistant" />
        </Tag>
      )}
      {!compact && <Moment facts={facts} />}
      <Priority post={post} />
      {isEphemeral(post) && (
        <span className={styles.only}>
          <Text id="messages.onlyYou" />
        </span>
      )}
      {(post.is_pinned || facts.saved) && <Marks facts={facts} />}
    </div>
  );
}

function AuthorName({ author, channelId }: { author: Author; channelId: string }) {
  const { colorize, compact } = useView();
  const tint = colorize && compact ? tintOf(author.username || author.name) : undefined;
  if (author.borrowed || !author.id) {
    return (
      <span className={styles.author} data-tint={tint} dir="auto">
        {author.name}
      </span>
    );
  }
  return (
    <button
      type="button"
      className={cx(styles.author, styles.authorButton)}
      data-tint={tint}
      dir="auto"
      aria-haspopup="dialog"
      onClick={(event) => openCard(author.id, event.currentTarget, channelId)}
    >
      {author.name}
    </button>
  );
}

/** Moment is the time as a link to the message; staying at it says the whole date. */
function Moment({ facts }: { facts: RowFacts }) {
  const times = useTimes();
  const { post, href } = facts;
  const time = (
    <time
      dateTime={new Date(post.create_at).toISOString()}
      onPointerEnter={(event) => showTip(event.currentTarget, () => times.full(post.create_at))}
      onPointerLeave={hideTip}
    >
      {times.clock(post.create_at)}
    </time>
  );
  if (post.pending || isEphemeral(post)) return <span className={styles.time}>{time}</span>;
  return (
    // Among so many, each watching the address would be felt.
    <a href={href} className={styles.time} onClick={followLink}>
      {time}
    </a>
  );
}

function Priority({ post }: { post: StoredPost }) {
  const priority = post.metadata.priority?.priority;
  if (!priority) return null;
  return (
    <span className={styles.priority} data-priority={priority}>
      <Text id={priority === 'urgent' ? 'messages.urgent' : 'messages.important'} />
    </span>
  );
}

/** Marks says whether a message is pinned or saved. */
export function Marks({ facts: { post, saved } }: { facts: RowFacts }) {
  const t = useText();
  return (
    <span className={styles.marks}>
      {post.is_pinned && (
        <span className={styles.mark}>
          <Pin size={13} aria-hidden="true" />
          {t('messages.pinned')}
        </span>
      )}
      {saved && (
        <span className={styles.mark}>
          <Bookmark size={13} aria-hidden="true" />
          {t('messages.saved')}
        </span>
      )}
    </span>
  );
}
