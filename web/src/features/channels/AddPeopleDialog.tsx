import { useState } from 'react';
import { useText } from '@/i18n/text';
import { closeDialog } from '@/store/commands';
import { useModel } from '@/store/paged';
import type { OpenDialog } from '@/store/place';
import { useApp } from '@/store/store';
import { Button } from '@/ui/Button';
import { ChipPicker, type Pickable } from '@/ui/ChipPicker';
import { Dialog } from '@/ui/Dialog';
import { FormError } from '@/ui/FormError';
import { toast } from '@/ui/toast';
import { addPeople } from './actions';
import { Finder, useFound } from './finder';
import { useChannelName } from './names';

/** How many are added at once. */
const atOnce = 100;

/** AddPeopleDialog adds people of the team to a channel. */
export function AddPeopleDialog({ dialog }: { dialog: Extract<OpenDialog, { kind: 'add-people' }> }) {
  const t = useText();
  const { channelId } = dialog;
  const name = useChannelName(channelId);
  const teamId = useApp((state) => state.channels.channels[channelId]?.team_id ?? '');
  const finder = useModel(() => new Finder({ teamId, notInChannel: channelId }));
  const [chosen, setChosen] = useState<readonly Pickable[]>([]);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const ids = chosen.map((one) => one.id);
  const { options, loading } = useFound(finder, ids);
  const add = async () => {
    setBusy(true);
    setError(null);
    try {
      await addPeople(channelId, ids);
      toast(t('channels.add.done', { count: ids.length, name }));
      closeDialog();
    } catch (reason) {
      setError(reason);
      setBusy(false);
    }
  };
  return (
    <Dialog
      open
      onClose={closeDialog}
      title={t('channels.add.title', { name })}
      footer={
        <>
          <Button onClick={closeDialog}>{t('ui.cancel')}</Button>
          <Button kind="primary" busy={busy} disabled={ids.length === 0} onClick={() => void add()}>
            {t('channels.add.submit', { count: ids.length })}
          </Button>
        </>
      }
    >
      <ChipPicker
        label={t('channels.add.who')}
        placeholder={t('channels.message.placeholder')}
        hint={t('channels.add.hint')}
        chosen={chosen}
        options={options}
        loading={loading}
        full={chosen.length >= atOnce}
        focusFirst
        onQuery={(query) => finder.look(query)}
        onAdd={(one) => setChosen([...chosen, one])}
        onRemove={(id) => setChosen(chosen.filter((one) => one.id !== id))}
      />
      <FormError error={error} />
    </Dialog>
  );
}
