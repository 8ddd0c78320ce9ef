import { ChevronDown, DoorOpen, LogIn, Plus, Settings, UserPlus, Users } from 'lucide-react';
import { navigate } from 'wouter/use-browser-location';
import { useText } from '@/i18n/text';
import { openDialog } from '@/store/commands';
import { can, setting } from '@/store/selectors';
import { useApp } from '@/store/store';
import { Menu, MenuItem, MenuSeparator } from '@/ui/Menu';
import { mayInvite, useTeamRights } from './rights';
import styles from './TeamMenu.module.css';

/** TeamMenu is the name of the team and what can be done with it. */
export function TeamMenu({ teamId }: { teamId: string }) {
  const t = useText();
  const name = useApp((state) => state.teams.teams[teamId]?.display_name ?? '');
  const rights = useTeamRights(teamId);
  const invite = useApp((state) => mayInvite(state, teamId));
  const primary = useApp((state) => setting(state, 'ExperimentalPrimaryTeam'));
  const isPrimary = useApp((state) => primary !== '' && state.teams.teams[teamId]?.name === primary);
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
      {invite && (
        <MenuItem icon={<UserPlus />} onSelect={() => openDialog({ kind: 'invite', teamId })}>
          {t('teams.invite')}
        </MenuItem>
      )}
      <MenuItem icon={<Users />} onSelect={() => openDialog({ kind: 'team-members', teamId })}>
        {t(rights.roles || rights.remove ? 'teams.manageMembers' : 'teams.members')}
      </MenuItem>
      {rights.manage && (
        <MenuItem icon={<Settings />} onSelect={() => openDialog({ kind: 'team-settings', teamId })}>
          {t('teams.settings')}
        </MenuItem>
      )}
      <MenuSeparator />
      <JoinItems />
      {!isPrimary && (
        <>
          <MenuSeparator />
          <MenuItem icon={<DoorOpen />} danger onSelect={() => openDialog({ kind: 'leave-team', teamId })}>
            {t('teams.leave')}
          </MenuItem>
        </>
      )}
    </Menu>
  );
}

/** JoinItems lead to another team: one that is there, or a new one. */
export function JoinItems() {
  const t = useText();
  const create = useApp((state) => can(state, 'create_team'));
  const join = useApp((state) => can(state, 'join_public_teams') || can(state, 'join_private_teams'));
  return (
    <>
      {join && (
        <MenuItem icon={<LogIn />} onSelect={() => navigate('/select_team')}>
          {t('teams.join')}
        </MenuItem>
      )}
      {create && (
        <MenuItem icon={<Plus />} onSelect={() => navigate('/create_team')}>
          {t('teams.create')}
        </MenuItem>
      )}
    </>
  );
}
