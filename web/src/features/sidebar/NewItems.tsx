import { FolderPlus, Hash, LayoutList, MessageCirclePlus, UserPlus } from 'lucide-react';
import { mayInvite } from '@/features/teams/rights';
import { useText } from '@/i18n/text';
import { openDialog } from '@/store/commands';
import { can } from '@/store/selectors';
import { useApp } from '@/store/store';
import { MenuItem, MenuSeparator } from '@/ui/Menu';

/** NewItems are the ways to something new: a message, a channel, a category, a colleague. */
export function NewItems({ teamId }: { teamId: string }) {
  const t = useText();
  const where = { teamId };
  const create = useApp(
    (state) => can(state, 'create_public_channel', where) || can(state, 'create_private_channel', where),
  );
  const list = useApp((state) => can(state, 'list_team_channels', where));
  const invite = useApp((state) => mayInvite(state, teamId));
  return (
    <>
      <MenuItem
        icon={<MessageCirclePlus />}
        shortcut="mod+shift+k"
        onSelect={() => openDialog({ kind: 'new-message' })}
      >
        {t('sidebar.newMessage')}
      </MenuItem>
      {create && (
        <MenuItem icon={<Hash />} onSelect={() => openDialog({ kind: 'new-channel' })}>
          {t('sidebar.newChannel')}
        </MenuItem>
      )}
      {list && (
        <MenuItem icon={<LayoutList />} onSelect={() => openDialog({ kind: 'browse-channels' })}>
          {t('sidebar.browse')}
        </MenuItem>
      )}
      <MenuItem icon={<FolderPlus />} onSelect={() => openDialog({ kind: 'category', teamId })}>
        {t('sidebar.newCategory')}
      </MenuItem>
      {invite && (
        <>
          <MenuSeparator />
          <MenuItem icon={<UserPlus />} onSelect={() => openDialog({ kind: 'invite', teamId })}>
            {t('sidebar.invite')}
          </MenuItem>
        </>
      )}
    </>
  );
}
