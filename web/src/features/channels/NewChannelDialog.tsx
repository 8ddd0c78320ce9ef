import { Hash, Lock } from 'lucide-react';
import { useId, useState } from 'react';
import { autocompleteChannels } from '@/api/channels';
import { ApiError } from '@/api/http';
import { useText } from '@/i18n/text';
import { closeDialog } from '@/store/commands';
import { useModel } from '@/store/paged';
import type { OpenDialog } from '@/store/place';
import { can } from '@/store/selectors';
import { useApp } from '@/store/store';
import { Button } from '@/ui/Button';
import { Dialog } from '@/ui/Dialog';
import { Form } from '@/ui/Form';
import { RadioGroup } from '@/ui/RadioGroup';
import { TextArea } from '@/ui/TextArea';
import { TextField } from '@/ui/TextField';
import { create } from './actions';
import { addressFrom, addressMost, addressProblem, nameMost, purposeMost, typedAddress } from './address';
import { Counter } from './Counter';

/** Asks whether an address is taken, once one has stopped typing. */
class Taken {
  readonly #teamId: string;
  #later: ReturnType<typeof setTimeout> | undefined;

  constructor(teamId: string) {
    this.#teamId = teamId;
  }

  look(address: string, tell: (taken: boolean) => void): void {
    clearTimeout(this.#later);
    if (!address) return;
    this.#later = setTimeout(() => {
      // Private channels that one doesn't know of are told of when the channel is made.
      autocompleteChannels(this.#teamId, address)
        .then((found) => tell(found.some((channel) => channel.name === address)))
        .catch(() => undefined);
    }, 300);
  }
}

const takenIds = new Set([
  'store.sql_channel.save_channel.exists.app_error',
  'store.sql_channel.update.exists.app_error',
]);

/** isTaken tells whether a refusal is about the address. */
export const isTaken = (error: unknown): boolean => error instanceof ApiError && takenIds.has(error.id);

/** NewChannelDialog makes a channel: its name, its address, who may see it, what it is for. */
export function NewChannelDialog({ dialog }: { dialog: Extract<OpenDialog, { kind: 'new-channel' }> }) {
  const t = useText();
  const form = useId();
  const teamId = useApp((state) => state.place.teamId);
  const team = useApp((state) => state.teams.teams[teamId]?.name ?? '');
  const open = useApp((state) => can(state, 'create_public_channel', { teamId }));
  const closed = useApp((state) => can(state, 'create_private_channel', { teamId }));
  const taken = useModel(() => new Taken(teamId));
  const [name, setName] = useState(dialog.name ?? '');
  const [own, setOwn] = useState<string>();
  const [privacy, setPrivacy] = useState<'O' | 'P'>(open ? (dialog.privacy ?? 'O') : 'P');
  const [purpose, setPurpose] = useState('');
  const [tried, setTried] = useState(false);
  const [gone, setGone] = useState('');
  const [random] = useState(Math.random);
  const address = own ?? addressFrom(name, () => random);
  const ask = (next: string) => taken.look(next, (is) => setGone(is ? next : ''));
  const problem = addressProblem(address);
  const addressError =
    gone && gone === address ? t('channels.address.taken') : tried && name && problem ? t(problem) : undefined;
  const send = async () => {
    setTried(true);
    if (!name.trim() || problem || gone === address) return;
    await create({ team_id: teamId, name: address, display_name: name.trim(), type: privacy, purpose: purpose.trim() });
    closeDialog();
  };
  return (
    <Dialog
      open
      onClose={closeDialog}
      title={t('channels.new.title')}
      footer={
        <>
          <Button onClick={closeDialog}>{t('ui.cancel')}</Button>
          <Button kind="primary" type="submit" form={form}>
            {t('channels.new.create')}
          </Button>
        </>
      }
    >
      <Form
        id={form}
        onSubmit={send}
        onError={(error) => {
          if (isTaken(error)) setGone(address);
          return isTaken(error);
        }}
      >
        <TextField
          label={t('channels.name')}
          placeholder={t('channels.name.example')}
          value={name}
          maxLength={nameMost}
          focusFirst
          error={tried && !name.trim() ? t('channels.name.empty') : undefined}
          onChange={(next) => {
            setName(next);
            if (own === undefined) ask(addressFrom(next, () => random));
          }}
        />
        <TextField
          label={t('channels.address')}
          value={address}
          maxLength={addressMost}
          prefix={`/${team}/channels/`}
          error={addressError}
          spellCheck={false}
          autoCapitalize="none"
          onChange={(next) => {
            const typed = typedAddress(next);
            setOwn(typed || undefined);
            ask(typed);
          }}
        />
        <RadioGroup
          label={t('channels.privacy')}
          value={privacy}
          onChange={setPrivacy}
          options={[
            {
              value: 'O',
              label: <Kind icon={<Hash size={15} />} words={t('channels.privacy.open')} />,
              hint: t('channels.privacy.openHint'),
              disabled: !open,
            },
            {
              value: 'P',
              label: <Kind icon={<Lock size={15} />} words={t('channels.privacy.private')} />,
              hint: t('channels.privacy.privateHint'),
              disabled: !closed,
            },
          ]}
        />
        <TextArea
          label={t('channels.purpose.optional')}
          value={purpose}
          rows={2}
          maxLength={purposeMost}
          hint={<Counter text={purpose} most={purposeMost} words={t('channels.purpose.hint')} />}
          onChange={setPurpose}
        />
      </Form>
    </Dialog>
  );
}

function Kind({ icon, words }: { icon: React.ReactNode; words: string }) {
  return (
    <span style={{ display: 'inline-flex', alignItems: 'center', gap: 6 }}>
      {icon}
      {words}
    </span>
  );
}
