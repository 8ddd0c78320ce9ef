import { ArrowLeft, CornerDownRight, PenLine, SendHorizontal, Trash2 } from 'lucide-react';
import { memo, useEffect, useMemo, useRef } from 'react';
import { VList, type VListHandle } from 'virtua';
import { ChannelIcon } from '@/features/channels/ChannelIcon';
import { useChannelName } from '@/features/channels/names';
import { mayWrite } from '@/features/messages/rights';
import { useMessageContext } from '@/features/messages/surroundings';
import { useTimes, useToday } from '@/features/messages/time';
import { useView } from '@/features/messages/view';
import { useWalk } from '@/features/search/useWalk';
import { Text, useText } from '@/i18n/text';
import { Markdown } from '@/markdown/Markdown';
import { plainText } from '@/markdown/plain';
import { bringForward } from '@/store/commands';
import { postOf } from '@/store/posts';
import { useApp, useAppShallow } from '@/store/store';
import { Button } from '@/ui/Button';
import { EmptyState } from '@/ui/EmptyState';
import { IconButton } from '@/ui/IconButton';
import { toast } from '@/ui/toast';
import { type DraftSpot, deleteDraft, editDraft, openDrafts, sendDraft, spotOf } from './actions';
import styles from './DraftsView.module.css';

/** DraftsView lists what one has begun to write, wherever it was, the latest first. */
export function DraftsView() {
  const t = useText();
  const keys = useAppShallow((state) =>
    Object.keys(state.drafts).sort((a, b) => (state.drafts[b]?.updatedAt ?? 0) - (state.drafts[a]?.updatedAt ?? 0)),
  );
  const count = keys.length;
  useEffect(() => {
    void openDrafts();
  }, [count]);
  return (
    <div className={styles.view}>
      <header className={styles.header}>
        <IconButton
          className={styles.back}
          label={t('drafts.toSidebar')}
          icon={<ArrowLeft />}
          onClick={() => bringForward('sidebar')}
          noTooltip
        />
        <h1 className={styles.title}>{t('drafts.title')}</h1>
      </header>
      {count > 0 ? <Rows keys={keys} /> : <Empty />}
    </div>
  );
}

function Empty() {
  const t = useText();
  return (
    <div className={styles.state}>
      <EmptyState title={t('drafts.none')} icon={<PenLine size={24} />}>
        {t('drafts.noneWhy')}
      </EmptyState>
    </div>
  );
}

function Rows({ keys }: { keys: readonly string[] }) {
  const t = useText();
  const list = useRef<VListHandle>(null);
  const { current, onKeyDown, onFocus } = useWalk(keys, list, 'data-draft');
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: it hears the keys of its rows, which walk among them
    <div className={styles.holder} onKeyDown={onKeyDown} onFocus={onFocus}>
      <VList ref={list} className={styles.list} role="list" aria-label={t('drafts.title')}>
        {keys.map((key) => (
          <Row key={key} id={key} tabbable={key === current} />
        ))}
      </VList>
    </div>
  );
}

const Row = memo(function Row({ id, tabbable }: { id: string; tabbable: boolean }) {
  const draft = useApp((state) => state.drafts[id]);
  const spot = useMemo(() => spotOf(id), [id]);
  if (!draft) return null;
  return <DraftRow id={id} spot={spot} message={draft.message} at={draft.updatedAt} tabbable={tabbable} />;
});

interface DraftRowProps {
  id: string;
  spot: DraftSpot;
  message: string;
  at: number;
  tabbable: boolean;
}

function DraftRow({ id, spot, message, at, tabbable }: DraftRowProps) {
  const t = useText();
  const { channelId } = spot;
  const name = useChannelName(channelId);
  const known = useApp((state) => state.channels.channels[channelId] !== undefined);
  const may = useApp((state) => mayWrite(state, channelId));
  const nothing = useMemo(() => ({ channel_id: channelId, message, props: {}, metadata: {} }), [channelId, message]);
  const context = useMessageContext(nothing);
  const remove = () => {
    const undo = deleteDraft(spot, message);
    toast({ text: t('drafts.deleted'), action: { label: t('drafts.undo'), onSelect: undo } });
  };
  const where = name || t('drafts.channelGone');
  return (
    // biome-ignore lint/a11y/useSemanticElements: the virtual list brings its own boxes
    <div role="listitem" className={styles.item}>
      <article
        className={styles.card}
        data-draft={id}
        tabIndex={tabbable ? 0 : -1}
        aria-label={t('drafts.of', { where })}
        onKeyDown={(event) => {
          if (event.target === event.currentTarget && event.key === 'Enter') editDraft(spot);
        }}
        onClick={(event) => {
          if (event.target instanceof Element && !event.target.closest('a, button')) editDraft(spot);
        }}
      >
        <Head spot={spot} where={where} at={at} />
        <div className={styles.words}>
          <Markdown text={message} context={context} compact />
        </div>
        <div className={styles.acts}>
          {may && (
            <Button
              kind="plain"
              icon={<SendHorizontal size={16} aria-hidden="true" />}
              onClick={() => void sendDraft(spot, message)}
            >
              {t('drafts.send')}
            </Button>
          )}
          {known && (
            <Button kind="plain" icon={<PenLine size={16} aria-hidden="true" />} onClick={() => editDraft(spot)}>
              {t('drafts.edit')}
            </Button>
          )}
          <Button kind="plain" icon={<Trash2 size={16} aria-hidden="true" />} onClick={remove}>
            {t('drafts.delete')}
          </Button>
        </div>
      </article>
    </div>
  );
}

function Head({ spot, where, at }: { spot: DraftSpot; where: string; at: number }) {
  const times = useTimes();
  useToday(useView().timeZone);
  const { channelId, rootId } = spot;
  const root = useApp((state) => (rootId ? postOf(state.posts, channelId, rootId)?.message : undefined));
  return (
    <header className={styles.head}>
      <ChannelIcon channelId={channelId} size={18} />
      <span className={styles.name}>{where}</span>
      {rootId && (
        <span className={styles.thread}>
          <CornerDownRight size={13} aria-hidden="true" />
          <span className={styles.root}>
            <Text id="drafts.reply" values={{ words: plainText(root ?? '', { max: 80 }) }} />
          </span>
        </span>
      )}
      <time className={styles.time} dateTime={new Date(at).toISOString()}>
        {times.brief(at)}
      </time>
    </header>
  );
}
