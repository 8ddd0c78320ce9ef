import { ArrowLeft, CalendarClock, Paperclip, PenLine, SendHorizontal, Trash2 } from 'lucide-react';
import { memo, useEffect, useMemo, useRef } from 'react';
import { VList, type VListHandle } from 'virtua';
import { navigate } from 'wouter/use-browser-location';
import { useChannelName } from '@/features/channels/names';
import { maySchedule } from '@/features/composer/scheduled';
import { mayWrite } from '@/features/messages/rights';
import { useMessageContext } from '@/features/messages/surroundings';
import { useWalk } from '@/features/search/useWalk';
import { Text, useText } from '@/i18n/text';
import { Markdown } from '@/markdown/Markdown';
import { bringForward } from '@/store/commands';
import { draftsPath, scheduledPath } from '@/store/paths';
import { scheduledIds } from '@/store/scheduled';
import { getState, useApp, useAppShallow } from '@/store/store';
import { uploadsAt } from '@/store/uploads';
import { Button } from '@/ui/Button';
import { EmptyState } from '@/ui/EmptyState';
import { IconButton } from '@/ui/IconButton';
import { Tabs } from '@/ui/Tabs';
import { toast } from '@/ui/toast';
import { type DraftSpot, deleteDraft, editDraft, openDrafts, sendDraft, spotOf } from './actions';
import styles from './DraftsView.module.css';
import { Head } from './Head';
import { ScheduledRow } from './ScheduledRow';

/** DraftsView lists what one has begun to write, wherever it was, the latest first; and what is to be sent later. */
export function DraftsView() {
  const t = useText();
  const scheduled = useApp((state) => state.place.view === 'scheduled');
  const offered = useApp(maySchedule);
  const drafts = useApp((state) => Object.keys(state.drafts).length);
  const waiting = useApp((state) => Object.keys(state.scheduled.byId).length);
  const tabs = [
    { id: 'drafts', label: <Counted id="drafts.title" count={drafts} />, content: <Drafts /> },
    { id: 'scheduled', label: <Counted id="drafts.scheduled" count={waiting} />, content: <Scheduled /> },
  ];
  const go = (id: string) => {
    const state = getState();
    const to = id === 'scheduled' ? scheduledPath : draftsPath;
    if ((id === 'scheduled') !== scheduled) navigate(to(state, state.place.teamId));
  };
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
      {offered ? (
        <div className={styles.tabs}>
          <Tabs label={t('drafts.title')} tabs={tabs} selected={scheduled ? 'scheduled' : 'drafts'} onSelect={go} />
        </div>
      ) : (
        <Drafts />
      )}
    </div>
  );
}

function Counted({ id, count }: { id: 'drafts.title' | 'drafts.scheduled'; count: number }) {
  return (
    <>
      <Text id={id} />
      {count > 0 && <span className={styles.count}> {count}</span>}
    </>
  );
}

function Drafts() {
  const keys = useAppShallow((state) =>
    Object.keys(state.drafts).sort((a, b) => (state.drafts[b]?.updatedAt ?? 0) - (state.drafts[a]?.updatedAt ?? 0)),
  );
  const count = keys.length;
  useEffect(() => {
    void openDrafts();
  }, [count]);
  return count > 0 ? <Rows keys={keys} /> : <Empty />;
}

function Scheduled() {
  const t = useText();
  const ids = useAppShallow(scheduledIds);
  const count = ids.length;
  useEffect(() => {
    void openDrafts();
  }, [count]);
  if (count > 0) return <ScheduledRows ids={ids} />;
  return (
    <div className={styles.state}>
      <EmptyState title={t('drafts.scheduled.none')} icon={<CalendarClock size={24} />}>
        {t('drafts.scheduled.noneWhy')}
      </EmptyState>
    </div>
  );
}

function ScheduledRows({ ids }: { ids: readonly string[] }) {
  const t = useText();
  const list = useRef<VListHandle>(null);
  const { current, onKeyDown, onFocus } = useWalk(ids, list, 'data-scheduled');
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: it hears the keys of its rows, which walk among them
    <div className={styles.holder} onKeyDown={onKeyDown} onFocus={onFocus}>
      <VList ref={list} className={styles.list} role="list" aria-label={t('drafts.scheduled')}>
        {ids.map((id) => (
          <ScheduledItem key={id} id={id} tabbable={id === current} />
        ))}
      </VList>
    </div>
  );
}

const ScheduledItem = memo(function ScheduledItem({ id, tabbable }: { id: string; tabbable: boolean }) {
  const post = useApp((state) => state.scheduled.byId[id]);
  return post ? <ScheduledRow post={post} tabbable={tabbable} /> : null;
});

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

/** The files of a draft, by name. */
function Files({ place }: { place: string }) {
  const names = useAppShallow((state) => uploadsAt(state.uploads, place).map((one) => one.name));
  if (names.length === 0) return null;
  return (
    <ul className={styles.files}>
      {names.map((name, at) => (
        <li key={at}>
          <Paperclip size={14} aria-hidden="true" /> <span dir="auto">{name}</span>
        </li>
      ))}
    </ul>
  );
}

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
          {message && <Markdown text={message} context={context} compact />}
          <Files place={id} />
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
