import type { UserProfile } from '@mattermost/types/users';
import { AtSign, Ellipsis, Hash, ShieldCheck, ShieldOff, SmilePlus, UserMinus } from 'lucide-react';
import { useState } from 'react';
import { Text, useText } from '@/i18n/text';
import { openDialog } from '@/store/commands';
import { displayName, isOn } from '@/store/selectors';
import { useApp, useAppShallow } from '@/store/store';
import { ConfirmDialog } from '@/ui/ConfirmDialog';
import { copyText } from '@/ui/clipboard';
import { errorText } from '@/ui/FormError';
import { IconButton } from '@/ui/IconButton';
import { Menu, MenuItem, MenuSeparator } from '@/ui/Menu';
import { toast } from '@/ui/toast';
import { removeFromChannel, setChannelAdmin } from './actions';
import { closeCard, learnMember, type OpenCard } from './card';
import { openChannels, rightsOver } from './rights';

/** PersonMenu holds what else can be done with a person: add to a channel, and in the open channel by one's rights. */
export function PersonMenu({ user, open }: { user: UserProfile; open: OpenCard }) {
  const t = useText();
  const own = useApp((state) => state.users.me === user.id);
  const statuses = useApp((state) => isOn(state, 'EnableCustomUserStatuses'));
  const mayAdd = useApp((state) => openChannels(state, state.place.teamId).length > 0);
  const rights = useAppShallow((state) => rightsOver(state, open.member));
  const [removing, setRemoving] = useState(false);
  const copy = async () => {
    await copyText(`@${user.username}`);
    toast(t('people.card.copied'));
  };
  const go = (dialog: Parameters<typeof openDialog>[0]) => {
    closeCard();
    openDialog(dialog);
  };
  return (
    <>
      <Menu
        label={t('people.card.more')}
        placement="bottom-end"
        trigger={<IconButton label={t('people.card.more')} icon={<Ellipsis />} />}
      >
        {own && statuses && (
          <MenuItem icon={<SmilePlus />} onSelect={() => go({ kind: 'custom-status' })}>
            <Text id="people.status.set" />
          </MenuItem>
        )}
        {!own && mayAdd && user.delete_at === 0 && (
          <MenuItem icon={<Hash />} onSelect={() => go({ kind: 'add-to-channel', userId: user.id })}>
            <Text id="people.add.item" />
          </MenuItem>
        )}
        <MenuItem icon={<AtSign />} onSelect={() => void copy()}>
          <Text id="people.card.copy" />
        </MenuItem>
        {(rights.promote || rights.demote || rights.remove) && <MenuSeparator />}
        <RoleItem user={user} open={open} {...rights} />
        {rights.remove && (
          <MenuItem icon={<UserMinus />} danger onSelect={() => setRemoving(true)}>
            <Text id="people.remove.item" />
          </MenuItem>
        )}
      </Menu>
      {removing && <Remove user={user} channelId={open.channelId} onClose={() => setRemoving(false)} />}
    </>
  );
}

function RoleItem({
  user,
  open,
  promote,
  demote,
}: {
  user: UserProfile;
  open: OpenCard;
  promote: boolean;
  demote: boolean;
}) {
  const t = useText();
  const name = useApp((state) => displayName(state, user.id));
  if (!promote && !demote) return null;
  const change = async () => {
    try {
      await setChannelAdmin(user.id, open.channelId, promote);
      toast(t(promote ? 'people.admin.made' : 'people.admin.unmade', { name }));
      await learnMember(user.id, open.channelId);
    } catch (error) {
      toast(errorText(error));
    }
  };
  return (
    <MenuItem icon={promote ? <ShieldCheck /> : <ShieldOff />} onSelect={() => void change()}>
      <Text id={promote ? 'people.admin.make' : 'people.admin.unmake'} />
    </MenuItem>
  );
}

function Remove({ user, channelId, onClose }: { user: UserProfile; channelId: string; onClose: () => void }) {
  const t = useText();
  const name = useApp((state) => displayName(state, user.id));
  const channel = useApp((state) => state.channels.channels[channelId]?.display_name ?? '');
  return (
    <ConfirmDialog
      danger
      title={t('people.remove.title', { name })}
      confirm={t('people.remove.confirm')}
      onConfirm={async () => {
        await removeFromChannel(user.id, channelId);
        closeCard();
      }}
      onClose={onClose}
    >
      <p>{t('people.remove.words', { name, channel })}</p>
    </ConfirmDialog>
  );
}
