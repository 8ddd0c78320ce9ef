import type { UserProfile } from '@mattermost/types/users';
import { Bot, Clock, Mail, MessageSquare } from 'lucide-react';
import { type ReactNode, useEffect, useState } from 'react';
import { FormattedRelativeTime } from 'react-intl';
import { pictureUrl } from '@/api/users';
import { Text, useText } from '@/i18n/text';
import { openDialog } from '@/store/commands';
import { can, displayName, fullName, isOn } from '@/store/selectors';
import { useApp } from '@/store/store';
import { Avatar } from '@/ui/Avatar';
import { Button } from '@/ui/Button';
import { Popover } from '@/ui/Popover';
import { PresenceDot } from '@/ui/PresenceDot';
import { SkeletonRow } from '@/ui/Skeleton';
import { AttributeFacts } from './AttributeFacts';
import { writeTo } from './actions';
import { StatusLine } from './CustomStatus';
import { closeCard, type OpenCard } from './card';
import { offsetAt, ownZone, useClock, zoneOf } from './clock';
import styles from './PersonCard.module.css';
import { PersonMenu } from './PersonMenu';
import { usePresence } from './presence';
import { Tag } from './Tag';
import { PersonTags } from './UserName';

/** PersonCard says who somebody is, and what can be done with them here. */
export function PersonCard({ open }: { open: OpenCard }) {
  const t = useText();
  const user = useApp((state) => state.users.profiles[open.userId]);
  const name = useApp((state) => displayName(state, open.userId));
  useGoneAnchor(open.anchor);
  return (
    <Popover
      open
      anchor={open.anchor}
      onOpenChange={(stays) => !stays && closeCard()}
      label={t('people.card.of', { name: user ? name : '' })}
      placement="right-start"
      bare
      focusSelf
      className={styles.card}
    >
      {user ? <Person user={user} name={name} open={open} /> : <Loading />}
    </Popover>
  );
}

/** The list may take away what was pressed: then the card has nothing to stand beside. */
function useGoneAnchor(anchor: HTMLElement) {
  useEffect(() => {
    const look = () => {
      if (!anchor.isConnected) closeCard();
    };
    const timer = setInterval(look, 250);
    return () => clearInterval(timer);
  }, [anchor]);
}

function Loading() {
  return (
    <div className={styles.loading} aria-busy="true">
      <SkeletonRow picture={64} />
    </div>
  );
}

function Person({ user, name, open }: { user: UserProfile; name: string; open: OpenCard }) {
  const presence = usePresence(user.id);
  const other = secondName(user, name);
  return (
    <>
      <div className={styles.head}>
        <Avatar src={pictureUrl(user)} name={name} size={72} presence={presence} />
        <div className={styles.names}>
          <h2 className={styles.name} dir="auto">
            {name}
          </h2>
          <p className={styles.username}>
            @{user.username}
            <PersonTags userId={user.id} />
          </p>
          {other && (
            <p className={styles.other} dir="auto">
              {other}
            </p>
          )}
          <Roles user={user} open={open} />
        </div>
      </div>
      <Facts user={user} />
      <Acts user={user} open={open} />
    </>
  );
}

/** The names that the shown one leaves out. */
function secondName(user: UserProfile, shown: string): string {
  const full = fullName(user);
  const nickname = user.nickname && user.nickname !== shown ? `“${user.nickname}”` : '';
  return [full !== shown ? full : '', nickname].filter(Boolean).join(' ');
}

function Roles({ user, open }: { user: UserProfile; open: OpenCard }) {
  const t = useText();
  const system = user.roles?.split(' ').includes('system_admin');
  const channel = open.member?.scheme_admin;
  if (!system && !channel) return null;
  return (
    <p className={styles.roles}>
      {system && <Tag>{t('people.role.system')}</Tag>}
      {channel && <Tag>{t('people.role.channel')}</Tag>}
    </p>
  );
}

function Fact({ icon, label, children }: { icon: ReactNode; label: string; children: ReactNode }) {
  return (
    <div className={styles.fact}>
      <dt>
        <span aria-hidden="true">{icon}</span>
        <span className="visually-hidden">{label}</span>
      </dt>
      <dd>{children}</dd>
    </div>
  );
}

function Facts({ user }: { user: UserProfile }) {
  const t = useText();
  const me = useApp((state) => state.users.me);
  return (
    <div className={styles.facts}>
      {user.position && (
        <p className={styles.position} dir="auto">
          {user.position}
        </p>
      )}
      <StatusLine userId={user.id} />
      <dl className={styles.list}>
        {user.is_bot && (
          <Fact icon={<Bot size={16} />} label={t('people.card.about')}>
            {user.bot_description || t('people.card.bot')}
          </Fact>
        )}
        <Whereabouts user={user} />
        {user.id !== me && <LocalTime user={user} />}
        {user.email && !user.is_bot && (
          <Fact icon={<Mail size={16} />} label={t('people.card.email')}>
            <a href={`mailto:${user.email}`}>{user.email}</a>
          </Fact>
        )}
      </dl>
      <AttributeFacts userId={user.id} />
    </div>
  );
}

/** Whether the person is there, and since when not. */
function Whereabouts({ user }: { user: UserProfile }) {
  const t = useText();
  const presence = usePresence(user.id);
  const last = useApp((state) => (isOn(state, 'EnableLastActiveTime') ? state.users.lastActive[user.id] : 0)) ?? 0;
  if (!presence) return null;
  const gone = presence === 'offline' && last > 0;
  const hides = user.props?.show_last_active === 'false';
  return (
    <Fact icon={<PresenceDot presence={presence} size={12} />} label={t('people.card.presence')}>
      {t(`people.presence.${presence}`)}
      {gone && !hides && (
        <span className={styles.quiet}>
          {' · '}
          <Text id="people.card.lastActive" values={{ when: <Ago at={last} /> }} />
        </span>
      )}
    </Fact>
  );
}

const units = [
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
] as const;

function Ago({ at }: { at: number }) {
  const seconds = Math.max(60, Math.round((Date.now() - at) / 1000));
  const [unit, size] = units.find(([, length]) => seconds >= length) ?? units[2];
  return <FormattedRelativeTime value={-Math.floor(seconds / size)} unit={unit} />;
}

/** The time where the person is, when that is known, and how far it is from one's own. */
function LocalTime({ user }: { user: UserProfile }) {
  const t = useText();
  const clock = useClock();
  const own = useApp(ownZone);
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 10_000);
    return () => clearInterval(timer);
  }, []);
  const zone = zoneOf(user.timezone);
  if (!zone || user.is_bot) return null;
  const ahead = (offsetAt(zone, now) - offsetAt(own, now)) / 60;
  return (
    <Fact icon={<Clock size={16} />} label={t('people.card.localTime')}>
      {clock.time(now, zone)}
      <span className={styles.quiet}>
        {' · '}
        {t(ahead === 0 ? 'people.time.same' : ahead > 0 ? 'people.time.ahead' : 'people.time.behind', {
          hours: Math.abs(Math.round(ahead * 4) / 4),
        })}
      </span>
    </Fact>
  );
}

function Acts({ user, open }: { user: UserProfile; open: OpenCard }) {
  const t = useText();
  const own = useApp((state) => state.users.me === user.id);
  const mayWrite = useApp((state) => can(state, 'create_direct_channel'));
  const away = () => closeCard();
  const edit = () => {
    away();
    openDialog({ kind: 'settings', tab: 'profile' });
  };
  return (
    <div className={styles.acts}>
      {own ? (
        <Button wide onClick={edit}>
          {t('people.card.edit')}
        </Button>
      ) : (
        user.delete_at === 0 &&
        mayWrite && (
          <Button
            wide
            kind="primary"
            icon={<MessageSquare size={16} aria-hidden="true" />}
            onClick={() => {
              away();
              void writeTo(user.id);
            }}
          >
            {t('people.card.message')}
          </Button>
        )
      )}
      <PersonMenu user={user} open={open} />
    </div>
  );
}
