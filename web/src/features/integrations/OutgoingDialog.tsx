import * as api from '@/api/integrations';
import { useText } from '@/i18n/text';
import { RadioGroup } from '@/ui/RadioGroup';
import { Select } from '@/ui/Select';
import { EditDialog, useEdited } from './EditDialog';
import { ChannelField, type Fields, LinesField, LookFields, NameFields, RenewButton, useFields } from './fields';
import type { FormDialogProps } from './ListPage';
import { Value } from './Secret';
import { Signing } from './Signing';
import { SignsIn } from './SignsIn';
import { isAddress, linesOf } from './words';

const contentTypes = ['application/json', 'application/x-www-form-urlencoded'] as const;

const begin = (item: api.OutgoingHook | undefined) => ({
  display_name: item?.display_name ?? '',
  description: item?.description ?? '',
  content_type: item?.content_type || contentTypes[0],
  channel_id: item?.channel_id ?? '',
  words: (item?.trigger_words ?? []).join('\n'),
  when: String(item?.trigger_when ?? 0),
  urls: (item?.callback_urls ?? []).join('\n'),
  username: item?.username ?? '',
  icon_url: item?.icon_url ?? '',
});

/** OutgoingDialog makes or changes one, and shows the token that its calls carry. */
export function OutgoingDialog({ teamId, item, onClose, onChanged }: FormDialogProps<api.OutgoingHook>) {
  const t = useText();
  const edited = useEdited(item, onChanged, onClose);
  const form = useFields(begin(item));
  const save = async () => {
    const { words, when, urls, ...rest } = form.values;
    const callbacks = linesOf(urls);
    const triggers = linesOf(words);
    const wrong = callbacks.find((url) => !isAddress(url));
    const refused = form.refuse({
      urls:
        callbacks.length === 0
          ? t('integrations.outgoing.urls.missing')
          : wrong && t('integrations.notAddress', { text: wrong }),
      words: triggers.length === 0 && rest.channel_id === '' ? t('integrations.outgoing.words.missing') : undefined,
    });
    if (refused) return;
    const saved = await api.saveOutgoing({
      ...item,
      ...rest,
      team_id: teamId,
      trigger_words: triggers,
      trigger_when: Number(when),
      callback_urls: callbacks,
    });
    await edited.keep(saved);
  };
  const hook = edited.item;
  return (
    <EditDialog
      title={hook ? hook.display_name || t('integrations.unnamed') : t('integrations.outgoing.add')}
      fresh={edited.fresh}
      isNew={!hook}
      freshWords={t('integrations.outgoing.fresh')}
      facts={
        hook && (
          <>
            <Value
              secret
              label={t('integrations.token')}
              value={hook.token}
              hint={t('integrations.token.hint')}
              action={<RenewButton onRenew={async () => edited.replace(await api.renewOutgoing(hook.id))} />}
            />
            <SignsIn teamId={teamId} urls={hook.callback_urls ?? []} />
            <Signing onRenew={async () => (await api.signOutgoing(hook.id)).secret} />
          </>
        )
      }
      onSave={save}
      onClose={onClose}
    >
      <OutgoingFields form={form} teamId={teamId} />
    </EditDialog>
  );
}

function OutgoingFields({ form, teamId }: { form: Fields<ReturnType<typeof begin>>; teamId: string }) {
  const t = useText();
  return (
    <>
      <NameFields form={form} />
      <ChannelField
        teamId={teamId}
        openOnly
        none={t('integrations.outgoing.anyChannel')}
        hint={t('integrations.outgoing.channel.hint')}
        value={form.values.channel_id}
        onChange={(id) => form.set('channel_id', id)}
      />
      <LinesField
        label={t('integrations.outgoing.words')}
        hint={t('integrations.outgoing.words.hint')}
        value={form.values.words}
        onChange={(value) => form.set('words', value)}
        error={form.errors.words}
      />
      <RadioGroup
        label={t('integrations.outgoing.when')}
        value={form.values.when}
        onChange={(value) => form.set('when', value)}
        options={[
          { value: '0', label: t('integrations.outgoing.when.is') },
          { value: '1', label: t('integrations.outgoing.when.begins') },
        ]}
      />
      <LinesField
        label={t('integrations.outgoing.urls')}
        hint={t('integrations.outgoing.urls.hint')}
        value={form.values.urls}
        onChange={(value) => form.set('urls', value)}
        error={form.errors.urls}
      />
      <Select
        label={t('integrations.outgoing.type')}
        value={form.values.content_type}
        onChange={(value) => form.set('content_type', value)}
        options={contentTypes.map((value) => ({ value, label: value }))}
      />
      <LookFields form={form} />
    </>
  );
}
