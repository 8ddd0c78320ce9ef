import { useRef, useState } from 'react';
import { Text, useText } from '@/i18n/text';
import { closeDialog } from '@/store/commands';
import type { OpenDialog } from '@/store/place';
import { useApp } from '@/store/store';
import type { Team } from '@/store/teams';
import { attempt } from '@/ui/attempt';
import { Button } from '@/ui/Button';
import { ConfirmDialog } from '@/ui/ConfirmDialog';
import { Dialog } from '@/ui/Dialog';
import { Form } from '@/ui/Form';
import { Switch } from '@/ui/Switch';
import { Tabs } from '@/ui/Tabs';
import { TextArea } from '@/ui/TextArea';
import { TextField } from '@/ui/TextField';
import { toast } from '@/ui/toast';
import { archiveTeam, changeTeam, setTeamIcon, setTeamOpen } from './actions';
import { useTeamRights } from './rights';
import styles from './SettingsDialog.module.css';
import { TeamIcon } from './TeamIcon';

const nameMost = 64;
const descriptionMost = 255;
const domainsMost = 500;

/** SettingsDialog changes a team: name, description and picture, who may join, and its end. */
export function SettingsDialog({ dialog }: { dialog: Extract<OpenDialog, { kind: 'team-settings' }> }) {
  const t = useText();
  const team = useApp((state) => state.teams.teams[dialog.teamId]);
  const [selected, select] = useState(dialog.tab ?? 'about');
  if (!team) return null;
  return (
    <Dialog open onClose={closeDialog} title={t('teams.settings.title', { team: team.display_name })}>
      <Tabs
        label={t('teams.settings.parts')}
        selected={selected}
        onSelect={select}
        tabs={[
          { id: 'about', label: t('teams.settings.about'), content: <About team={team} /> },
          { id: 'access', label: t('teams.settings.access'), content: <Access team={team} /> },
          { id: 'end', label: t('teams.settings.end'), content: <End team={team} /> },
        ]}
      />
    </Dialog>
  );
}

function Save() {
  const t = useText();
  return (
    <div className={styles.buttons}>
      <Button kind="primary" type="submit">
        {t('teams.settings.save')}
      </Button>
    </div>
  );
}

function About({ team }: { team: Team }) {
  const t = useText();
  const [name, setName] = useState(team.display_name);
  const [description, setDescription] = useState(team.description);
  const [tried, setTried] = useState(false);
  const save = async () => {
    setTried(true);
    const wish = name.trim();
    if (!wish) return;
    await changeTeam(team.id, { display_name: wish, description: description.trim() });
    toast(t('teams.settings.saved'));
  };
  return (
    <Form className={styles.form} onSubmit={save}>
      <Picture team={team} />
      <TextField
        label={t('teams.settings.name')}
        value={name}
        maxLength={nameMost}
        error={tried && !name.trim() ? t('teams.settings.nameEmpty') : undefined}
        onChange={setName}
      />
      <TextField
        label={t('teams.settings.address')}
        value={`${location.origin}/${team.name}`}
        readOnly
        onChange={() => undefined}
        hint={t('teams.settings.addressHint')}
      />
      <TextArea
        label={t('teams.settings.description')}
        hint={t('teams.settings.descriptionHint')}
        value={description}
        rows={2}
        maxLength={descriptionMost}
        onChange={setDescription}
      />
      <Save />
    </Form>
  );
}

/** Picture shows the team's picture, and changes it at once. */
function Picture({ team }: { team: Team }) {
  const t = useText();
  const file = useRef<HTMLInputElement>(null);
  const [busy, setBusy] = useState(false);
  const set = async (picture: Blob | undefined) => {
    setBusy(true);
    await attempt(setTeamIcon(team.id, picture));
    setBusy(false);
  };
  return (
    <div className={styles.picture}>
      <TeamIcon teamId={team.id} size={64} />
      <div>
        <p className={styles.label}>{t('teams.settings.picture')}</p>
        <p className={styles.hint}>{t('teams.settings.pictureHint')}</p>
        <div className={styles.pictureButtons}>
          <Button busy={busy} onClick={() => file.current?.click()}>
            {t('teams.settings.choosePicture')}
          </Button>
          {team.last_team_icon_update ? (
            <Button kind="plain" busy={busy} onClick={() => void set(undefined)}>
              {t('teams.settings.removePicture')}
            </Button>
          ) : null}
        </div>
        <input
          ref={file}
          type="file"
          hidden
          accept="image/png,image/jpeg,image/gif,image/bmp,image/webp"
          aria-label={t('teams.settings.choosePicture')}
          onChange={(event) => {
            const [chosen] = event.target.files ?? [];
            event.target.value = '';
            if (chosen) void set(chosen);
          }}
        />
      </div>
    </div>
  );
}

function Access({ team }: { team: Team }) {
  const t = useText();
  const rights = useTeamRights(team.id);
  const [domains, setDomains] = useState(team.allowed_domains);
  const open = team.allow_open_invite;
  const save = async () => {
    await changeTeam(team.id, { allowed_domains: domains.trim() });
    toast(t('teams.settings.saved'));
  };
  if (!rights.invite) return <p className={styles.words}>{t('teams.settings.noAccess')}</p>;
  return (
    <Form className={styles.form} onSubmit={save}>
      <Switch
        label={t('teams.settings.open')}
        hint={t('teams.settings.openHint')}
        checked={open}
        onChange={(on) => void attempt(setTeamOpen(team.id, on))}
      />
      <TextField
        label={t('teams.settings.domains')}
        hint={t('teams.settings.domainsHint')}
        placeholder="example.com, example.org"
        value={domains}
        maxLength={domainsMost}
        spellCheck={false}
        autoCapitalize="none"
        onChange={setDomains}
      />
      <Save />
    </Form>
  );
}

function End({ team }: { team: Team }) {
  const t = useText();
  const [asking, setAsking] = useState(false);
  return (
    <div className={styles.part}>
      <p>{t('teams.archive.about')}</p>
      <Button kind="danger" onClick={() => setAsking(true)}>
        {t('teams.archive')}
      </Button>
      {asking && (
        <ConfirmDialog
          title={t('teams.archive.title', { team: team.display_name })}
          confirm={t('teams.archive.confirm')}
          danger
          onConfirm={async () => {
            await archiveTeam(team.id);
            closeDialog();
          }}
          onClose={() => setAsking(false)}
        >
          <Text id="teams.archive.words" values={{ team: team.display_name, b: (parts) => <strong>{parts}</strong> }} />
        </ConfirmDialog>
      )}
    </div>
  );
}
