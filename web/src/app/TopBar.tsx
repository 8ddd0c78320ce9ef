/** The bar above the centre: search, what concerns oneself, help, and one's own menu. */
import { AtSign, Bookmark, CircleHelp } from 'lucide-react';
import { MyMenu } from '@/features/people/MyMenu';
import { SearchBox } from '@/features/search/SearchBox';
import { useText } from '@/i18n/text';
import { closePane, openDialog, openPane } from '@/store/commands';
import type { Pane } from '@/store/place';
import { useApp } from '@/store/store';
import { IconButton } from '@/ui/IconButton';
import { signOut } from './session';
import styles from './TopBar.module.css';

export function TopBar() {
  const t = useText();
  return (
    <header className={styles.bar}>
      <div className={styles.search}>
        <SearchBox />
      </div>
      <div className={styles.tools}>
        <PaneButton kind="mentions" label={t('app.mentions')} icon={<AtSign />} shortcut="mod+shift+m" />
        <PaneButton kind="saved" label={t('app.saved')} icon={<Bookmark />} />
        <IconButton
          label={t('app.shortcuts')}
          shortcut="mod+/"
          icon={<CircleHelp />}
          placement="bottom"
          onClick={() => openDialog({ kind: 'shortcuts' })}
        />
        <MyMenu onSignOut={() => void signOut()} />
      </div>
    </header>
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
