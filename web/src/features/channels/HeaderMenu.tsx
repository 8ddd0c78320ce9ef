import {
  Archive,
  ArchiveRestore,
  BellRing,
  ChartColumn,
  Info,
  Lock,
  MessageSquareText,
  Pencil,
  Settings,
  Users,
} from 'lucide-react';
import { useText } from '@/i18n/text';
import { openDialog, openPane } from '@/store/commands';
import { useApp } from '@/store/store';
import { attempt } from '@/ui/attempt';
import { MenuItem, MenuSeparator } from '@/ui/Menu';
import { restore } from './actions';
import { AddBookmarkItem, AddPeopleItem, CopyLinkItem, FavouriteItem, LeaveItem, MuteItem } from './items';
import { useRights } from './rights';

/** HeaderMenu is all that one may do with a channel. */
export function HeaderMenu({ channelId }: { channelId: string }) {
  const t = useText();
  const type = useApp((state) => state.channels.channels[channelId]?.type);
  const member = useApp((state) => state.channels.mine[channelId] !== undefined);
  return (
    <>
      <MenuItem icon={<Info />} shortcut="mod+alt+i" onSelect={() => openPane({ kind: 'info', channelId })}>
        {t('channels.info')}
      </MenuItem>
      {type !== 'D' && (
        <MenuItem icon={<Users />} onSelect={() => openPane({ kind: 'members', channelId })}>
          {t('channels.members')}
        </MenuItem>
      )}
      <MenuItem icon={<MessageSquareText />} onSelect={() => openPane({ kind: 'topics', channelId })}>
        {t('channels.topics')}
      </MenuItem>
      {type !== 'D' && (
        <MenuItem icon={<ChartColumn />} onSelect={() => openDialog({ kind: 'statistics', channelId })}>
          {t('channels.statistics')}
        </MenuItem>
      )}
      <AddPeopleItem channelId={channelId} />
      {member && (
        <>
          <MenuSeparator />
          <FavouriteItem channelId={channelId} />
          <MuteItem channelId={channelId} />
          <MenuItem icon={<BellRing />} onSelect={() => openDialog({ kind: 'channel-notifications', channelId })}>
            {t('channels.notifications')}
          </MenuItem>
        </>
      )}
      <MenuSeparator />
      <CopyLinkItem channelId={channelId} />
      <AddBookmarkItem channelId={channelId} />
      <ChangeItems channelId={channelId} />
      <ClosingItems channelId={channelId} />
    </>
  );
}

/** What changes the channel for everybody in it. */
function ChangeItems({ channelId }: { channelId: string }) {
  const t = useText();
  const rights = useRights(channelId);
  const type = useApp((state) => state.channels.channels[channelId]?.type);
  return (
    <>
      {rights.edit && (
        <MenuItem icon={<Settings />} onSelect={() => openDialog({ kind: 'channel-settings', channelId })}>
          {t('channels.settings')}
        </MenuItem>
      )}
      {!rights.edit && rights.header && (
        <MenuItem icon={<Pencil />} onSelect={() => openDialog({ kind: 'channel-settings', channelId })}>
          {t('channels.editHeader')}
        </MenuItem>
      )}
      {type === 'G' && (
        <MenuItem icon={<Lock />} onSelect={() => openDialog({ kind: 'convert-group', channelId })}>
          {t('channels.group.convert')}
        </MenuItem>
      )}
      {rights.makePrivate && (
        <MenuItem icon={<Lock />} onSelect={() => openDialog({ kind: 'channel-settings', channelId, tab: 'privacy' })}>
          {t('channels.makePrivate')}
        </MenuItem>
      )}
    </>
  );
}

/** What ends it: for everybody, or for oneself. */
function ClosingItems({ channelId }: { channelId: string }) {
  const t = useText();
  const rights = useRights(channelId);
  if (!rights.archive && !rights.restore && !rights.leave && !rights.close) return null;
  return (
    <>
      <MenuSeparator />
      {rights.restore && (
        <MenuItem icon={<ArchiveRestore />} onSelect={() => void attempt(restore(channelId))}>
          {t('channels.restore')}
        </MenuItem>
      )}
      {rights.archive && (
        <MenuItem icon={<Archive />} danger onSelect={() => openDialog({ kind: 'archive-channel', channelId })}>
          {t('channels.archive')}
        </MenuItem>
      )}
      <LeaveItem channelId={channelId} />
    </>
  );
}
