/** The bar above the centre: search, what concerns oneself, help, and one's own menu. */
import { AtSign, Bookmark, CircleHelp, Search } from 'lucide-react';
import { MyMenu } from '@/features/people/MyMenu';
import { focusSearch } from '@/features/search/box';
import { SearchBox } from '@/features/search/SearchBox';
import { useText } from '@/i18n/text';
import { closePane, openDialog, openPane } from '@/store/commands';
import type { Pane } from '@/store/place';
import { setting } from '@/store/selectors';
import { useApp } from '@/store/store';
import { IconButton } from '@/ui/IconButton';
import { Mark } from '@/ui/Mark';
import { usePhone } from '@/ui/media';
import { signOut } from './session';
import styles from './TopBar.module.css';

export function TopBar() {
  const t = useText();
  const phone = usePhone();
  return (
    <header className={styles.bar}>
      {phone ? (
        <Brand />
      ) : (
        <div className={styles.search}>
          <SearchBox />
        </div>
      )}
      <div className={styles.tools}>
        {phone && <IconButton label={t('app.search')} icon={<Search />} noTooltip onClick={() => focusSearch()} />}
        <PaneButton kind="mentions" label={t('app.mentions')} icon={<AtSign />} shortcut="mod+shift+m" />
        <PaneButton kind="saved" label={t('app.saved')} icon={<Bookmark />} />
        {!phone && (
          <IconButton
            label={t('app.shortcuts')}
            shortcut="mod+/"
            icon={<CircleHelp />}
            placement="bottom"
            onClick={() => openDialog({ kind: 'shortcuts' })}
          />
        )}
        <MyMenu onSignOut={() => void signOut()} />
      </div>
    </header>
  );
}

/** Brand stands at the top of a phone: where one is at all. */
function Brand() {
  const site = useApp((state) => setting(state, 'SiteName'));
  return (
    <p className={styles.brand}>
      <Mark size={24} />
      <span className={styles.site} dir="auto">
        {site}
      </span>
    </p>
  );
}

interface PaneButtonProps {
  kind: Extract<Pane['kind'], 'mentions' | 'saved'>;
  label: string;
  icon: React.ReactNode;
  shortcut?: string;
}

/** PaneButton opens a pane that belongs to oneself, and closes it when it is open. */
function PaneButton({ kind, label, icon, shortcut }: PaneButtonProps) {
  const open = useApp((state) => state.place.pane?.kind === kind);
  return (
    <IconButton
      label={label}
      icon={icon}
      pressed={open}
      placement="bottom"
      onClick={() => (open ? closePane() : openPane({ kind }))}
      {...(shortcut && { shortcut })}
    />
  );
}
