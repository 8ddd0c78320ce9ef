import { Bell, BellOff, Ellipsis, Eye, EyeOff, Hash, Link as LinkIcon } from 'lucide-react';
import { navigate } from 'wouter/use-browser-location';
import { attempt, linkTo, setFollowing } from '@/features/messages/actions';
import { useText } from '@/i18n/text';
import { permalink } from '@/store/paths';
import { getState, useApp } from '@/store/store';
import { copyText } from '@/ui/clipboard';
import { IconButton } from '@/ui/IconButton';
import { Menu, MenuItem, MenuSeparator } from '@/ui/Menu';
import { toast } from '@/ui/toast';
import { markUnread } from './actions';
import { markThreadRead } from './reading';
import { followsThread, isThreadUnread, threadOf } from './selectors';

export interface ThreadMenuProps {
  channelId: string;
  rootId: string;
  /** Its button is small and comes with its row. */
  small?: boolean;
  onOpenChange?: (open: boolean) => void;
}

/** ThreadMenu is the button with what can be done with a thread. */
export function ThreadMenu({ channelId, rootId, small, onOpenChange }: ThreadMenuProps) {
  const t = useText();
  return (
    <Menu
      label={t('threads.menu')}
      placement="bottom-end"
      {...(onOpenChange && { onOpenChange })}
      trigger={
        <IconButton label={t('threads.menu')} icon={<Ellipsis />} size={small ? 's' : 'm'} placement="bottom-end" />
      }
    >
      <ThreadActs channelId={channelId} rootId={rootId} />
    </Menu>
  );
}

/** ThreadActs are the items of the menu, for wherever it opens. */
export function ThreadActs({ channelId, rootId }: { channelId: string; rootId: string }) {
  const t = useText();
  const collapsed = useApp((state) => state.posts.collapsed);
  const following = useApp((state) => followsThread(state, channelId, rootId));
  const unread = useApp((state) => isThreadUnread(state, rootId));
  const known = useApp((state) => threadOf(state, rootId));
  const copy = async () => {
    await copyText(linkTo(channelId, rootId));
    toast(t('threads.linkCopied'));
  };
  return (
    <>
      {collapsed && (
        <MenuItem
          icon={following ? <BellOff /> : <Bell />}
          onSelect={() => void attempt(setFollowing(channelId, rootId, !following))}
        >
          {t(following ? 'threads.unfollow' : 'threads.follow')}
        </MenuItem>
      )}
      {collapsed && known && unread && (
        <MenuItem icon={<Eye />} onSelect={() => void markThreadRead(rootId, true)}>
          {t('threads.markRead')}
        </MenuItem>
      )}
      {collapsed && known && !unread && (
        <MenuItem icon={<EyeOff />} onSelect={() => void attempt(markUnread(known))}>
          {t('threads.markUnread')}
        </MenuItem>
      )}
      {collapsed && <MenuSeparator />}
      <MenuItem icon={<Hash />} onSelect={() => navigate(permalink(getState(), channelId, rootId))}>
        {t('threads.openInChannel')}
      </MenuItem>
      <MenuItem icon={<LinkIcon />} onSelect={() => void attempt(copy())}>
        {t('threads.copyLink')}
      </MenuItem>
    </>
  );
}
