import { ChevronDown } from 'lucide-react';
import { useText } from '@/i18n/text';
import { useApp } from '@/store/store';
import { late } from '@/ui/late';
import { Menu } from '@/ui/Menu';
import styles from './TeamMenu.module.css';

const TeamItems = late(() => import('./TeamItems').then((module) => module.TeamItems), 'soon');

/** TeamMenu is the name of the team and what can be done with it. */
export function TeamMenu({ teamId }: { teamId: string }) {
  const t = useText();
  const name = useApp((state) => state.teams.teams[teamId]?.display_name ?? '');
  return (
    <Menu
      label={t('teams.menu', { team: name })}
      trigger={
        <button type="button" className={styles.name} title={name}>
          <span className={styles.words} dir="auto">
            {name}
          </span>
          <ChevronDown size={16} aria-hidden="true" />
        </button>
      }
    >
      <TeamItems teamId={teamId} />
    </Menu>
  );
}
