import { useState } from 'react';
import { navigate } from 'wouter/use-browser-location';
import * as channelsApi from '@/api/channels';
import { useText } from '@/i18n/text';
import { closeDialog } from '@/store/commands';
import { useModel } from '@/store/paged';
import type { OpenDialog } from '@/store/place';
import { dispatch, useApp } from '@/store/store';
import { attempt } from '@/ui/attempt';
import { Button } from '@/ui/Button';
import { Dialog } from '@/ui/Dialog';
import { Form } from '@/ui/Form';
import { Select } from '@/ui/Select';
import { TextField } from '@/ui/TextField';
import { addressMost, addressProblem, nameMost, typedAddress } from './address';
import { isTaken } from './NewChannelDialog';
import styles from './SettingsDialog.module.css';

/** ConvertDialog makes a private channel of a group conversation, with its messages and everybody in it. */
export function ConvertDialog({ dialog }: { dialog: Extract<OpenDialog, { kind: 'convert-group' }> }) {
  const t = useText();
  const { channelId } = dialog;
  const here = useApp((state) => state.place.teamId);
  const [teams, setTeams] = useState<readonly { id: string; name: string; display_name: string }[]>();
  const [teamId, setTeamId] = useState(here);
  const [name, setName] = useState('');
  const [tried, setTried] = useState(false);
  const [gone, setGone] = useState('');
  useModel(() => attempt(channelsApi.getCommonTeams(channelId).then(setTeams)));
  const team = teams?.find((one) => one.id === teamId) ?? teams?.[0];
  const address = typedAddress(name).slice(0, addressMost);
  const problem = addressProblem(address);
  const error = gone === address && gone ? t('channels.address.taken') : tried && problem ? t(problem) : undefined;
  const save = async () => {
    setTried(true);
    if (!team || !name.trim() || problem) return;
    const made = await channelsApi.convertGroup(channelId, team.id, address, name.trim());
    dispatch({ type: 'channels/received', channels: [made] });
    closeDialog();
    navigate(`/${team.name}/channels/${made.name}`);
  };
  const refused = (reason: unknown) => {
    if (isTaken(reason)) setGone(address);
    return isTaken(reason);
  };
  return (
    <Dialog open onClose={closeDialog} title={t('channels.group.convert')} size="s">
      <Form className={styles.form} onSubmit={save} onError={refused}>
        <p>{t(teams?.length === 0 ? 'channels.group.noTeam' : 'channels.group.words')}</p>
        {teams && teams.length > 1 && (
          <Select
            label={t('channels.group.team')}
            value={team?.id ?? ''}
            options={teams.map((one) => ({ value: one.id, label: one.display_name }))}
            onChange={setTeamId}
          />
        )}
        {teams?.length !== 0 && (
          <TextField
            label={t('channels.name')}
            value={name}
            maxLength={nameMost}
            focusFirst
            error={error}
            onChange={setName}
          />
        )}
        <div className={styles.buttons}>
          <Button onClick={closeDialog}>{t('ui.cancel')}</Button>
          {teams?.length !== 0 && (
            <Button kind="primary" type="submit">
              {t('channels.group.do')}
            </Button>
          )}
        </div>
      </Form>
    </Dialog>
  );
}
