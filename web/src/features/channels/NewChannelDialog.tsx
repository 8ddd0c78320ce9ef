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

/** useAddress is the address: made from the name until somebody writes it, and asked for whether it is taken. */
function useAddress(teamId: string, name: string) {
  const t = useText();
  const taken = useModel(() => new Taken(teamId));
  const [random] = useState(Math.random);
  const [own, setOwn] = useState<string>();
  const [gone, setGone] = useState('');
  const from = (text: string) => addressFrom(text, () => random);
  const ask = (next: string) => taken.look(next, (is) => setGone(is ? next : ''));
  const address = own ?? from(name);
  const problem = addressProblem(address);
  return {
    address,
    wrong: problem !== undefined || gone === address,
    /** What is wrong, in words; what is merely unfinished only once somebody tried to send it. */
    error(tried: boolean): string | undefined {
      if (gone && gone === address) return t('channels.address.taken');
      return tried && name && problem ? t(problem) : undefined;
    },
    refused: () => setGone(address),
    named(next: string) {
      if (own === undefined) ask(from(next));
    },
    write(next: string) {
      const typed = typedAddress(next);
      setOwn(typed || undefined);
      ask(typed);
    },
  };
}

/** NewChannelDialog makes a channel: its name, its address, who may see it, what it is for. */
export function NewChannelDialog({ dialog }: { dialog: Extract<OpenDialog, { kind: 'new-channel' }> }) {
  const t = useText();
  const form = useId();
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
      <Fields id={form} firstName={dialog.name ?? ''} firstPrivacy={dialog.privacy ?? 'O'} />
    </Dialog>
  );
}

type Privacy = 'O' | 'P';

function Fields({ id, firstName, firstPrivacy }: { id: string; firstName: string; firstPrivacy: Privacy }) {
  const t = useText();
  const teamId = useApp((state) => state.place.teamId);
  const team = useApp((state) => state.teams.teams[teamId]?.name ?? '');
  const open = useApp((state) => can(state, 'create_public_channel', { teamId }));
  const [name, setName] = useState(firstName);
  const [privacy, setPrivacy] = useState<Privacy>(open ? firstPrivacy : 'P');
  const [purpose, setPurpose] = useState('');
  const [tried, setTried] = useState(false);
  const where = useAddress(teamId, name);
  const send = async () => {
    setTried(true);
    const shown = name.trim();
    if (!shown || where.wrong) return;
    await create({ team_id: teamId, name: where.address, display_name: shown, type: privacy, purpose: purpose.trim() });
    closeDialog();
  };
  const refused = (error: unknown) => {
    if (isTaken(error)) where.refused();
    return isTaken(error);
  };
  return (
    <Form id={id} onSubmit={send} onError={refused}>
      <TextField
        label={t('channels.name')}
        placeholder={t('channels.name.example')}
        value={name}
        maxLength={nameMost}
        focusFirst
        error={tried && !name.trim() ? t('channels.name.empty') : undefined}
        onChange={(next) => {
          setName(next);
          where.named(next);
        }}
      />
      <TextField
        label={t('channels.address')}
        value={where.address}
        maxLength={addressMost}
        prefix={`/${team}/channels/`}
        error={where.error(tried)}
        spellCheck={false}
        autoCapitalize="none"
        onChange={where.write}
      />
      <PrivacyChoice teamId={teamId} value={privacy} onChange={setPrivacy} />
      <TextArea
        label={t('channels.purpose.optional')}
        value={purpose}
        rows={2}
        maxLength={purposeMost}
        hint={<Counter text={purpose} most={purposeMost} words={t('channels.purpose.hint')} />}
        onChange={setPurpose}
      />
    </Form>
  );
}

interface PrivacyChoiceProps {
  teamId: string;
  value: Privacy;
  onChange: (value: Privacy) => void;
}

/** What one may not make can't be chosen. */
function PrivacyChoice({ teamId, value, onChange }: PrivacyChoiceProps) {
  const t = useText();
  const open = useApp((state) => can(state, 'create_public_channel', { teamId }));
  const closed = useApp((state) => can(state, 'create_private_channel', { teamId }));
  return (
    <RadioGroup
      label={t('channels.privacy')}
      value={value}
      onChange={onChange}
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
