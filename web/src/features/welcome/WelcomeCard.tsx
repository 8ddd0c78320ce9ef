import { Check, Hash, ImagePlus, Keyboard, MonitorSmartphone, UserPlus, X } from 'lucide-react';
import type { ComponentProps, ReactNode } from 'react';
import { mayInvite } from '@/features/teams/rights';
import { type TextId, useText } from '@/i18n/text';
import { openDialog } from '@/store/commands';
import { can, siteName } from '@/store/selectors';
import { useApp } from '@/store/store';
import { errorText } from '@/ui/FormError';
import { IconButton } from '@/ui/IconButton';
import { toast } from '@/ui/toast';
import { AppsPopover } from './AppsPopover';
import { copyInvite, hideWelcome } from './actions';
import { appLinks, hasOwnChannel, hasPicture, wasInvited, welcomeDue } from './due';
import styles from './WelcomeCard.module.css';

const tried = (act: Promise<unknown>, done?: string): void => {
  act.then(
    () => done && toast(done),
    (error: unknown) => toast(errorText(error)),
  );
};

/** WelcomeCard stands above the messages of Town Square while one is new: what to do next, each thing one press away. */
export function WelcomeCard({ channelId }: { channelId: string }) {
  const due = useApp((state) => welcomeDue(state, channelId));
  return due ? <Card channelId={channelId} /> : null;
}

function Card({ channelId }: { channelId: string }) {
  const t = useText();
  const teamId = useApp((state) => state.channels.channels[channelId]?.team_id ?? '');
  const team = useApp((state) => state.teams.teams[teamId]?.display_name ?? siteName(state));
  return (
    <section className={styles.card} aria-label={t('welcome.title', { team })}>
      <header className={styles.header}>
        <h2 className={styles.title}>{t('welcome.title', { team })}</h2>
        <p className={styles.intro}>{t('welcome.intro')}</p>
        <IconButton
          label={t('welcome.hide')}
          icon={<X />}
          className={styles.hide}
          onClick={() => tried(hideWelcome())}
        />
      </header>
      <ul className={styles.tiles}>
        <Invite teamId={teamId} />
        <Picture />
        <Channels teamId={teamId} />
        <Apps />
        <Keys />
      </ul>
    </section>
  );
}

interface TileProps extends ComponentProps<'button'> {
  icon: ReactNode;
  what: TextId;
  why: TextId;
  done?: boolean;
}

/** One thing to do: a button that does it, with why as its description. */
function Tile({ icon, what, why, done, ...rest }: TileProps) {
  const t = useText();
  return (
    <button type="button" {...rest} className={styles.tile} data-done={done || undefined}>
      <span className={styles.icon} aria-hidden="true">
        {done ? <Check /> : icon}
      </span>
      <span className={styles.words}>
        <span className={styles.name}>
          {t(what)}
          {done && <span className="visually-hidden"> {t('welcome.done')}</span>}
        </span>
        <span className={styles.why}>{t(why)}</span>
      </span>
    </button>
  );
}

function Invite({ teamId }: { teamId: string }) {
  const t = useText();
  const allowed = useApp((state) => mayInvite(state, teamId));
  const byLink = useApp((state) => can(state, 'invite_user', { teamId }));
  const done = useApp(wasInvited);
  if (!allowed) return null;
  const go = byLink
    ? () => tried(copyInvite(teamId), t('welcome.invite.copied'))
    : () => openDialog({ kind: 'invite', teamId });
  return (
    <li>
      <Tile
        icon={<UserPlus />}
        what={byLink ? 'welcome.invite.copy' : 'welcome.invite'}
        why="welcome.invite.why"
        done={done}
        onClick={go}
      />
    </li>
  );
}

function Picture() {
  const done = useApp(hasPicture);
  const go = () => openDialog({ kind: 'settings', tab: 'profile' });
  return (
    <li>
      <Tile icon={<ImagePlus />} what="welcome.picture" why="welcome.picture.why" done={done} onClick={go} />
    </li>
  );
}

function Channels({ teamId }: { teamId: string }) {
  const create = useApp(
    (state) => can(state, 'create_public_channel', { teamId }) || can(state, 'create_private_channel', { teamId }),
  );
  const done = useApp((state) => hasOwnChannel(state, teamId));
  return (
    <li>
      <Tile
        icon={<Hash />}
        what={create ? 'welcome.channels.create' : 'welcome.channels.browse'}
        why="welcome.channels.why"
        done={done}
        onClick={() => openDialog({ kind: create ? 'new-channel' : 'browse-channels' })}
      />
    </li>
  );
}

function Apps() {
  const links = useApp((state) => appLinks(state.server.config).length > 0);
  if (!links) return null;
  return (
    <li>
      <AppsPopover trigger={<Tile icon={<MonitorSmartphone />} what="welcome.apps.open" why="welcome.apps.why" />} />
    </li>
  );
}

function Keys() {
  const go = () => openDialog({ kind: 'shortcuts' });
  return (
    <li>
      <Tile icon={<Keyboard />} what="welcome.keys" why="welcome.keys.why" onClick={go} />
    </li>
  );
}
