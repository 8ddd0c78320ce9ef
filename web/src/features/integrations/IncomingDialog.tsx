import { Send } from 'lucide-react';
import { useState } from 'react';
import * as api from '@/api/integrations';
import { useText } from '@/i18n/text';
import { attempt } from '@/ui/attempt';
import { Button } from '@/ui/Button';
import { Checkbox } from '@/ui/Checkbox';
import { EditDialog, useEdited } from './EditDialog';
import { ChannelField, LookFields, NameFields, useFields } from './fields';
import styles from './Integrations.module.css';
import type { FormDialogProps } from './ListPage';
import { Value } from './Secret';
import { curlLine } from './words';

/** incomingAddress is where other programs post. Who knows it may use it. */
export const incomingAddress = (id: string): string => `${window.location.origin}/hooks/${id}`;

/** IncomingDialog makes or changes one, shows its address and tries it. */
export function IncomingDialog({ teamId, item, onClose, onChanged }: FormDialogProps<api.IncomingHook>) {
  const t = useText();
  const edited = useEdited(item, onChanged, onClose);
  const form = useFields({
    display_name: item?.display_name ?? '',
    description: item?.description ?? '',
    channel_id: item?.channel_id ?? '',
    channel_locked: item?.channel_locked ?? false,
    username: item?.username ?? '',
    icon_url: item?.icon_url ?? '',
  });
  const save = async () => {
    if (
      form.refuse({ channel_id: form.values.channel_id === '' ? t('integrations.field.channel.missing') : undefined })
    )
      return;
    await edited.keep(await api.saveIncoming({ ...item, ...form.values }));
  };
  return (
    <EditDialog
      title={edited.item ? edited.item.display_name || t('integrations.unnamed') : t('integrations.incoming.add')}
      fresh={edited.fresh}
      isNew={!edited.item}
      freshWords={t('integrations.incoming.fresh')}
      facts={edited.item && <Facts hook={edited.item} />}
      onSave={save}
      onClose={onClose}
    >
      <NameFields form={form} />
      <ChannelField
        teamId={teamId}
        value={form.values.channel_id}
        onChange={(id) => form.set('channel_id', id)}
        error={form.errors.channel_id}
        hint={t('integrations.incoming.channel.hint')}
      />
      <Checkbox
        label={t('integrations.incoming.lock')}
        hint={t('integrations.incoming.lock.hint')}
        checked={form.values.channel_locked}
        onChange={(on) => form.set('channel_locked', on)}
      />
      <LookFields form={form} />
    </EditDialog>
  );
}

function Facts({ hook }: { hook: api.IncomingHook }) {
  const t = useText();
  const address = incomingAddress(hook.id);
  return (
    <>
      <Value label={t('integrations.address')} value={address} hint={t('integrations.incoming.address.hint')} />
      <Value label={t('integrations.example')} value={curlLine(address, t('integrations.incoming.hello'))} block />
      <Trial hook={hook} />
    </>
  );
}

function Trial({ hook }: { hook: api.IncomingHook }) {
  const t = useText();
  const [state, setState] = useState<'idle' | 'busy' | 'done'>('idle');
  const send = async () => {
    setState('busy');
    const done = await attempt(api.callIncoming(hook.id, t('integrations.incoming.trial')));
    setState(done ? 'done' : 'idle');
  };
  return (
    <div className={styles.actions}>
      <Button busy={state === 'busy'} icon={<Send size={16} aria-hidden="true" />} onClick={() => void send()}>
        {t('integrations.incoming.try')}
      </Button>
      <span role="status" className={styles.quiet}>
        {state === 'done' && t('integrations.incoming.tried')}
      </span>
    </div>
  );
}
