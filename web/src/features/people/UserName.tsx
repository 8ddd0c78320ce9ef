import type { UserProfile } from '@mattermost/types/users';
import { memo } from 'react';
import { useText } from '@/i18n/text';
import { displayName, isOn } from '@/store/selectors';
import { useApp } from '@/store/store';
import { cx } from '@/ui/cx';
import { StatusEmoji } from './CustomStatus';
import { PersonButton } from './PersonButton';
import { Tag } from './Tag';
import styles from './UserName.module.css';

export interface UserNameProps {
  userId: string;
  /** A press opens the person's card. */
  card?: boolean;
  /** The channel that the card is about; the open one unless given. */
  channelId?: string;
  /** The emoji of the person's custom status stands behind the name. */
  status?: boolean;
  /** Says behind the name that somebody is a bot, a guest or deactivated. */
  tags?: boolean;
  /** The name in a colour of its own. */
  colour?: boolean;
  className?: string;
}

/** UserName is the name of a person as the reader wants people to be called. */
export const UserName = memo(function UserName(props: UserNameProps) {
  const { userId, card, channelId, status, tags, colour, className } = props;
  const name = useApp((state) => displayName(state, userId));
  const tint = useApp((state) => (colour ? tintOf(state.users.profiles[userId]?.username ?? '') : undefined));
  const words = (
    <span className={cx(styles.name, className)} data-tint={tint} dir="auto">
      {name}
    </span>
  );
  return (
    <>
      {card ? (
        <PersonButton userId={userId} channelId={channelId} className={styles.button}>
          {words}
        </PersonButton>
      ) : (
        words
      )}
      {tags && <PersonTags userId={userId} />}
      {status && <StatusEmoji userId={userId} />}
    </>
  );
});

/** kindOf says what a person is beside being a person. */
export function kindOf(
  user: UserProfile | undefined,
  hideGuests: boolean,
): 'bot' | 'guest' | 'deactivated' | undefined {
  if (!user) return undefined;
  if (user.is_bot) return 'bot';
  if (user.delete_at > 0) return 'deactivated';
  return !hideGuests && user.roles?.split(' ').includes('system_guest') ? 'guest' : undefined;
}

/** PersonTags says that somebody is a bot, a guest or deactivated; nothing for everybody else. */
export function PersonTags({ userId }: { userId: string }) {
  const t = useText();
  const kind = useApp((state) => kindOf(state.users.profiles[userId], isOn(state, 'HideGuestTags')));
  return kind ? (
    <>
      {' '}
      <Tag>{t(`people.kind.${kind}`)}</Tag>
    </>
  ) : null;
}

/** The same username has the same colour everywhere. */
function tintOf(username: string): number {
  let sum = 7;
  for (const letter of username) sum = (sum * 31 + (letter.codePointAt(0) ?? 0)) >>> 0;
  return sum % 8;
}
