import type { Team } from '@mattermost/types/teams';
import { useState } from 'react';
import * as adminApi from '@/api/admin';
import { deleteTeam, patchTeam, setTeamPrivacy } from '@/api/teams';
import { Tag } from '@/features/people/Tag';
import { useText } from '@/i18n/text';
import { can } from '@/store/selectors';
import { useApp } from '@/store/store';
import { attempt } from '@/ui/attempt';
import { Button } from '@/ui/Button';
import { ConfirmDialog } from '@/ui/ConfirmDialog';
import { Dialog } from '@/ui/Dialog';
import { Form } from '@/ui/Form';
import { Switch } from '@/ui/Switch';
import { TextButton } from '@/ui/TextButton';
import { TextField } from '@/ui/TextField';
import { useFound } from '@/ui/useFound';
import { Bar, Moment, Pager, Table, Waiting } from './parts';
import styles from './people/People.module.css';

const perPage = 50;

/** TeamsPage lists all teams, archived ones too, and opens one to change it. */
export function TeamsPage() {
  const t = useText();
  const [term, setTerm] = useState('');
  const [page, setPage] = useState(0);
  const [opened, setOpened] = useState<Team>();
  const wanted = term.trim();
  const found = useFound(
    () => (wanted ? adminApi.searchTeams(wanted, page, perPage) : adminApi.listAllTeams(page, perPage)),
    `${page} ${wanted}`,
  );
  const writes = useApp((state) => can(state, 'sysconsole_write_user_management_teams'));
  return (
    <>
      <Bar>
        <TextField
          type="search"
          label={t('admin.teams.find')}
          value={term}
          onChange={(next) => {
            setTerm(next);
            setPage(0);
          }}
        />
      </Bar>
      <Waiting of={found}>
        {({ teams, total_count: total }) => (
          <>
            <Table
              label={t('admin.page.teams')}
              empty={t('admin.teams.none')}
              rows={teams}
              keyOf={(team) => team.id}
              columns={[
                {
                  id: 'name',
                  title: t('admin.teams.team'),
                  cell: (team) =>
                    writes ? (
                      <TextButton onClick={() => setOpened(team)}>{team.display_name}</TextButton>
                    ) : (
                      team.display_name
                    ),
                },
                { id: 'address', title: t('admin.teams.address'), cell: (team) => `/${team.name}` },
                {
                  id: 'kind',
                  title: t('admin.teams.entry'),
                  cell: (team) => (
                    <>
                      {t(team.allow_open_invite ? 'admin.teams.open' : 'admin.teams.invited')}{' '}
                      {team.delete_at > 0 && <Tag>{t('admin.archived')}</Tag>}
                    </>
                  ),
                },
                { id: 'since', title: t('admin.users.since'), cell: (team) => <Moment at={team.create_at} /> },
              ]}
            />
            <Pager page={page} more={(page + 1) * perPage < total} onTurn={setPage} />
          </>
        )}
      </Waiting>
      {opened && <TeamDialog team={opened} onClose={() => setOpened(undefined)} onChanged={found.reload} />}
    </>
  );
}

type DialogProps = { team: Team; onClose: () => void; onChanged: () => Promise<void> };

function TeamDialog({ team, onClose, onChanged }: DialogProps) {
  const t = useText();
  const [name, setName] = useState(team.display_name);
  const [about, setAbout] = useState(team.description);
  const [openTo, setOpenTo] = useState(team.allow_open_invite);
  const [asking, setAsking] = useState(false);
  const archived = team.delete_at > 0;
  const finish = async () => {
    await onChanged();
    onClose();
  };
  const save = async () => {
    await patchTeam(team.id, { display_name: name, description: about });
    if (openTo !== team.allow_open_invite) await setTeamPrivacy(team.id, openTo ? 'O' : 'I');
    await finish();
  };
  const restore = async () => {
    if (await attempt(adminApi.restoreTeam(team.id))) await finish();
  };
  return (
    <Dialog open onClose={onClose} title={team.display_name}>
      <Form onSubmit={save} className={styles.form}>
        <TextField label={t('admin.teams.name')} value={name} onChange={setName} required />
        <TextField label={t('admin.teams.about')} value={about} onChange={setAbout} />
        <Switch label={t('admin.teams.openTo')} checked={openTo} onChange={setOpenTo} />
        <div className={styles.submit}>
          {archived ? (
            <Button onClick={() => void restore()}>{t('admin.restore')}</Button>
          ) : (
            <Button onClick={() => setAsking(true)}>{t('admin.archive')}</Button>
          )}
          <Button type="submit" kind="primary">
            {t('admin.save')}
          </Button>
        </div>
      </Form>
      {asking && (
        <ConfirmDialog
          danger
          title={t('admin.teams.archive.title', { name: team.display_name })}
          confirm={t('admin.archive')}
          onConfirm={async () => {
            await deleteTeam(team.id);
            await finish();
          }}
          onClose={() => setAsking(false)}
        >
          <p>{t('admin.teams.archive.words')}</p>
        </ConfirmDialog>
      )}
    </Dialog>
  );
}
