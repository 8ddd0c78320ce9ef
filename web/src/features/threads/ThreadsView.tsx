import { ArrowLeft, MessagesSquare } from 'lucide-react';
import { useState } from 'react';
import { Link } from 'wouter';
import { navigate } from 'wouter/use-browser-location';
import { useChannelName } from '@/features/channels/names';
import { Announcer } from '@/features/messages/Announcer';
import { Text, useText } from '@/i18n/text';
import { openDialog } from '@/store/commands';
import { permalink, threadsPath } from '@/store/paths';
import { setting } from '@/store/selectors';
import { getState, useApp } from '@/store/store';
import { Button } from '@/ui/Button';
import { EmptyState } from '@/ui/EmptyState';
import { IconButton } from '@/ui/IconButton';
import { FollowButton } from './FollowButton';
import type { Filter } from './lists';
import { ThreadList } from './ThreadList';
import { ThreadMenu } from './ThreadMenu';
import { ThreadsHeader } from './ThreadsHeader';
import styles from './ThreadsView.module.css';
import { ThreadView } from './ThreadView';
import { useChannelOfThread } from './useChannelOfThread';

/** ThreadsView is all threads of a team that one follows, and the one that is chosen beside them. */
export function ThreadsView() {
  const teamId = useApp((state) => state.place.teamId);
  const threadId = useApp((state) => state.place.threadId);
  const collapsed = useApp((state) => state.posts.collapsed);
  if (!collapsed) return <Off />;
  return (
    <div className={styles.view} data-chosen={threadId !== '' || undefined}>
      <List key={teamId} teamId={teamId} threadId={threadId} />
      <section className={styles.chosen}>
        {threadId ? <Chosen key={threadId} threadId={threadId} /> : <Choose />}
      </section>
      <Announcer />
    </div>
  );
}

function List({ teamId, threadId }: { teamId: string; threadId: string }) {
  const [filter, setFilter] = useState<Filter>('all');
  return (
    <section className={styles.all}>
      <ThreadsHeader teamId={teamId} filter={filter} onFilter={setFilter} />
      <ThreadList key={filter} teamId={teamId} filter={filter} chosen={threadId} onAll={() => setFilter('all')} />
    </section>
  );
}

/** Nothing is chosen: on a wide screen the place beside the list says what it is for. */
function Choose() {
  const t = useText();
  const unread = useApp((state) => state.threads.totals[state.place.teamId]?.unread ?? 0);
  return (
    <div className={styles.choose}>
      <EmptyState title={t('threads.choose')} icon={<MessagesSquare size={24} />}>
        <Text id="threads.chooseWhy" values={{ count: unread }} />
      </EmptyState>
    </div>
  );
}

function Chosen({ threadId }: { threadId: string }) {
  const t = useText();
  const channelId = useChannelOfThread(threadId);
  const name = useChannelName(channelId ?? '');
  const href = useApp((state) => (channelId ? permalink(state, channelId, threadId) : ''));
  const back = () => navigate(threadsPath(getState(), getState().place.teamId));
  return (
    <>
      <header className={styles.header}>
        <IconButton className={styles.back} label={t('threads.back')} icon={<ArrowLeft />} onClick={back} noTooltip />
        <div className={styles.titles}>
          <h2 className={styles.title}>{t('threads.thread')}</h2>
          {channelId && (
            <Link href={href} className={styles.channel} aria-description={t('threads.openInChannel')}>
              {name}
            </Link>
          )}
        </div>
        {channelId && (
          <>
            <FollowButton channelId={channelId} rootId={threadId} />
            <ThreadMenu channelId={channelId} rootId={threadId} />
          </>
        )}
      </header>
      {channelId === undefined && <div className={styles.choose} aria-busy="true" />}
      {channelId === '' && (
        <div className={styles.choose}>
          <EmptyState title={t('threads.nowhere')} icon={<MessagesSquare size={24} />}>
            {t('threads.nowhereWhy')}
          </EmptyState>
        </div>
      )}
      {channelId && <ThreadView place={{ channelId, rootId: threadId }} />}
    </>
  );
}

/** Off stands where replies are read in their channels. */
function Off() {
  const t = useText();
  const mayChange = useApp((state) => setting(state, 'CollapsedThreads') !== 'disabled');
  const settings = (
    <Button onClick={() => openDialog({ kind: 'settings', tab: 'display' })}>{t('threads.offSettings')}</Button>
  );
  return (
    <div className={styles.choose}>
      <EmptyState title={t('threads.off')} icon={<MessagesSquare size={24} />} {...(mayChange && { action: settings })}>
        {t(mayChange ? 'threads.offWhy' : 'threads.offServer')}
      </EmptyState>
    </div>
  );
}
