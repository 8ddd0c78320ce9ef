import { useState } from 'react';
import * as api from '@/api/oauth';
import { useText } from '@/i18n/text';
import { Button } from '@/ui/Button';
import { FormError } from '@/ui/FormError';
import { RadioGroup } from '@/ui/RadioGroup';
import { TextField } from '@/ui/TextField';
import { EditDialog, useEdited } from './EditDialog';
import { type Fields, LinesField, useFields } from './fields';
import styles from './Integrations.module.css';
import type { FormDialogProps } from './ListPage';
import { addressProblem } from './problems';
import { isAddress, linesOf } from './words';

const begin = (item: api.Connection | undefined) => ({
  name: item?.name ?? '',
  oauth_token_url: item?.oauth_token_url ?? '',
  client_id: item?.client_id ?? '',
  client_secret: '',
  grant_type: item?.grant_type ?? ('client_credentials' as api.Connection['grant_type']),
  credentials_username: item?.credentials_username ?? '',
  credentials_password: '',
  urls: (item?.audiences ?? []).join('\n'),
});
type Values = ReturnType<typeof begin>;

/** bodyOf is a connection as it is sent: without what belongs to the other grant, and secrets only when they change. */
export function bodyOf(values: Values, item?: api.Connection): Partial<api.Connection> {
  const { urls, client_secret, credentials_username, credentials_password, ...rest } = values;
  const password = rest.grant_type === 'password';
  return {
    ...(item && { id: item.id }),
    ...rest,
    audiences: linesOf(urls),
    ...(client_secret !== '' && { client_secret }),
    ...(password && { credentials_username }),
    ...(password && credentials_password !== '' && { credentials_password }),
  };
}

/** ConnectionDialog makes or changes one, and tries it before it is saved. */
export function ConnectionDialog({ teamId, item, onClose, onChanged }: FormDialogProps<api.Connection>) {
  const t = useText();
  const edited = useEdited(item, onChanged, onClose);
  const form = useFields(begin(item));
  const wrong = (): boolean => {
    const { values } = form;
    const audiences = linesOf(values.urls);
    const byPassword = values.grant_type === 'password';
    const bad = audiences.find((url) => !isAddress(url));
    return form.refuse({
      name: values.name.trim() === '' ? t('integrations.connections.name.missing') : undefined,
      client_id: values.client_id.trim() === '' ? t('integrations.connections.client.missing') : undefined,
      client_secret:
        values.client_secret === '' && values.grant_type === 'client_credentials' && !item
          ? t('integrations.connections.secret.missing')
          : undefined,
      credentials_username:
        byPassword && values.credentials_username === '' ? t('integrations.connections.username.missing') : undefined,
      credentials_password:
        byPassword && values.credentials_password === '' && item?.grant_type !== 'password'
          ? t('integrations.connections.password.missing')
          : undefined,
      oauth_token_url: addressProblem(t, values.oauth_token_url),
      urls:
        audiences.length === 0
          ? t('integrations.connections.audiences.missing')
          : bad && t('integrations.notAddress', { text: bad }),
    });
  };
  const save = async () => {
    if (!wrong()) await edited.keep(await api.saveConnection(teamId, bodyOf(form.values, item)));
  };
  return (
    <EditDialog
      title={edited.item ? edited.item.name : t('integrations.connections.add')}
      fresh={edited.fresh}
      isNew={!edited.item}
      freshWords={t('integrations.connections.fresh')}
      onSave={save}
      onClose={onClose}
    >
      <ConnectionFields form={form} item={item} />
      <Trial
        of={form.values}
        run={async () => !wrong() && (await api.validateConnection(teamId, bodyOf(form.values, item)))}
      />
    </EditDialog>
  );
}

function ConnectionFields({ form, item }: { form: Fields<Values>; item: api.Connection | undefined }) {
  const t = useText();
  const { values, errors, set } = form;
  const field = (key: Exclude<keyof Values, 'grant_type'>) => ({
    value: values[key],
    onChange: (value: string) => set(key, value),
    error: errors[key],
  });
  const kept = (there: boolean) => (there ? { hint: t('integrations.connections.kept') } : {});
  return (
    <>
      <TextField label={t('integrations.name')} required maxLength={64} {...field('name')} />
      <TextField type="url" label={t('integrations.connections.tokenUrl')} required {...field('oauth_token_url')} />
      <RadioGroup
        label={t('integrations.connections.grant')}
        value={values.grant_type}
        onChange={(value) => set('grant_type', value)}
        options={[
          { value: 'client_credentials', label: t('integrations.connections.grant.client') },
          { value: 'password', label: t('integrations.connections.grant.password') },
        ]}
      />
      <div className={styles.pair}>
        <TextField label={t('integrations.apps.id')} required autoComplete="off" {...field('client_id')} />
        <TextField
          type="password"
          label={t('integrations.apps.secret')}
          autoComplete="off"
          {...kept(item !== undefined)}
          {...field('client_secret')}
        />
      </div>
      {values.grant_type === 'password' && (
        <div className={styles.pair}>
          <TextField
            label={t('integrations.connections.username')}
            autoComplete="off"
            {...field('credentials_username')}
          />
          <TextField
            type="password"
            label={t('integrations.connections.password')}
            autoComplete="off"
            {...kept(item?.grant_type === 'password')}
            {...field('credentials_password')}
          />
        </div>
      )}
      <LinesField
        label={t('integrations.connections.audiences')}
        hint={t('integrations.connections.audiences.hint')}
        {...field('urls')}
      />
    </>
  );
}

/** Trial asks for a token with what stands in the form, and says how it went until that changes. */
function Trial({ of, run }: { of: Values; run: () => Promise<unknown> }) {
  const t = useText();
  const [busy, setBusy] = useState(false);
  const [tried, setTried] = useState<{ of: Values; done?: boolean; error?: unknown }>();
  const go = async () => {
    setBusy(true);
    setTried(undefined);
    try {
      setTried({ of, done: (await run()) !== false });
    } catch (error) {
      setTried({ of, error });
    } finally {
      setBusy(false);
    }
  };
  const current = tried?.of === of ? tried : undefined;
  return (
    <div className={styles.trial}>
      <div className={styles.actions}>
        <Button busy={busy} onClick={() => void go()}>
          {t('integrations.connections.validate')}
        </Button>
        <span role="status" className={styles.quiet}>
          {current?.done && t('integrations.connections.valid')}
        </span>
      </div>
      <FormError error={current?.error} />
    </div>
  );
}
