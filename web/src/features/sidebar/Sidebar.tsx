import { ListFilter, Search, SquarePen } from 'lucide-react';
import { type ReactNode, useEffect } from 'react';
import { watchPlaces } from '@/features/channels/places';
import { watchStats } from '@/features/channels/stats';
import { TeamMenu } from '@/features/teams/TeamMenu';
import { useText } from '@/i18n/text';
import { openDialog } from '@/store/commands';
import { useApp } from '@/store/store';
import { attempt } from '@/ui/attempt';
import { IconButton } from '@/ui/IconButton';
import { Kbd } from '@/ui/Kbd';
import { late } from '@/ui/late';
import { Menu, MenuItem } from '@/ui/Menu';
import { groupUnread } from './actions';
import { watchConversations } from './conversations';
import { groupsUnread } from './layout';
import styles from './Sidebar.module.css';
import { Tree } from './Tree';
import { setUnreadOnly, useSidebar, watchSidebar } from './view';

const NewItems = late(() => import('./NewItems').then((module) => module.NewItems), 'soon');

function watch(): () => void {
  const stops = [watchSidebar(), watchConversations(), watchPlaces(), watchStats()];
  return () => {
    for (const stop of stops) stop();
  };
}

/** Sidebar is one's channels and conversations in a team. `edge` resizes it, and is part of it for who can't see it. */
export function Sidebar({ edge }: { edge?: ReactNode }) {
  const t = useText();
  const teamId = useApp((state) => state.place.teamId);
  const name = useApp((state) => state.teams.teams[teamId]?.display_name ?? '');
  useEffect(watch, []);
  return (
    <nav className={styles.sidebar} aria-label={t('sidebar.label', { team: name })}>
      <header className={styles.head}>
        <TeamMenu teamId={teamId} />
        <Menu
          label={t('sidebar.new')}
          placement="bottom-end"
          trigger={<IconButton label={t('sidebar.new')} icon={<SquarePen />} placement="bottom" />}
        >
          <NewItems teamId={teamId} />
        </Menu>
      </header>
      <div className={styles.finder}>
        <button
          type="button"
          className={styles.find}
          aria-keyshortcuts="Control+K Meta+K"
          onClick={() => openDialog({ kind: 'switcher' })}
        >
          <Search size={15} aria-hidden="true" />
          <span className={styles.findWords}>{t('sidebar.find')}</span>
          <span className={styles.keys}>
            <Kbd keys="mod+k" quiet />
          </span>
        </button>
        <Filter />
      </div>
      <Tree />
      {edge}
    </nav>
  );
}

/** Filter narrows the list to what is unread, or gathers that at the top. */
function Filter() {
  const t = useText();
  const unreadOnly = useSidebar((view) => view.unreadOnly);
  const grouped = useApp(groupsUnread);
  return (
    <Menu
      label={t('sidebar.filter')}
      placement="bottom-end"
      trigger={
        <IconButton
          label={t(unreadOnly ? 'sidebar.filter.on' : 'sidebar.filter')}
          icon={<ListFilter />}
          placement="bottom"
          pressed={unreadOnly || undefined}
        />
      }
    >
      <MenuItem checked={unreadOnly} shortcut="mod+shift+u" onSelect={() => setUnreadOnly(!unreadOnly)}>
        {t('sidebar.unreadOnly')}
      </MenuItem>
      <MenuItem checked={grouped} onSelect={() => void attempt(groupUnread(!grouped))}>
        {t('sidebar.unreadFirst')}
      </MenuItem>
    </Menu>
  );
}
