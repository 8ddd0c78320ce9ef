/** What stands in one's own menu. */
import {
  Blocks,
  Check,
  CircleHelp,
  Flag,
  Info,
  Keyboard,
  LogOut,
  Settings,
  SmilePlus,
  UserRound,
  UserX,
  X,
} from 'lucide-react';
import { navigate } from 'wouter/use-browser-location';
import { customEmojiUrl } from '@/features/emoji/custom';
import { Text, useText } from '@/i18n/text';
import { Emoji } from '@/markdown/Emoji';
import { needReports } from '@/realtime/reports';
import { openDialog } from '@/store/commands';
import { managesIntegrations } from '@/store/integrations';
import { useModel } from '@/store/paged';
import { can, displayName, isOn, myProfile, siteLink } from '@/store/selectors';
import { useApp } from '@/store/store';
import type { Presence } from '@/store/users';
import { errorText } from '@/ui/FormError';
import { MenuItem, MenuSeparator, SubMenu } from '@/ui/Menu';
import { PresenceDot } from '@/ui/PresenceDot';
import { toast } from '@/ui/toast';
import { choosePresence, clearStatus } from './actions';
import { useCustomStatus } from './CustomStatus';
import { useClock } from './clock';
import styles from './MyMenu.module.css';
import { usePresence } from './presence';
import { type QuietSpan, quietEnd, quietSpans } from './times';
import { UserAvatar } from './UserAvatar';

/** MyItems are presence, custom status, profile, settings, help, and the way out. */
export function MyItems({ onSignOut }: { onSignOut: () => void }) {
  const me = useApp((state) => state.users.me);
  const name = useApp((state) => displayName(state, me));
  const presence = usePresence(me);
  const statuses = useApp((state) => isOn(state, 'EnableCustomUserStatuses'));
  return (
    <>
      <MenuItem
        icon={<UserAvatar userId={me} size={32} />}
        hint={<Username />}
        onSelect={() => openDialog({ kind: 'settings', tab: 'profile' })}
      >
        <span className={styles.name}>{name}</span>
      </MenuItem>
      {statuses && <StatusItems userId={me} />}
      {presence && <PresenceItems presence={presence} />}
      <Reports />
      <Deletions />
      <MenuSeparator />
      <Places />
      <MenuSeparator />
      <MenuItem icon={<LogOut />} onSelect={onSignOut}>
        <Text id="people.me.signOut" />
      </MenuItem>
    </>
  );
}

/** The way to the reports, for moderators; how many wait is asked for when the menu is opened. */
function Reports() {
  const t = useText();
  useModel(() => needReports());
  const moderator = useApp((state) => state.reports.moderator);
  const open = useApp((state) => state.reports.open);
  if (!moderator) return null;
  return (
    <>
      <MenuSeparator />
      <MenuItem
        icon={<Flag />}
        hint={t('people.me.reportsOpen', { count: open })}
        onSelect={() => openDialog({ kind: 'reports' })}
      >
        {t('people.me.reports')}
      </MenuItem>
    </>
  );
}

/** The way to those who have asked to be deleted, for administrators. */
function Deletions() {
  const t = useText();
  const admin = useApp((state) => can(state, 'manage_system'));
  if (!admin) return null;
  return (
    <MenuItem icon={<UserX />} onSelect={() => openDialog({ kind: 'deletions' })}>
      {t('people.deletions')}
    </MenuItem>
  );
}

function Username() {
  const username = useApp((state) => myProfile(state)?.username);
  return <>@{username}</>;
}

const tried = (act: Promise<unknown>): void => {
  act.catch((error: unknown) => toast(errorText(error)));
};

/** What one shows beside one's name: to change it, and to take it away. */
function StatusItems({ userId }: { userId: string }) {
  const t = useText();
  const clock = useClock();
  const status = useCustomStatus(userId);
  const open = () => openDialog({ kind: 'custom-status' });
  if (!status) {
    return (
      <MenuItem icon={<SmilePlus />} onSelect={open}>
        <Text id="people.status.set" />
      </MenuItem>
    );
  }
  return (
    <>
      <MenuItem
        icon={
          <span className={styles.glyph}>
            <Emoji name={status.emoji} url={customEmojiUrl(status.emoji)} decorative={status.text !== ''} />
          </span>
        }
        hint={status.expiresAt > 0 ? t('people.status.until', { when: clock.near(status.expiresAt) }) : undefined}
        onSelect={open}
      >
        <span className={styles.words} dir="auto">
          {status.text || t('people.status.set')}
        </span>
      </MenuItem>
      <MenuItem icon={<X />} onSelect={() => tried(clearStatus())}>
        <Text id="people.status.clear" />
      </MenuItem>
    </>
  );
}

function PresenceItems({ presence }: { presence: Presence }) {
  const t = useText();
  const out = useApp((state) => state.users.outOfOffice);
  const item = (one: Presence) => (
    <MenuItem
      icon={<PresenceDot presence={one} size={14} className={styles.dot} />}
      checked={presence === one && !out}
      hint={one === 'offline' ? t('people.presence.offline.hint') : undefined}
      onSelect={() => tried(choosePresence(one))}
    >
      {t(`people.presence.${one}`)}
    </MenuItem>
  );
  return (
    <>
      <MenuSeparator />
      {out && (
        <MenuItem
          icon={<PresenceDot presence="away" size={14} className={styles.dot} />}
          checked
          hint={t('people.presence.ooo.hint')}
          onSelect={() => openDialog({ kind: 'settings', tab: 'notifications' })}
        >
          {t('people.presence.ooo')}
        </MenuItem>
      )}
      {item('online')}
      {item('away')}
      <QuietMenu on={presence === 'dnd'} />
      {item('offline')}
    </>
  );
}

/** "Do not disturb" is chosen with its end. */
function QuietMenu({ on }: { on: boolean }) {
  const t = useText();
  const clock = useClock();
  const end = useApp((state) => state.users.dndEnd * 1000);
  const until = on && end > 0 ? t('people.status.until', { when: clock.near(end) }) : '';
  const quiet = (span: QuietSpan) => (
    <MenuItem
      key={span}
      hint={span === 'tomorrow' ? clock.near(quietEnd(span, Date.now())) : undefined}
      onSelect={() => tried(choosePresence('dnd', quietEnd(span, Date.now())))}
    >
      {t(`people.quiet.${span}`)}
    </MenuItem>
  );
  return (
    <SubMenu
      label={t('people.presence.dnd')}
      hint={until || undefined}
      icon={<PresenceDot presence="dnd" size={14} className={styles.dot} />}
      mark={on ? <Check size={16} aria-label={t('people.presence.chosen')} /> : undefined}
    >
      <MenuItem onSelect={() => tried(choosePresence('dnd'))}>{t('people.quiet.never')}</MenuItem>
      {quietSpans.map(quiet)}
      <MenuItem onSelect={() => openDialog({ kind: 'dnd-until' })}>{t('people.quiet.choose')}</MenuItem>
    </SubMenu>
  );
}

function Places() {
  const help = useApp((state) => siteLink(state, 'HelpLink'));
  const integrations = useApp((state) =>
    managesIntegrations(state, state.place.teamId) ? (state.teams.teams[state.place.teamId]?.name ?? '') : '',
  );
  return (
    <>
      <MenuItem icon={<UserRound />} onSelect={() => openDialog({ kind: 'settings', tab: 'profile' })}>
        <Text id="people.me.profile" />
      </MenuItem>
      <MenuItem icon={<Settings />} shortcut="mod+shift+a" onSelect={() => openDialog({ kind: 'settings' })}>
        <Text id="people.me.settings" />
      </MenuItem>
      <MenuItem icon={<Keyboard />} shortcut="mod+/" onSelect={() => openDialog({ kind: 'shortcuts' })}>
        <Text id="people.me.shortcuts" />
      </MenuItem>
      {integrations && (
        <MenuItem icon={<Blocks />} onSelect={() => navigate(`/${integrations}/integrations`)}>
          <Text id="people.me.integrations" />
        </MenuItem>
      )}
      {help && (
        <MenuItem icon={<CircleHelp />} href={help}>
          <Text id="people.me.help" />
        </MenuItem>
      )}
      <MenuItem icon={<Info />} onSelect={() => openDialog({ kind: 'about' })}>
        <Text id="people.me.about" />
      </MenuItem>
    </>
  );
}
