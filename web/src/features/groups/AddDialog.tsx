import { useState } from 'react';
import { Finder, useFound } from '@/features/channels/finder';
import { useText } from '@/i18n/text';
import { openDialog } from '@/store/commands';
import { useModel } from '@/store/paged';
import type { OpenDialog } from '@/store/place';
import { useApp } from '@/store/store';
import { Button } from '@/ui/Button';
import { ChipPicker, type Pickable } from '@/ui/ChipPicker';
import { Dialog } from '@/ui/Dialog';
import { FormError } from '@/ui/FormError';
import { addToGroup } from './actions';

/** How many are added at once. */
const atOnce = 100;

/** AddDialog adds people to a group; then the group is shown again. */
export function AddDialog({ dialog: { groupId } }: { dialog: Extract<OpenDialog, { kind: 'group-people' }> }) {
  const t = useText();
  const name = useApp((state) => state.groups.groups[groupId]?.display_name ?? '');
  const finder = useModel(() => new Finder({}));
  const [chosen, setChosen] = useState<readonly Pickable[]>([]);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const ids = chosen.map((one) => one.id);
  const { options, loading } = useFound(finder, ids);
  const back = () => openDialog({ kind: 'group', groupId });
  const add = async () => {
    setBusy(true);
    setError(null);
    try {
      await addToGroup(groupId, ids);
      back();
    } catch (reason) {
      setError(reason);
      setBusy(false);
    }
  };
  return (
    <Dialog
      open
      onClose={back}
      title={t('groups.add.title', { name })}
      footer={
        <>
          <Button onClick={back}>{t('ui.cancel')}</Button>
          <Button kind="primary" busy={busy} disabled={ids.length === 0} onClick={() => void add()}>
            {t('groups.add')}
          </Button>
        </>
      }
    >
      <ChipPicker
        label={t('groups.members')}
        placeholder={t('groups.add.placeholder')}
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
