import { useMemo, useState } from 'react';
import { Text, useText } from '@/i18n/text';
import { closeDialog } from '@/store/commands';
import type { OpenDialog } from '@/store/place';
import { displayName } from '@/store/selectors';
import { useApp, useAppShallow } from '@/store/store';
import { Button } from '@/ui/Button';
import { ChipPicker, type Pickable } from '@/ui/ChipPicker';
import { Dialog } from '@/ui/Dialog';
import { Form } from '@/ui/Form';
import { toast } from '@/ui/toast';
import { addToChannel } from './actions';
import styles from './Dialogs.module.css';
import { openChannels } from './rights';

const offered = 50;
const plain = (text: string) => text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase();

/** AddToChannelDialog adds a person to channels of the team that one may add people to. */
export function AddToChannelDialog({ dialog }: { dialog: Extract<OpenDialog, { kind: 'add-to-channel' }> }) {
  const t = useText();
  const name = useApp((state) => displayName(state, dialog.userId));
  const channels = useAppShallow((state) => openChannels(state, state.place.teamId));
  const [query, setQuery] = useState('');
  const [chosen, setChosen] = useState<readonly Pickable[]>([]);
  const options = useMemo(
    () =>
      channels
        .filter(
          (one) => !chosen.some(({ id }) => id === one.id) && plain(one.display_name).includes(plain(query.trim())),
        )
        .slice(0, offered)
        .map((one) => ({
          id: one.id,
          label: one.display_name,
          hint: one.display_name === one.name ? undefined : `~${one.name}`,
        })),
    [channels, chosen, query],
  );
  const send = async () => {
    for (const channel of chosen) {
      await addToChannel(dialog.userId, channel.id);
      // What is done stays done when a later one is refused.
      setChosen((rest) => rest.filter(({ id }) => id !== channel.id));
    }
    toast(t('people.add.done', { name, count: chosen.length }));
    closeDialog();
  };
  return (
    <Dialog open onClose={closeDialog} title={t('people.add.title', { name })} size="s">
      <Form onSubmit={send} className={styles.form}>
        <ChipPicker
          label={t('people.add.label')}
          placeholder={t('people.add.placeholder')}
          chosen={chosen}
          options={options}
          onQuery={setQuery}
          onAdd={(one) => setChosen([...chosen, one])}
          onRemove={(id) => setChosen(chosen.filter((one) => one.id !== id))}
          focusFirst
        />
        <div className={styles.buttons}>
          <Button onClick={closeDialog}>{t('ui.cancel')}</Button>
          <Button type="submit" kind="primary" disabled={chosen.length === 0}>
            <Text id="people.add.submit" />
          </Button>
        </div>
      </Form>
    </Dialog>
  );
}
