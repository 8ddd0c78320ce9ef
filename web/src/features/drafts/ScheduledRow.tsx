import { CalendarClock, Paperclip, PenLine, Repeat, SendHorizontal, Trash2, TriangleAlert } from 'lucide-react';
import { useMemo } from 'react';
import type { ScheduledPost } from '@/api/drafts';
import { useChannelName } from '@/features/channels/names';
import { cancelScheduled, sendScheduled } from '@/features/composer/scheduled';
import { mayWrite } from '@/features/messages/rights';
import { useMessageContext } from '@/features/messages/surroundings';
import { useTimes } from '@/features/messages/time';
import { useText } from '@/i18n/text';
import { Markdown } from '@/markdown/Markdown';
import { openDialog } from '@/store/commands';
import { useApp } from '@/store/store';
import { attempt } from '@/ui/attempt';
import { Button } from '@/ui/Button';
import { toast } from '@/ui/toast';
import styles from './DraftsView.module.css';
import { Head } from './Head';

/** Why a message could not be sent: the codes of the protocol that have a sentence of their own. */
const reasons = [
  'channel_archived',
  'channel_not_found',
  'no_channel_permission',
  'no_channel_member',
  'restricted_dm',
  'thread_deleted',
  'unable_to_send',
  'invalid_post',
] as const;

const reasonOf = (code: string) => reasons.find((one) => one === code) ?? 'unknown';

/** ScheduledRow is a message that waits to be sent, or that could not be, with what one can do about it. */
export function ScheduledRow({ post, tabbable }: { post: ScheduledPost; tabbable: boolean }) {
  const t = useText();
  const times = useTimes();
  const { id, channel_id: channelId, root_id: rootId, message, error_code: code } = post;
  const where = useChannelName(channelId) || t('drafts.channelGone');
  const may = useApp((state) => mayWrite(state, channelId));
  const bare = useMemo(() => ({ channel_id: channelId, message, props: {}, metadata: {} }), [channelId, message]);
  const context = useMessageContext(bare);
  const edit = () => openDialog({ kind: 'schedule', channelId, rootId, message, scheduledId: id });
  const remove = async () => {
    const undo = await cancelScheduled(post);
    toast({
      text: t('drafts.scheduled.deleted'),
      ...(!code && { action: { label: t('drafts.undo'), onSelect: () => void attempt(undo()) } }),
    });
  };
  return (
    // biome-ignore lint/a11y/useSemanticElements: the virtual list brings its own boxes
    <div role="listitem" className={styles.item}>
      <article
        className={styles.card}
        data-scheduled={id}
        tabIndex={tabbable ? 0 : -1}
        aria-label={t('drafts.scheduled.of', { where })}
        onKeyDown={(event) => {
          if (event.target === event.currentTarget && event.key === 'Enter') edit();
        }}
      >
        <Head spot={{ channelId, rootId }} where={where} at={post.update_at} />
        <p className={styles.when} data-failed={code ? true : undefined}>
          {code ? <TriangleAlert size={15} aria-hidden="true" /> : <CalendarClock size={15} aria-hidden="true" />}
          <span>
            {code
              ? t(`drafts.failed.${reasonOf(code)}`)
              : t('drafts.scheduled.at', { when: times.full(post.scheduled_at) })}
          </span>
          {post.recurrence && (
            <span className={styles.repeat}>
              <Repeat size={13} aria-hidden="true" />
              {t(`drafts.repeat.${post.recurrence}`)}
            </span>
          )}
        </p>
        {post.file_ids && post.file_ids.length > 0 && (
          <p className={styles.when}>
            <Paperclip size={15} aria-hidden="true" /> {t('drafts.files', { count: post.file_ids.length })}
          </p>
        )}
        <div className={styles.words}>
          <Markdown text={message} context={context} compact />
        </div>
        <div className={styles.acts}>
          {may && (
            <Button
              kind="plain"
              icon={<SendHorizontal size={16} aria-hidden="true" />}
              onClick={() => void attempt(sendScheduled(post))}
            >
              {t('drafts.send')}
            </Button>
          )}
          {may && (
            <Button kind="plain" icon={<PenLine size={16} aria-hidden="true" />} onClick={edit}>
              {t(code ? 'drafts.scheduled.again' : 'drafts.scheduled.change')}
            </Button>
          )}
          <Button kind="plain" icon={<Trash2 size={16} aria-hidden="true" />} onClick={() => void attempt(remove())}>
            {t('drafts.delete')}
          </Button>
        </div>
      </article>
    </div>
  );
}
