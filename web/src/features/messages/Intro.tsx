import { Hash, Lock, PencilLine, UserPlus } from 'lucide-react';
import { pictureUrl } from '@/api/users';
import { Text, useText } from '@/i18n/text';
import { Markdown } from '@/markdown/Markdown';
import type { Channel } from '@/store/channels';
import { openDialog } from '@/store/commands';
import { can, channelLabel, displayName, partnerId } from '@/store/selectors';
import { type State, useApp, useAppShallow } from '@/store/store';
import { Avatar } from '@/ui/Avatar';
import { AvatarStack } from '@/ui/AvatarStack';
import { Button } from '@/ui/Button';
import styles from './Intro.module.css';
import { isArchived } from './rights';
import { useBaseContext } from './surroundings';
import { useTimes } from './time';

/** Intro stands before the first message of a channel: what the place is for, and what one can do next. */
export function Intro({ channelId }: { channelId: string }) {
  const channel = useApp((state) => state.channels.channels[channelId]);
  if (!channel) return null;
  if (channel.type === 'D') return <DirectIntro channel={channel} />;
  if (channel.type === 'G') return <GroupIntro channel={channel} />;
  return <ChannelIntro channel={channel} />;
}

function DirectIntro({ channel }: { channel: Channel }) {
  const me = useApp((state) => state.users.me);
  const userId = partnerId(channel, me);
  const user = useApp((state) => state.users.profiles[userId]);
  const name = useApp((state) => displayName(state, userId));
  return (
    <section className={styles.intro}>
      <Avatar src={user ? pictureUrl(user) : ''} name={name} size={64} />
      <h2 className={styles.title}>{name}</h2>
      <p className={styles.words}>
        {userId === me ? (
          <Text id="messages.intro.self" />
        ) : (
          <Text id={user?.is_bot ? 'messages.intro.bot' : 'messages.intro.direct'} values={{ name }} />
        )}
      </p>
    </section>
  );
}

/** The others of a group, by the usernames that its name is made of. */
function othersOf(state: State, channel: Channel): { id: string; name: string; src: string }[] {
  const names = channel.display_name.split(', ');
  return Object.values(state.users.profiles)
    .filter((user) => user.id !== state.users.me && names.includes(user.username))
    .map((user) => ({ id: user.id, name: displayName(state, user.id), src: pictureUrl(user) }));
}

function GroupIntro({ channel }: { channel: Channel }) {
  const names = useApp((state) => channelLabel(state, channel));
  const ids = useAppShallow((state) => othersOf(state, channel).map((one) => one.id));
  const people = useAppShallow((state) =>
    ids.map(
      (id) => `${displayName(state, id)}\n${state.users.profiles[id] ? pictureUrl(state.users.profiles[id]) : ''}`,
    ),
  ).map((line, i) => {
    const [name = '', src = ''] = line.split('\n');
    return { id: ids[i] ?? '', name, src };
  });
  return (
    <section className={styles.intro}>
      <AvatarStack people={people} size={48} max={5} />
      <h2 className={styles.title}>{names}</h2>
      <p className={styles.words}>
        <Text id="messages.intro.group" values={{ names }} />
      </p>
    </section>
  );
}

function ChannelIntro({ channel }: { channel: Channel }) {
  const times = useTimes();
  const context = useBaseContext();
  const creator = useApp((state) => (channel.creator_id ? displayName(state, channel.creator_id) : ''));
  const town = channel.name === 'town-square';
  const Icon = channel.type === 'P' ? Lock : Hash;
  return (
    <section className={styles.intro}>
      <span className={styles.icon} aria-hidden="true">
        <Icon size={26} />
      </span>
      <h2 className={styles.title}>{channel.display_name}</h2>
      <p className={styles.words}>
        {town ? (
          <Text id="messages.intro.town" />
        ) : creator && creator !== '…' ? (
          <Text
            id={channel.type === 'P' ? 'messages.intro.privateBy' : 'messages.intro.publicBy'}
            values={{ channel: channel.display_name, name: creator, date: times.date(channel.create_at) }}
          />
        ) : (
          <Text
            id={channel.type === 'P' ? 'messages.intro.private' : 'messages.intro.public'}
            values={{ channel: channel.display_name, date: times.date(channel.create_at) }}
          />
        )}
      </p>
      {channel.purpose && (
        <div className={styles.purpose}>
          <Markdown text={channel.purpose} context={context} compact />
        </div>
      )}
      <Steps channel={channel} town={town} />
    </section>
  );
}

function Steps({ channel, town }: { channel: Channel; town: boolean }) {
  const t = useText();
  const { id } = channel;
  const isPrivate = channel.type === 'P';
  const open = useApp((state) => !isArchived(state, id) && state.channels.mine[id] !== undefined);
  const mayAdd = useApp((state) =>
    can(state, isPrivate ? 'manage_private_channel_members' : 'manage_public_channel_members', { channelId: id }),
  );
  const mayInvite = useApp((state) => can(state, 'invite_user', { teamId: channel.team_id }));
  const mayDescribe = useApp((state) =>
    can(state, isPrivate ? 'manage_private_channel_properties' : 'manage_public_channel_properties', { channelId: id }),
  );
  if (!open || channel.group_constrained) return null;
  return (
    <div className={styles.steps}>
      {town
        ? mayInvite && (
            <Button icon={<UserPlus />} onClick={() => openDialog({ kind: 'invite', teamId: channel.team_id })}>
              {t('messages.intro.invite')}
            </Button>
          )
        : mayAdd && (
            <Button icon={<UserPlus />} onClick={() => openDialog({ kind: 'add-people', channelId: id })}>
              {t('messages.intro.add')}
            </Button>
          )}
      {mayDescribe && !channel.purpose && (
        <Button icon={<PencilLine />} onClick={() => openDialog({ kind: 'channel-settings', channelId: id })}>
          {t('messages.intro.describe')}
        </Button>
      )}
    </div>
  );
}
