import { useState } from 'react';
import { useText } from '@/i18n/text';
import { closeDialog } from '@/store/commands';
import { useModel } from '@/store/paged';
import { setting } from '@/store/selectors';
import { getState, useApp } from '@/store/store';
import { Button } from '@/ui/Button';
import { ChipPicker, type Pickable } from '@/ui/ChipPicker';
import { Dialog } from '@/ui/Dialog';
import { FormError } from '@/ui/FormError';
import { openConversation } from './actions';
import { Finder, useFound } from './finder';

/** How many others a group conversation may have. */
const othersMost = 7;

/** NewMessageDialog opens a conversation with one or more people: the one that there is, or a new one. */
export function NewMessageDialog() {
  const t = useText();
  const me = useApp((state) => state.users.me);
  const finder = useModel(() => {
    const state = getState();
    const within = setting(state, 'RestrictDirectMessage') === 'team';
    return new Finder(within ? { teamId: state.place.teamId } : {});
  });
  const [chosen, setChosen] = useState<readonly Pickable[]>([]);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const ids = chosen.map((one) => one.id);
  // One may write to oneself, but not in a group: there one is anyway.
  const without = ids.length > 0 ? [...ids, me] : ids;
  const { options, loading } = useFound(finder, without);
  const full = chosen.length >= othersMost || ids.includes(me);
  const go = async () => {
    if (chosen.length === 0 || busy) return;
    setBusy(true);
    setError(null);
    try {
      await openConversation(ids);
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
      title={t('channels.message.title')}
      footer={
        <>
          <Button onClick={closeDialog}>{t('ui.cancel')}</Button>
          <Button kind="primary" busy={busy} disabled={chosen.length === 0} onClick={() => void go()}>
            {t('channels.message.go')}
          </Button>
        </>
      }
    >
      {/* biome-ignore lint/a11y/noStaticElementInteractions: a shortcut for who already stands in the field */}
      <div
        onKeyDown={(event) => {
          if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) void go();
        }}
      >
        <ChipPicker
          label={t('channels.message.to')}
          placeholder={t('channels.message.placeholder')}
          hint={t('channels.message.hint', { count: othersMost - chosen.length })}
          chosen={chosen}
          options={options}
          loading={loading}
          full={full}
          focusFirst
          onQuery={(query) => finder.look(query)}
          onAdd={(one) => setChosen([...chosen, one])}
          onRemove={(id) => setChosen(chosen.filter((one) => one.id !== id))}
        />
        <FormError error={error} />
      </div>
    </Dialog>
  );
}
