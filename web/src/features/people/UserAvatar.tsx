import { memo } from 'react';
import { pictureUrl } from '@/api/users';
import { displayName } from '@/store/selectors';
import { useApp } from '@/store/store';
import { Avatar } from '@/ui/Avatar';
import { PersonButton } from './PersonButton';
import { usePresence } from './presence';

export interface UserAvatarProps {
  userId: string;
  /** Pixels. */
  size: number;
  /** Shows whether the person is there, and keeps that up to date. */
  presence?: boolean;
  /** A press opens the person's card. The name beside it does the same, so the keyboard passes over the picture. */
  card?: boolean;
  /** The channel that the card is about; the open one unless given. */
  channelId?: string;
}

/** UserAvatar is the picture of a person, by id. */
export const UserAvatar = memo(function UserAvatar({ userId, size, presence, card, channelId }: UserAvatarProps) {
  const name = useApp((state) => displayName(state, userId));
  const src = useApp((state) => {
    const user = state.users.profiles[userId];
    return user && pictureUrl(user);
  });
  const shown = usePresence(userId, presence);
  const picture = <Avatar src={src} name={name} size={size} presence={presence ? shown : undefined} />;
  if (!card) return picture;
  return (
    <PersonButton userId={userId} channelId={channelId} skip>
      {picture}
    </PersonButton>
  );
});
