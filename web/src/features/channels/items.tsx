/** Acts on a channel that several menus offer. */
import { Bell, BellOff, BookmarkPlus, Link2, LogOut, Star, StarOff, UserPlus, X } from 'lucide-react';
import { useText } from '@/i18n/text';
import { openDialog } from '@/store/commands';
import { channelLabel, isMuted } from '@/store/selectors';
import { getState, useApp } from '@/store/store';
import { attempt } from '@/ui/attempt';
import { MenuItem } from '@/ui/Menu';
import { toast } from '@/ui/toast';
import { closeConversation, copyLink, join, leave } from './actions';
import { mayBookmark } from './bookmarks';
import { isFavourite, setFavourite, setMuted } from './notify';
import { useRights } from './rights';

type Of = { channelId: string };

/** FavouriteItem puts a channel among the favourites or takes it out. */
export function FavouriteItem({ channelId }: Of) {
  const t = useText();
  const on = useApp((state) => isFavourite(state, channelId));
  return (
    <MenuItem icon={on ? <StarOff /> : <Star />} onSelect={() => void attempt(setFavourite(channelId, !on))}>
      {t(on ? 'channels.unfavourite' : 'channels.favourite')}
    </MenuItem>
  );
}

/** MuteItem mutes a channel or makes it heard again. */
export function MuteItem({ channelId }: Of) {
  const t = useText();
  const muted = useApp((state) => isMuted(state, channelId));
  return (
    <MenuItem icon={muted ? <Bell /> : <BellOff />} onSelect={() => void attempt(setMuted(channelId, !muted))}>
      {t(muted ? 'channels.unmute' : 'channels.mute')}
    </MenuItem>
  );
}

/** CopyLinkItem puts the channel's address on the clipboard. */
export function CopyLinkItem({ channelId }: Of) {
  const t = useText();
  const copy = async () => {
    if (await attempt(copyLink(channelId))) toast(t('channels.linkCopied'));
  };
  return (
    <MenuItem icon={<Link2 />} onSelect={() => void copy()}>
      {t('channels.copyLink')}
    </MenuItem>
  );
}

/** AddPeopleItem opens the dialog in which people are added; nothing for who may not. */
export function AddPeopleItem({ channelId }: Of) {
  const t = useText();
  const { members } = useRights(channelId);
  if (!members) return null;
  return (
    <MenuItem icon={<UserPlus />} onSelect={() => openDialog({ kind: 'add-people', channelId })}>
      {t('channels.addPeople')}
    </MenuItem>
  );
}

/** AddBookmarkItem opens the dialog that adds a link above the messages; nothing for who may not. */
export function AddBookmarkItem({ channelId }: Of) {
  const t = useText();
  const may = useApp((state) => mayBookmark(state, channelId, 'add'));
  if (!may) return null;
  return (
    <MenuItem icon={<BookmarkPlus />} onSelect={() => openDialog({ kind: 'bookmark', channelId })}>
      {t('channels.bookmark.add')}
    </MenuItem>
  );
}

/** useLeave leaves a channel: a private one after asking, for one can't come back by oneself. */
export function useLeave(channelId: string): () => Promise<void> {
  const t = useText();
  return async () => {
    const state = getState();
    const channel = state.channels.channels[channelId];
    if (!channel) return;
    if (channel.type === 'P') return openDialog({ kind: 'leave-channel', channelId });
    if (!(await attempt(leave(channelId)))) return;
    const action = { label: t('channels.rejoin'), onSelect: () => void attempt(join(channelId)) };
    const text = t('channels.left', { name: channelLabel(state, channel) });
    toast(channel.delete_at > 0 ? text : { text, action });
  };
}

/** LeaveItem leaves a channel or closes a conversation; nothing where neither can be done. */
export function LeaveItem({ channelId }: Of) {
  const t = useText();
  const rights = useRights(channelId);
  const go = useLeave(channelId);
  if (rights.close) {
    return (
      <MenuItem icon={<X />} onSelect={() => void attempt(closeConversation(channelId))}>
        {t('channels.close')}
      </MenuItem>
    );
  }
  if (!rights.leave) return null;
  return (
    <MenuItem icon={<LogOut />} danger onSelect={() => void go()}>
      {t('channels.leave')}
    </MenuItem>
  );
}
