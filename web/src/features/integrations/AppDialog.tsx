import * as api from '@/api/oauth';
import { useText } from '@/i18n/text';
import { can } from '@/store/selectors';
import { useApp } from '@/store/store';
import { Checkbox } from '@/ui/Checkbox';
import { TextField } from '@/ui/TextField';
import { EditDialog, useEdited } from './EditDialog';
import { type Fields, LinesField, RenewButton, useFields } from './fields';
import type { FormDialogProps } from './ListPage';
import { addressProblem } from './problems';
import { Value } from './Secret';
import { linesOf } from './words';

const begin = (item: api.OAuthApp | undefined) => ({
  name: item?.name ?? '',
  description: item?.description ?? '',
  homepage: item?.homepage ?? '',
  icon_url: item?.icon_url ?? '',
  urls: (item?.callback_urls ?? []).join('\n'),
  is_trusted: item?.is_trusted ?? false,
  is_public: item !== undefined && api.isPublic(item),
});

/** AppDialog makes or changes one, and shows what it proves itself with. */
export function AppDialog({ item, onClose, onChanged }: FormDialogProps<api.OAuthApp>) {
  const t = useText();
  const edited = useEdited(item, onChanged, onClose);
  const form = useFields(begin(item));
  const save = async () => {
    const { urls, ...rest } = form.values;
    const callbacks = linesOf(urls);
    const wrong = callbacks.find((url) => !URL.canParse(url));
    const refused = form.refuse({
      name: rest.name.trim() === '' ? t('integrations.apps.name.missing') : undefined,
      description: rest.description.trim() === '' ? t('integrations.apps.about.missing') : undefined,
      homepage: addressProblem(t, rest.homepage),
      urls:
        callbacks.length === 0
          ? t('integrations.apps.urls.missing')
          : wrong && t('integrations.notAddress', { text: wrong }),
    });
    if (refused) return;
    await edited.keep(
      await api.saveApp({ ...item, ...rest, homepage: rest.homepage.trim(), callback_urls: callbacks }),
    );
  };
  const app = edited.item;
  return (
    <EditDialog
      title={app ? app.name : t('integrations.apps.add')}
      fresh={edited.fresh}
      isNew={!app}
      freshWords={t('integrations.apps.fresh')}
      facts={app && <Facts app={app} onReplace={edited.replace} />}
      onSave={save}
      onClose={onClose}
    >
      <AppFields form={form} isNew={!app} />
    </EditDialog>
  );
}

function Facts({ app, onReplace }: { app: api.OAuthApp; onReplace: (app: api.OAuthApp) => Promise<void> }) {
  const t = useText();
  return (
    <>
      <Value label={t('integrations.apps.id')} value={app.id} />
      {app.client_secret && (
        <Value
          secret
          label={t('integrations.apps.secret')}
          value={app.client_secret}
          hint={t('integrations.apps.secret.hint')}
          action={<RenewButton onRenew={async () => onReplace(await api.renewApp(app.id))} />}
        />
      )}
    </>
  );
}

function AppFields({ form, isNew }: { form: Fields<ReturnType<typeof begin>>; isNew: boolean }) {
  const t = useText();
  const trusts = useApp((state) => can(state, 'manage_system'));
  const { values, errors, set } = form;
  return (
    <>
      <TextField
        label={t('integrations.apps.name')}
        hint={t('integrations.apps.name.hint')}
        required
        maxLength={64}
        value={values.name}
        onChange={(value) => set('name', value)}
        error={errors.name}
      />
      <TextField
        label={t('integrations.field.about')}
        required
        maxLength={512}
        value={values.description}
        onChange={(value) => set('description', value)}
        error={errors.description}
      />
      <TextField
        type="url"
        label={t('integrations.apps.homepage')}
        required
        maxLength={256}
        value={values.homepage}
        onChange={(value) => set('homepage', value)}
        error={errors.homepage}
      />
      <TextField
        type="url"
        label={t('integrations.apps.icon')}
        maxLength={512}
        value={values.icon_url}
        onChange={(value) => set('icon_url', value)}
      />
      <LinesField
        label={t('integrations.apps.urls')}
        hint={t('integrations.apps.urls.hint')}
        value={values.urls}
        onChange={(value) => set('urls', value)}
        error={errors.urls}
      />
      {trusts && (
        <Checkbox
          label={t('integrations.apps.trusted')}
          hint={t('integrations.apps.trusted.hint')}
          checked={values.is_trusted}
          onChange={(on) => set('is_trusted', on)}
        />
      )}
      {isNew && (
        <Checkbox
          label={t('integrations.apps.public')}
          hint={t('integrations.apps.public.hint')}
          checked={values.is_public}
          onChange={(on) => set('is_public', on)}
        />
      )}
    </>
  );
}
