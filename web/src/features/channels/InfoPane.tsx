import { BellOff, BellRing, ChevronRight, Link2, Paperclip, Pin, Star, UserPlus, Users } from 'lucide-react';
import { FormattedDate } from 'react-intl';
import { StatusLine } from '@/features/people/CustomStatus';
import { UserAvatar } from '@/features/people/UserAvatar';
import { PersonTags, UserName } from '@/features/people/UserName';
import { Text, useText } from '@/i18n/text';
import { Markdown } from '@/markdown/Markdown';
import type { Channel } from '@/store/channels';
import { closePane, openDialog, openPane } from '@/store/commands';
import type { Pane } from '@/store/place';
import { fullName, isMuted, partnerId } from '@/store/selectors';
import { useApp } from '@/store/store';
import { attempt } from '@/ui/attempt';
import { PaneHeader } from '@/ui/PaneHeader';
import { TextButton } from '@/ui/TextButton';
import { toast } from '@/ui/toast';
import { copyLink } from './actions';
import { KindIcon } from './ChannelIcon';
import { CopyId, CopyLine } from './CopyId';
import { useEmailAddress } from './emailAddress';
import styles from './InfoPane.module.css';
import { useHeaderContext } from './markdown';
import { useChannelName } from './names';
import { isFavourite, setFavourite, setMuted } from './notify';
import { ReceiptsSwitch } from './ReceiptsSwitch';
import { useRights } from './rights';

/** InfoPane says what a channel is for, how one hears of it, and leads to what belongs to it. */
export function InfoPane({ pane }: { pane: Extract<Pane, { kind: 'info' }> }) {
  const t = useText();
  const channel = useApp((state) => state.channels.channels[pane.channelId]);
  const name = useChannelName(pane.channelId);
  return (
    <>
      <PaneHeader title={t('channels.about')} subtitle={name} onClose={closePane} />
      {channel && (
        <div className={styles.body}>
          {channel.type === 'D' ? <Partner channel={channel} /> : <Title channel={channel} name={name} />}
          <Acts channelId={channel.id} />
          <About channel={channel} />
          <Ways channel={channel} />
          <ReceiptsSwitch channelId={channel.id} />
          <Facts channel={channel} />
        </div>
      )}
    </>
  );
}

function Title({ channel, name }: { channel: Channel; name: string }) {
  const me = useApp((state) => state.users.me);
  const kind =
    channel.delete_at > 0 ? 'archived' : channel.type === 'P' ? 'private' : channel.type === 'G' ? 'group' : 'open';
  return (
    <div className={styles.title}>
      <KindIcon channel={channel} me={me} size={28} />
      <div>
        <h3 className={styles.name} dir="auto">
          {name}
        </h3>
        <p className={styles.kind}>
          <Text id={`channels.kind.${kind}`} />
        </p>
      </div>
    </div>
  );
}

function Partner({ channel }: { channel: Channel }) {
  const userId = useApp((state) => partnerId(channel, state.users.me));
  const user = useApp((state) => state.users.profiles[userId]);
  const full = user ? fullName(user) : '';
  return (
    <div className={styles.partner}>
      <UserAvatar userId={userId} size={72} presence card channelId={channel.id} />
      <h3 className={styles.name}>
        <UserName userId={userId} card channelId={channel.id} />
        <PersonTags userId={userId} />
      </h3>
      {user && <p className={styles.kind}>{[full, `@${user.username}`, user.position].filter(Boolean).join(' · ')}</p>}
      <StatusLine userId={userId} />
    </div>
  );
}

interface ActProps {
  icon: React.ReactNode;
  label: string;
  on?: boolean;
  onPress: () => void;
}

function Act({ icon, label, on, onPress }: ActProps) {
  return (
    <button type="button" className={styles.act} aria-pressed={on} onClick={onPress}>
      {icon}
      <span>{label}</span>
    </button>
  );
}

/** What is done most, in a row. */
function Acts({ channelId }: { channelId: string }) {
  const t = useText();
  const favourite = useApp((state) => isFavourite(state, channelId));
  const muted = useApp((state) => isMuted(state, channelId));
  const rights = useRights(channelId);
  const copy = async () => {
    if (await attempt(copyLink(channelId))) toast(t('channels.linkCopied'));
  };
  return (
    <div className={styles.acts}>
      <Act
        icon={<Star fill={favourite ? 'currentColor' : 'none'} />}
        label={t('channels.favouriteToggle')}
        on={favourite}
        onPress={() => void attempt(setFavourite(channelId, !favourite))}
      />
      <Act
        icon={<BellOff />}
        label={t(muted ? 'channels.muted' : 'channels.mute')}
        on={muted}
        onPress={() => void attempt(setMuted(channelId, !muted))}
      />
      {rights.members && (
        <Act
          icon={<UserPlus />}
          label={t('channels.add')}
          onPress={() => openDialog({ kind: 'add-people', channelId })}
        />
      )}
      <Act icon={<Link2 />} label={t('channels.link')} onPress={() => void copy()} />
    </div>
  );
}

/** What the channel says of itself. */
function About({ channel }: { channel: Channel }) {
  const rights = useRights(channel.id);
  const conversation = channel.type === 'D' || channel.type === 'G';
  return (
    <>
      {!conversation && <Words what="purpose" text={channel.purpose} channelId={channel.id} may={rights.edit} />}
      <Words what="header" text={channel.header} channelId={channel.id} may={rights.header} />
    </>
  );
}

interface WordsProps {
  what: 'purpose' | 'header';
  text: string;
  channelId: string;
  /** One may change it. */
  may: boolean;
}

function Words({ what, text, channelId, may }: WordsProps) {
  const t = useText();
  const context = useHeaderContext();
  if (!text && !may) return null;
  const edit = () => openDialog({ kind: 'channel-settings', channelId });
  return (
    <section className={styles.section}>
      <div className={styles.sectionHead}>
        <h4 className={styles.label}>{t(`channels.${what}`)}</h4>
        {text && may && (
          <TextButton aria-label={t(`channels.${what}.edit`)} onClick={edit}>
            {t('channels.edit')}
          </TextButton>
        )}
      </div>
      {text ? (
        <Markdown text={text} context={context} />
      ) : (
        <TextButton onClick={edit}>{t(`channels.${what}.add`)}</TextButton>
      )}
    </section>
  );
}

interface WayProps {
  icon: React.ReactNode;
  label: string;
  value: string;
  onPress: () => void;
}

function Way({ icon, label, value, onPress }: WayProps) {
  return (
    <li>
      <button type="button" className={styles.way} onClick={onPress}>
        {icon}
        <span className={styles.wayName}>{label}</span>
        <span className={styles.value} data-figures>
          {value}
        </span>
        <ChevronRight size={16} aria-hidden="true" />
      </button>
    </li>
  );
}

/** Where one can go from here: members, pinned messages, files, how it notifies. */
function Ways({ channel }: { channel: Channel }) {
  const t = useText();
  const channelId = channel.id;
  const stats = useApp((state) => state.channels.stats[channelId]);
  const member = useApp((state) => state.channels.mine[channelId]);
  const heard =
    member?.notify_props?.mark_unread === 'mention' ? 'muted' : (member?.notify_props?.desktop ?? 'default');
  return (
    <ul className={styles.ways}>
      {channel.type !== 'D' && (
        <Way
          icon={<Users />}
          label={t('channels.members')}
          value={stats ? String(stats.member_count) : ''}
          onPress={() => openPane({ kind: 'members', channelId })}
        />
      )}
      <Way
        icon={<Pin />}
        label={t('channels.pinned')}
        value={stats ? String(stats.pinnedpost_count) : ''}
        onPress={() => openPane({ kind: 'pinned', channelId })}
      />
      <Way
        icon={<Paperclip />}
        label={t('channels.files')}
        value={stats ? String(stats.files_count) : ''}
        onPress={() => openPane({ kind: 'files', channelId })}
      />
      {member && (
        <Way
          icon={<BellRing />}
          label={t('channels.notify.title')}
          value={t(`channels.heard.${heard}`)}
          onPress={() => openDialog({ kind: 'channel-notifications', channelId })}
        />
      )}
    </ul>
  );
}

function Facts({ channel }: { channel: Channel }) {
  const t = useText();
  const conversation = channel.type === 'D' || channel.type === 'G';
  const [email] = useEmailAddress(channel.id, !conversation);
  return (
    <footer className={styles.facts}>
      {!conversation && (
        <p>
          <Text
            id={channel.creator_id ? 'channels.made.by' : 'channels.made'}
            values={{
              who: <UserName userId={channel.creator_id} card channelId={channel.id} />,
              when: <FormattedDate value={channel.create_at} dateStyle="long" />,
            }}
          />
        </p>
      )}
      {email?.address && <CopyLine label={t('channels.email')} text={email.address} what={t('channels.email.copy')} />}
      <CopyId label={t('channels.id')} id={channel.id} />
    </footer>
  );
}
