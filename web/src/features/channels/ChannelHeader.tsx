import { ArrowLeft, ChevronDown, Info, Pin, Search, Star, Users } from 'lucide-react';
import { useText } from '@/i18n/text';
import { bringForward, closePane, openPane } from '@/store/commands';
import type { Pane } from '@/store/place';
import { allMentions, isMuted, partnerId } from '@/store/selectors';
import { useApp } from '@/store/store';
import { attempt } from '@/ui/attempt';
import { Badge } from '@/ui/Badge';
import { IconButton } from '@/ui/IconButton';
import { late } from '@/ui/late';
import { Menu } from '@/ui/Menu';
import { Tooltip } from '@/ui/Tooltip';
import styles from './ChannelHeader.module.css';
import { ChannelIcon } from './ChannelIcon';
import { DirectStatus } from './DirectStatus';
import { HeaderText } from './HeaderText';
import { useChannelName } from './names';
import { isFavourite, setFavourite } from './notify';

const WebPublicMark = late(() => import('./WebPublicMark').then((module) => module.WebPublicMark));
const HeaderMenu = late(() => import('./HeaderMenu').then((module) => module.HeaderMenu), 'soon');

/** ChannelHeader is the top of an open channel: what it is called, what it is about, and what can be done with it. */
export function ChannelHeader({ channelId }: { channelId: string }) {
  const t = useText();
  const name = useChannelName(channelId);
  const type = useApp((state) => state.channels.channels[channelId]?.type);
  const header = useApp((state) => state.channels.channels[channelId]?.header ?? '');
  const partner = useApp((state) => {
    const channel = state.channels.channels[channelId];
    return channel?.type === 'D' ? partnerId(channel, state.users.me) : '';
  });
  const muted = useApp((state) => isMuted(state, channelId));
  const onWeb = useApp((state) => state.webPublic[channelId]?.enabled === true);
  if (!type) return null;
  return (
    <header className={styles.header}>
      <Back />
      <div className={styles.titles}>
        <h1 className={styles.title}>
          <Menu
            label={t('channels.menu', { name })}
            trigger={
              <button type="button" className={styles.name}>
                <ChannelIcon channelId={channelId} size={22} />
                <span className={styles.words} dir="auto">
                  {name}
                </span>
                {muted && <span className={styles.muted}>{t('channels.muted')}</span>}
                <ChevronDown size={16} className={styles.chevron} aria-hidden="true" />
              </button>
            }
          >
            <HeaderMenu channelId={channelId} />
          </Menu>
        </h1>
        <Favourite channelId={channelId} />
        {onWeb && <WebPublicMark channelId={channelId} />}
      </div>
      <div className={styles.about}>
        {partner && <DirectStatus userId={partner} />}
        {header && <HeaderText key={channelId} text={header} />}
      </div>
      <div className={styles.tools}>
        {type !== 'D' && <MembersButton channelId={channelId} />}
        <PinnedButton channelId={channelId} />
        <IconButton
          className={styles.search}
          label={t('channels.search')}
          icon={<Search />}
          noTooltip
          onClick={() => openPane({ kind: 'search', terms: '', teamId: '' })}
        />
        <PaneToggle
          pane={{ kind: 'info', channelId }}
          label={t('channels.info')}
          icon={<Info />}
          shortcut="mod+alt+i"
        />
      </div>
    </header>
  );
}

/** Back leads to the list of channels, on a phone; it says how much waits elsewhere. */
function Back() {
  const t = useText();
  const mentions = useApp((state) => allMentions(state).mentions);
  return (
    <span className={styles.back}>
      <IconButton label={t('channels.back')} icon={<ArrowLeft />} noTooltip onClick={() => bringForward('sidebar')} />
      <span className={styles.waiting}>
        <Badge count={mentions} label={t('channels.waiting', { count: mentions })} />
      </span>
    </span>
  );
}

function Favourite({ channelId }: { channelId: string }) {
  const t = useText();
  const on = useApp((state) => isFavourite(state, channelId));
  return (
    <IconButton
      size="s"
      className={styles.star}
      label={t('channels.favouriteToggle')}
      pressed={on}
      icon={<Star size={16} fill={on ? 'currentColor' : 'none'} />}
      placement="bottom"
      onClick={() => void attempt(setFavourite(channelId, !on))}
    />
  );
}

interface PaneToggleProps {
  pane: Extract<Pane, { kind: 'info' | 'members' | 'pinned' }>;
  label: string;
  icon: React.ReactNode;
  shortcut?: string;
}

function PaneToggle({ pane, label, icon, shortcut }: PaneToggleProps) {
  const open = useApp((state) => state.place.pane?.kind === pane.kind);
  return (
    <IconButton
      label={label}
      icon={icon}
      pressed={open}
      placement="bottom"
      onClick={() => (open ? closePane() : openPane(pane))}
      {...(shortcut && { shortcut })}
    />
  );
}

interface CountProps {
  pane: Extract<Pane, { kind: 'members' | 'pinned' }>;
  count: number;
  label: string;
  icon: React.ReactNode;
}

/** Count is a button with a number: how many there are, and where they are listed. */
function Count({ pane, count, label, icon }: CountProps) {
  const open = useApp((state) => state.place.pane?.kind === pane.kind);
  return (
    <Tooltip text={label} placement="bottom">
      <button
        type="button"
        className={styles.count}
        aria-label={label}
        aria-pressed={open}
        onClick={() => (open ? closePane() : openPane(pane))}
      >
        {icon}
        <span data-figures aria-hidden="true">
          {count}
        </span>
      </button>
    </Tooltip>
  );
}

function MembersButton({ channelId }: { channelId: string }) {
  const t = useText();
  const count = useApp((state) => state.channels.stats[channelId]?.member_count);
  if (count === undefined) return null;
  const label = t('channels.members.count', { count });
  return <Count pane={{ kind: 'members', channelId }} count={count} label={label} icon={<Users size={16} />} />;
}

function PinnedButton({ channelId }: { channelId: string }) {
  const t = useText();
  const count = useApp((state) => state.channels.stats[channelId]?.pinnedpost_count ?? 0);
  if (count === 0) return null;
  const label = t('channels.pinned.count', { count });
  return <Count pane={{ kind: 'pinned', channelId }} count={count} label={label} icon={<Pin size={16} />} />;
}
