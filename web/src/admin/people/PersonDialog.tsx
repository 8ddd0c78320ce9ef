import type { UserProfile } from '@mattermost/types/users';
import { useState } from 'react';
import * as adminApi from '@/api/admin';
import { getUser, type Session } from '@/api/users';
import { type TextId, useText } from '@/i18n/text';
import { can } from '@/store/selectors';
import { dispatch, useApp } from '@/store/store';
import { attempt } from '@/ui/attempt';
import { Button } from '@/ui/Button';
import { ConfirmDialog } from '@/ui/ConfirmDialog';
import { Dialog } from '@/ui/Dialog';
import { Form } from '@/ui/Form';
import { Select } from '@/ui/Select';
import { TextField } from '@/ui/TextField';
import { toast } from '@/ui/toast';
import { useLoaded } from '@/ui/useLoaded';
import { Ago, Waiting } from '../parts';
import { DataSection } from './DataSection';
import { KindSection } from './KindSection';
import { LockNote } from './LockNote';
import styles from './People.module.css';
import { roleOf, type SystemRole, systemRoles, withRole } from './roles';
import { Section } from './Section';

type Props = { userId: string; onClose: () => void; onChanged: () => void };

/** PersonDialog is what can be done with one account. */
export function PersonDialog({ userId, onClose, onChanged }: Props) {
  const t = useText();
  const person = useLoaded(() => getUser(userId));
  const changed = async () => {
    await person.reload();
    const fresh = await getUser(userId);
    dispatch({ type: 'users/received', users: [fresh] });
    onChanged();
  };
  return (
    <Dialog open onClose={onClose} title={person.value?.username ?? t('admin.users.account')} size="l">
      <Waiting of={person}>{(user) => <Person user={user} onChanged={changed} />}</Waiting>
    </Dialog>
  );
}

type PartProps = { user: UserProfile; onChanged: () => Promise<void> };

function Person({ user, onChanged }: PartProps) {
  const writes = useApp((state) => can(state, 'sysconsole_write_user_management_users'));
  const roles = useApp((state) => can(state, 'manage_roles'));
  const admin = useApp((state) => can(state, 'manage_system'));
  const system = useApp((state) => state.users.me !== user.id) && admin;
  return (
    <>
      {!user.is_bot && <LockNote user={user} writes={writes} />}
      {writes && <Details key={user.update_at} user={user} onChanged={onChanged} />}
      {roles && !user.is_bot && <RoleSection user={user} onChanged={onChanged} />}
      {writes && !user.is_bot && <PasswordSection user={user} onChanged={onChanged} />}
      {system && <KindSection user={user} onChanged={onChanged} />}
      <TeamsSection user={user} />
      <SessionsSection user={user} writes={writes} />
      {admin && <DataSection user={user} />}
      {writes && <Acts user={user} onChanged={onChanged} />}
    </>
  );
}

const details = ['username', 'email', 'first_name', 'last_name', 'nickname', 'position'] as const;

function Details({ user, onChanged }: PartProps) {
  const t = useText();
  const [form, setForm] = useState(() => Object.fromEntries(details.map((name) => [name, user[name]])));
  const save = async () => {
    const patch = Object.fromEntries(
      details.filter((name) => form[name] !== user[name]).map((name) => [name, form[name] ?? '']),
    );
    await adminApi.patchPerson(user.id, patch);
    toast(t('admin.saved'));
    await onChanged();
  };
  return (
    <Section heading="admin.users.details">
      <Form onSubmit={save} className={styles.form}>
        {details.map((name) => (
          <TextField
            key={name}
            label={t(`admin.users.field.${name}`)}
            value={form[name] ?? ''}
            onChange={(value) => setForm({ ...form, [name]: value })}
          />
        ))}
        <div className={styles.submit}>
          <Button type="submit" kind="primary">
            {t('admin.save')}
          </Button>
        </div>
      </Form>
    </Section>
  );
}

function RoleSection({ user, onChanged }: PartProps) {
  const t = useText();
  const held = roleOf(user.roles);
  const set = async (role: SystemRole) => {
    if (await attempt(adminApi.setRoles(user.id, withRole(user.roles, role)))) toast(t('admin.saved'));
    await onChanged();
  };
  const [asking, setAsking] = useState(false);
  const demote = async () => {
    await adminApi.makeGuest(user.id);
    await onChanged();
  };
  const promote = async () => {
    await attempt(adminApi.makeMember(user.id));
    await onChanged();
  };
  return (
    <Section heading="admin.users.role">
      <div className={styles.row}>
        {held !== 'system_guest' && (
          <Select<SystemRole>
            label={t('admin.users.role')}
            hint={t(`admin.role.${held}.hint` as TextId)}
            value={held}
            onChange={(role) => void set(role)}
            options={systemRoles.map((value) => ({ value, label: t(`admin.role.${value}`) }))}
          />
        )}
        {held === 'system_guest' ? (
          <Button onClick={() => void promote()}>{t('admin.users.promote')}</Button>
        ) : (
          <Button onClick={() => setAsking(true)}>{t('admin.users.demote')}</Button>
        )}
      </div>
      {asking && (
        <ConfirmDialog
          danger
          title={t('admin.users.demote.title', { name: user.username })}
          confirm={t('admin.users.demote')}
          onConfirm={demote}
          onClose={() => setAsking(false)}
        >
          <p>{t('admin.users.demote.words')}</p>
        </ConfirmDialog>
      )}
    </Section>
  );
}

function PasswordSection({ user, onChanged }: PartProps) {
  const t = useText();
  const [password, setPassword] = useState('');
  const save = async () => {
    await adminApi.setPassword(user.id, password);
    setPassword('');
    toast(t('admin.users.passwordSet'));
  };
  const endMfa = async () => {
    await attempt(adminApi.endMfa(user.id));
    await onChanged();
  };
  const verify = async () => {
    await attempt(adminApi.verifyMail(user.id));
    await onChanged();
  };
  return (
    <Section heading="admin.users.signingIn">
      <Form onSubmit={save}>
        <div className={styles.row}>
          <TextField
            type="password"
            autoComplete="new-password"
            label={t('admin.users.newPassword')}
            value={password}
            onChange={setPassword}
          />
          <Button type="submit" disabled={password === ''}>
            {t('admin.users.setPassword')}
          </Button>
        </div>
      </Form>
      <div className={styles.acts}>
        {user.mfa_active && <Button onClick={() => void endMfa()}>{t('admin.users.endMfa')}</Button>}
        {!(user as { email_verified?: boolean }).email_verified && (
          <Button onClick={() => void verify()}>{t('admin.users.verify')}</Button>
        )}
      </div>
    </Section>
  );
}

function TeamsSection({ user }: { user: UserProfile }) {
  const t = useText();
  const teams = useLoaded(() => adminApi.getTeamsOf(user.id));
  return (
    <Section heading="admin.page.teams">
      <Waiting of={teams}>
        {(list) => (
          <p className={styles.quiet}>{list.map((team) => team.display_name).join(', ') || t('admin.users.noTeam')}</p>
        )}
      </Waiting>
    </Section>
  );
}

function SessionsSection({ user, writes }: { user: UserProfile; writes: boolean }) {
  const t = useText();
  const sessions = useLoaded(() => adminApi.getSessionsOf(user.id));
  const end = async (what: Promise<unknown>) => {
    await attempt(what);
    await sessions.reload();
  };
  return (
    <Section heading="admin.users.sessions">
      <Waiting of={sessions}>
        {(list) =>
          list.length === 0 ? (
            <p className={styles.quiet}>{t('admin.users.noSession')}</p>
          ) : (
            <>
              <ul className={styles.list}>
                {list.map((one) => (
                  <SessionRow
                    key={one.id}
                    session={one}
                    onEnd={writes ? () => end(adminApi.endSessionOf(user.id, one.id)) : undefined}
                  />
                ))}
              </ul>
              {writes && (
                <div className={styles.acts}>
                  <Button onClick={() => void end(adminApi.endSessionsOf(user.id))}>
                    {t('admin.users.endSessions')}
                  </Button>
                </div>
              )}
            </>
          )
        }
      </Waiting>
    </Section>
  );
}

function SessionRow({ session, onEnd }: { session: Session; onEnd: (() => Promise<void>) | undefined }) {
  const t = useText();
  const { browser = '', os = '', platform = '' } = session.props as Record<string, string>;
  return (
    <li>
      <span>
        {[browser, os || platform].filter(Boolean).join(', ') || t('admin.users.device')}
        {' · '}
        <Ago at={session.last_activity_at} />
      </span>
      {onEnd && <Button onClick={() => void onEnd()}>{t('admin.users.end')}</Button>}
    </li>
  );
}

function Acts({ user, onChanged }: PartProps) {
  const t = useText();
  const [asking, setAsking] = useState(false);
  const active = user.delete_at === 0;
  const set = async () => {
    await adminApi.setActive(user.id, !active);
    await onChanged();
  };
  return (
    <Section heading="admin.users.account">
      <p className={styles.quiet}>{t('admin.users.id', { id: user.id })}</p>
      <div className={styles.acts}>
        {active ? (
          <Button kind="danger" onClick={() => setAsking(true)}>
            {t('admin.users.deactivate')}
          </Button>
        ) : (
          <Button onClick={() => void attempt(set())}>{t('admin.users.activate')}</Button>
        )}
      </div>
      {asking && (
        <ConfirmDialog
          danger
          title={t('admin.users.deactivate.title', { name: user.username })}
          confirm={t('admin.users.deactivate')}
          onConfirm={set}
          onClose={() => setAsking(false)}
        >
          <p>{t('admin.users.deactivate.words')}</p>
        </ConfirmDialog>
      )}
    </Section>
  );
}
