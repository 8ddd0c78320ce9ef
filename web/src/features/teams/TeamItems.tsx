/** What stands in the menus of teams. */
import {
  Blocks,
  BookUser,
  ChartColumn,
  DoorOpen,
  LogIn,
  Plus,
  Settings,
  SlidersHorizontal,
  UserPlus,
  Users,
  UsersRound,
} from 'lucide-react';
import { navigate } from 'wouter/use-browser-location';
import { useText } from '@/i18n/text';
import { openDialog } from '@/store/commands';
import { managesIntegrations } from '@/store/integrations';
import { can, isOn, setting } from '@/store/selectors';
import { useApp } from '@/store/store';
import { MenuItem, MenuSeparator } from '@/ui/Menu';
import { mayInvite, seesConsole, useTeamRights } from './rights';

/** TeamItems are what can be done with a team. */
export function TeamItems({ teamId }: { teamId: string }) {
  const t = useText();
  const rights = useTeamRights(teamId);
  const invite = useApp((state) => mayInvite(state, teamId));
  const groups = useApp((state) => isOn(state, 'EnableCustomGroups'));
  const console = useApp(seesConsole);
  const integrations = useApp((state) => managesIntegrations(state, teamId));
  const name = useApp((state) => state.teams.teams[teamId]?.name ?? '');
  const primary = useApp((state) => setting(state, 'ExperimentalPrimaryTeam'));
  const isPrimary = useApp((state) => primary !== '' && state.teams.teams[teamId]?.name === primary);
  return (
    <>
      {invite && (
        <MenuItem icon={<UserPlus />} onSelect={() => openDialog({ kind: 'invite', teamId })}>
          {t('teams.invite')}
        </MenuItem>
      )}
      <MenuItem icon={<Users />} onSelect={() => openDialog({ kind: 'team-members', teamId })}>
        {t(rights.roles || rights.remove ? 'teams.manageMembers' : 'teams.members')}
      </MenuItem>
      <MenuItem icon={<BookUser />} onSelect={() => openDialog({ kind: 'people' })}>
        {t('teams.people')}
      </MenuItem>
      {groups && (
        <MenuItem icon={<UsersRound />} onSelect={() => openDialog({ kind: 'groups' })}>
          {t('teams.groups')}
        </MenuItem>
      )}
      {rights.manage && (
        <MenuItem icon={<ChartColumn />} onSelect={() => openDialog({ kind: 'statistics', teamId })}>
          {t('teams.statistics')}
        </MenuItem>
      )}
      {rights.manage && (
        <MenuItem icon={<Settings />} onSelect={() => openDialog({ kind: 'team-settings', teamId })}>
          {t('teams.settings')}
        </MenuItem>
      )}
      {integrations && (
        <MenuItem icon={<Blocks />} onSelect={() => navigate(`/${name}/integrations`)}>
          {t('teams.integrations')}
        </MenuItem>
      )}
      {console && (
        <MenuItem icon={<SlidersHorizontal />} onSelect={() => navigate('/admin_console')}>
          {t('teams.console')}
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
    </>
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
