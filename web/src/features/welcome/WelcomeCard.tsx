import { Check, Hash, ImagePlus, Keyboard, MonitorSmartphone, UserPlus, X } from 'lucide-react';
import type { ReactNode } from 'react';
import { mayInvite } from '@/features/teams/rights';
import { type TextId, useText } from '@/i18n/text';
import { openDialog } from '@/store/commands';
import { can, siteName } from '@/store/selectors';
import { useApp } from '@/store/store';
import { Button } from '@/ui/Button';
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
      <ul className={styles.items}>
        <Invite teamId={teamId} />
        <Picture />
        <Channels teamId={teamId} />
        <Apps />
        <Keys />
      </ul>
    </section>
  );
}

interface ItemProps {
  icon: ReactNode;
  what: TextId;
  why: TextId;
  done?: boolean;
  children: ReactNode;
}

/** One thing to do: what, why, and the button that does it. */
function Item({ icon, what, why, done, children }: ItemProps) {
  const t = useText();
  return (
    <li className={styles.item} data-done={done || undefined}>
      <span className={styles.icon} aria-hidden="true">
        {done ? <Check /> : icon}
      </span>
      <span className={styles.words}>
        <span className={styles.name}>
          {t(what)}
          {done && <span className="visually-hidden"> {t('welcome.done')}</span>}
        </span>
        <span className={styles.hint}>{t(why)}</span>
      </span>
      {children}
    </li>
  );
}

function Invite({ teamId }: { teamId: string }) {
  const t = useText();
  const allowed = useApp((state) => mayInvite(state, teamId));
  const byLink = useApp((state) => can(state, 'invite_user', { teamId }));
  const done = useApp(wasInvited);
  if (!allowed) return null;
  return (
    <Item icon={<UserPlus />} what="welcome.invite" why="welcome.invite.hint" done={done}>
      {byLink ? (
        <Button onClick={() => tried(copyInvite(teamId), t('welcome.invite.copied'))}>
          {t('welcome.invite.copy')}
        </Button>
      ) : (
        <Button onClick={() => openDialog({ kind: 'invite', teamId })}>{t('welcome.invite.open')}</Button>
      )}
    </Item>
  );
}

function Picture() {
  const t = useText();
  const done = useApp(hasPicture);
  return (
    <Item icon={<ImagePlus />} what="welcome.picture" why="welcome.picture.hint" done={done}>
      <Button onClick={() => openDialog({ kind: 'settings', tab: 'profile' })}>{t('welcome.picture.open')}</Button>
    </Item>
  );
}

function Channels({ teamId }: { teamId: string }) {
  const t = useText();
  const create = useApp(
    (state) => can(state, 'create_public_channel', { teamId }) || can(state, 'create_private_channel', { teamId }),
  );
  const done = useApp((state) => hasOwnChannel(state, teamId));
  return (
    <Item icon={<Hash />} what="welcome.channels" why="welcome.channels.hint" done={done}>
      {create ? (
        <Button onClick={() => openDialog({ kind: 'new-channel' })}>{t('welcome.channels.create')}</Button>
      ) : (
        <Button onClick={() => openDialog({ kind: 'browse-channels' })}>{t('welcome.channels.browse')}</Button>
      )}
    </Item>
  );
}

function Apps() {
  const t = useText();
  const links = useApp((state) => appLinks(state.server.config).length > 0);
  if (!links) return null;
  return (
    <Item icon={<MonitorSmartphone />} what="welcome.apps" why="welcome.apps.hint">
      <AppsPopover trigger={<Button>{t('welcome.apps.open')}</Button>} />
    </Item>
  );
}

function Keys() {
  const t = useText();
  return (
    <Item icon={<Keyboard />} what="welcome.keys" why="welcome.keys.hint">
      <Button onClick={() => openDialog({ kind: 'shortcuts' })}>{t('welcome.keys.open')}</Button>
    </Item>
  );
}
