import * as api from '@/api/integrations';
import { useText } from '@/i18n/text';
import { Checkbox } from '@/ui/Checkbox';
import { Select } from '@/ui/Select';
import { TextField } from '@/ui/TextField';
import { EditDialog, useEdited } from './EditDialog';
import { type Fields, LookFields, NameFields, RenewButton, useFields } from './fields';
import styles from './Integrations.module.css';
import type { FormDialogProps } from './ListPage';
import { addressProblem } from './problems';
import { Value } from './Secret';
import { SignsIn } from './SignsIn';
import { triggerOf } from './words';

const begin = (item: api.Command | undefined) => ({
  display_name: item?.display_name ?? '',
  description: item?.description ?? '',
  trigger: item?.trigger ?? '',
  url: item?.url ?? '',
  method: item?.method || 'P',
  username: item?.username ?? '',
  icon_url: item?.icon_url ?? '',
  auto_complete: item?.auto_complete ?? true,
  on_messages: item?.on_messages ?? false,
  auto_complete_hint: item?.auto_complete_hint ?? '',
  auto_complete_desc: item?.auto_complete_desc ?? '',
});

/** CommandDialog makes or changes one, and shows the token that its calls carry. */
export function CommandDialog({ teamId, item, onClose, onChanged }: FormDialogProps<api.Command>) {
  const t = useText();
  const edited = useEdited(item, onChanged, onClose);
  const form = useFields(begin(item));
  const save = async () => {
    const { values } = form;
    const trigger = triggerOf(values.trigger);
    const refused = form.refuse({
      trigger:
        trigger === '' || /\s/.test(trigger)
          ? t(trigger === '' ? 'integrations.commands.trigger.missing' : 'integrations.commands.trigger.spaces')
          : undefined,
      url: addressProblem(t, values.url),
    });
    if (refused) return;
    const on_messages = values.on_messages && values.method === 'P';
    await edited.keep(
      await api.saveCommand({ ...item, ...values, on_messages, trigger, url: values.url.trim(), team_id: teamId }),
    );
  };
  const command = edited.item;
  const renew = async (one: api.Command) => edited.replace({ ...one, ...(await api.renewCommand(one.id)) });
  return (
    <EditDialog
      title={command ? command.display_name || `/${command.trigger}` : t('integrations.commands.add')}
      fresh={edited.fresh}
      isNew={!command}
      freshWords={t('integrations.commands.fresh', { trigger: `/${command?.trigger}` })}
      facts={
        command && (
          <>
            <Value
              secret
              label={t('integrations.token')}
              value={command.token}
              hint={t('integrations.token.hint')}
              action={<RenewButton onRenew={() => renew(command)} />}
            />
            <SignsIn teamId={teamId} urls={[command.url]} />
          </>
        )
      }
      onSave={save}
      onClose={onClose}
    >
      <NameFields form={form} />
      <CallFields form={form} />
      <Checkbox
        label={t('integrations.commands.complete')}
        hint={t('integrations.commands.complete.hint')}
        checked={form.values.auto_complete}
        onChange={(on) => form.set('auto_complete', on)}
      />
      {form.values.auto_complete && (
        <div className={styles.pair}>
          <TextField
            label={t('integrations.commands.completeHint')}
            hint={t('integrations.commands.completeHint.hint')}
            value={form.values.auto_complete_hint}
            onChange={(value) => form.set('auto_complete_hint', value)}
          />
          <TextField
            label={t('integrations.commands.completeAbout')}
            hint={t('integrations.commands.completeAbout.hint')}
            value={form.values.auto_complete_desc}
            onChange={(value) => form.set('auto_complete_desc', value)}
          />
        </div>
      )}
      <Checkbox
        label={t('integrations.commands.onMessages')}
        hint={t('integrations.commands.onMessages.hint')}
        checked={form.values.on_messages && form.values.method === 'P'}
        disabled={form.values.method !== 'P'}
        onChange={(on) => form.set('on_messages', on)}
      />
      <LookFields form={form} />
    </EditDialog>
  );
}

/** CallFields are the word that people type, and what is called then. */
function CallFields({ form }: { form: Fields<ReturnType<typeof begin>> }) {
  const t = useText();
  return (
    <>
      <TextField
        label={t('integrations.commands.trigger')}
        hint={t('integrations.commands.trigger.hint')}
        prefix="/"
        required
        maxLength={128}
        autoCapitalize="none"
        spellCheck={false}
        value={form.values.trigger}
        onChange={(value) => form.set('trigger', value)}
        error={form.errors.trigger}
      />
      <div className={styles.call}>
        <Select
          label={t('integrations.commands.method')}
          value={form.values.method}
          onChange={(value) => form.set('method', value)}
          options={[
            { value: 'P', label: 'POST' },
            { value: 'G', label: 'GET' },
          ]}
        />
        <TextField
          type="url"
          label={t('integrations.commands.url')}
          required
          maxLength={1024}
          value={form.values.url}
          onChange={(value) => form.set('url', value)}
          error={form.errors.url}
        />
      </div>
    </>
  );
}
