import { Copy, RefreshCw } from 'lucide-react';
import { useState } from 'react';
import { inviteByEmail } from '@/api/teams';
import { Finder, useFound } from '@/features/channels/finder';
import { Text, useText } from '@/i18n/text';
import { closeDialog } from '@/store/commands';
import { useModel } from '@/store/paged';
import type { OpenDialog } from '@/store/place';
import { isOn } from '@/store/selectors';
import { useApp } from '@/store/store';
import { attempt } from '@/ui/attempt';
import { Button } from '@/ui/Button';
import { ChipPicker, type Pickable } from '@/ui/ChipPicker';
import { ConfirmDialog } from '@/ui/ConfirmDialog';
import { copyText } from '@/ui/clipboard';
import { Dialog } from '@/ui/Dialog';
import { FormError } from '@/ui/FormError';
import { IconButton } from '@/ui/IconButton';
import { TextField } from '@/ui/TextField';
import { toast } from '@/ui/toast';
import { addToTeam, inviteLink, needInvite, newInvite } from './actions';
import styles from './InviteDialog.module.css';
import { type TeamRights, useTeamRights } from './rights';

const address = /^[^\s@]+@[^\s@]+\.[^\s@]+$/;

/** How many are invited at once. */
const atOnce = 100;

/** InviteDialog brings people into a team: by its link, and those one names, with or without an account. */
export function InviteDialog({ dialog }: { dialog: Extract<OpenDialog, { kind: 'invite' }> }) {
  const t = useText();
  const { teamId } = dialog;
  const name = useApp((state) => state.teams.teams[teamId]?.display_name ?? '');
  const rights = useTeamRights(teamId);
  const mails = useApp((state) => isOn(state, 'EnableEmailInvitations')) && rights.invite && rights.add;
  return (
    <Dialog open onClose={closeDialog} title={t('teams.invite.title', { team: name })}>
      <div className={styles.parts}>
        {rights.invite && <Link teamId={teamId} rights={rights} />}
        {(rights.add || mails) && <People teamId={teamId} mails={mails} />}
      </div>
    </Dialog>
  );
}

function Link({ teamId, rights }: { teamId: string; rights: TeamRights }) {
  const t = useText();
  const [asking, setAsking] = useState(false);
  useModel(() => void attempt(needInvite(teamId)));
  const link = useApp((state) => inviteLink(state.teams.teams[teamId]?.invite_id ?? ''));
  const copy = async () => {
    if (await attempt(copyText(link))) toast(t('teams.invite.copied'));
  };
  return (
    <section>
      <div className={styles.link}>
        <TextField
          label={t('teams.invite.link')}
          hint={t('teams.invite.linkHint')}
          value={link}
          readOnly
          className={styles.address}
          onChange={() => undefined}
          onFocus={(event) => event.currentTarget.select()}
          suffix={
            rights.manage && (
              <IconButton
                size="s"
                label={t('teams.invite.renew')}
                icon={<RefreshCw size={15} />}
                onClick={() => setAsking(true)}
              />
            )
          }
        />
        <Button kind="primary" icon={<Copy size={16} />} disabled={!link} onClick={() => void copy()}>
          {t('teams.invite.copy')}
        </Button>
      </div>
      {asking && (
        <ConfirmDialog
          title={t('teams.invite.renewTitle')}
          confirm={t('teams.invite.renew')}
          onConfirm={() => newInvite(teamId)}
          onClose={() => setAsking(false)}
        >
          {t('teams.invite.renewWords')}
        </ConfirmDialog>
      )}
    </section>
  );
}

type Refused = { email: string; why: string };

/** People are picked by name, or by the address that a mail goes to. */
function People({ teamId, mails }: { teamId: string; mails: boolean }) {
  const t = useText();
  const finder = useModel(() => new Finder({ notInTeam: teamId }));
  const [query, setQuery] = useState('');
  const [chosen, setChosen] = useState<readonly Pickable[]>([]);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const [refused, setRefused] = useState<readonly Refused[]>([]);
  const ids = chosen.map((one) => one.id);
  const { options, loading } = useFound(finder, ids);
  const typed = query.trim().toLowerCase();
  const mail: Pickable = { id: typed, label: typed, hint: t('teams.invite.byMail') };
  const all = mails && address.test(typed) && !ids.includes(typed) ? [mail, ...options] : options;
  const send = async () => {
    setBusy(true);
    setError(null);
    try {
      const emails = ids.filter((id) => address.test(id));
      const people = ids.filter((id) => !address.test(id));
      if (people.length > 0) await addToTeam(teamId, people);
      const answers = emails.length > 0 ? await inviteByEmail(teamId, emails) : [];
      const failed = answers.flatMap(({ email, error: why }) => (why ? [{ email, why: why.message }] : []));
      setRefused(failed);
      setChosen(chosen.filter((one) => failed.some(({ email }) => email === one.id)));
      const done = ids.length - failed.length;
      if (done > 0) toast(t('teams.invite.done', { count: done }));
      if (failed.length === 0) closeDialog();
    } catch (reason) {
      setError(reason);
    }
    setBusy(false);
  };
  return (
    <section className={styles.people}>
      <ChipPicker
        label={t(mails ? 'teams.invite.people' : 'teams.invite.peopleOnly')}
        placeholder={t(mails ? 'teams.invite.placeholder' : 'teams.invite.placeholderOnly')}
        hint={t(mails ? 'teams.invite.peopleHint' : 'teams.invite.peopleOnlyHint')}
        chosen={chosen}
        options={all}
        loading={loading}
        full={chosen.length >= atOnce}
        onQuery={(next) => {
          setQuery(next);
          finder.look(next);
        }}
        onAdd={(one) => setChosen([...chosen, one])}
        onRemove={(id) => setChosen(chosen.filter((one) => one.id !== id))}
      />
      {refused.length > 0 && (
        <ul className={styles.refused} role="alert">
          {refused.map(({ email, why }) => (
            <li key={email}>
              <Text id="teams.invite.refused" values={{ email, why, b: (parts) => <strong>{parts}</strong> }} />
            </li>
          ))}
        </ul>
      )}
      <FormError error={error} />
      <div className={styles.buttons}>
        <Button disabled={ids.length === 0} busy={busy} onClick={() => void send()}>
          {t('teams.invite.send', { count: ids.length })}
        </Button>
      </div>
    </section>
  );
}
