/** Fields that several kinds of integrations have. */
import { RefreshCw } from 'lucide-react';
import { useState } from 'react';
import { useText } from '@/i18n/text';
import { isOn } from '@/store/selectors';
import { useApp } from '@/store/store';
import { Button } from '@/ui/Button';
import { ConfirmDialog } from '@/ui/ConfirmDialog';
import { Select } from '@/ui/Select';
import { TextArea } from '@/ui/TextArea';
import { TextField } from '@/ui/TextField';
import styles from './Integrations.module.css';
import { useChannelLabel, usePlaces } from './names';

/** Fields are the values of a form, what is wrong with them, and how to change them. */
export interface Fields<V> {
  values: V;
  errors: Partial<Record<keyof V, string>>;
  set: <K extends keyof V>(key: K, value: V[K]) => void;
  /** Shows what is wrong; tells whether anything is. */
  refuse: (errors: Partial<Record<keyof V, string | undefined>>) => boolean;
}

/** useFields keeps the values of a form. A field that is changed is no longer wrong. */
export function useFields<V>(begin: V): Fields<V> {
  const [values, setValues] = useState(begin);
  const [errors, setErrors] = useState<Partial<Record<keyof V, string>>>({});
  return {
    values,
    errors,
    set(key, value) {
      setValues((before) => ({ ...before, [key]: value }));
      setErrors((before) => ({ ...before, [key]: undefined }));
    },
    refuse(wrong) {
      const found = Object.entries(wrong).filter(([, words]) => words !== undefined);
      setErrors(Object.fromEntries(found) as Partial<Record<keyof V, string>>);
      return found.length > 0;
    },
  };
}

type Named = { display_name: string; description: string };

/** NameFields are what it is called and what it is for. */
export function NameFields<V extends Named>({ form }: { form: Fields<V> }) {
  const t = useText();
  return (
    <>
      <TextField
        label={t('integrations.field.title')}
        hint={t('integrations.field.title.hint')}
        maxLength={64}
        value={form.values.display_name}
        onChange={(value) => form.set('display_name', value as V['display_name'])}
        error={form.errors.display_name}
      />
      <TextField
        label={t('integrations.field.about')}
        maxLength={500}
        value={form.values.description}
        onChange={(value) => form.set('description', value as V['description'])}
        error={form.errors.description}
      />
    </>
  );
}

type Looks = { username: string; icon_url: string };

/** LookFields are the name and the picture under which messages appear. The server may keep them to itself. */
export function LookFields<V extends Looks>({ form }: { form: Fields<V> }) {
  const t = useText();
  const names = useApp((state) => isOn(state, 'EnablePostUsernameOverride'));
  const pictures = useApp((state) => isOn(state, 'EnablePostIconOverride'));
  return (
    <div className={styles.pair}>
      <TextField
        label={t('integrations.field.username')}
        hint={t(names ? 'integrations.field.username.hint' : 'integrations.field.username.off')}
        autoComplete="off"
        maxLength={64}
        value={form.values.username}
        onChange={(value) => form.set('username', value as V['username'])}
        error={form.errors.username}
      />
      <TextField
        label={t('integrations.field.picture')}
        hint={t(pictures ? 'integrations.field.picture.hint' : 'integrations.field.picture.off')}
        type="url"
        maxLength={1024}
        value={form.values.icon_url}
        onChange={(value) => form.set('icon_url', value as V['icon_url'])}
        error={form.errors.icon_url}
      />
    </div>
  );
}

export interface ChannelFieldProps {
  teamId: string;
  value: string;
  onChange: (id: string) => void;
  error?: string | undefined;
  hint?: string;
  /** What is said for no channel, where that may be chosen. */
  none?: string;
  /** Public channels only. */
  openOnly?: boolean;
}

/** ChannelField picks one of one's channels of the team. One that is set already stays, even when one isn't in it. */
export function ChannelField({ teamId, value, onChange, error, hint, none, openOnly }: ChannelFieldProps) {
  const t = useText();
  const places = usePlaces(teamId).filter((one) => !openOnly || one.open);
  const label = useChannelLabel(value);
  const foreign = value !== '' && !places.some((one) => one.id === value);
  return (
    <Select
      label={t('integrations.field.channel')}
      hint={hint}
      error={error}
      value={value}
      onChange={onChange}
      options={[
        ...(none !== undefined || value === ''
          ? [{ value: '', label: none ?? t('integrations.field.channel.choose') }]
          : []),
        ...(foreign ? [{ value, label: label || t('integrations.channelUnknown') }] : []),
        ...places.map((one) => ({ value: one.id, label: one.name })),
      ]}
    />
  );
}

export interface LinesFieldProps {
  label: string;
  hint: string;
  value: string;
  onChange: (value: string) => void;
  error?: string | undefined;
}

/** LinesField takes several, one a line. */
export const LinesField = ({ label, hint, value, onChange, error }: LinesFieldProps) => (
  <TextArea label={label} hint={hint} rows={3} spellCheck={false} value={value} onChange={onChange} error={error} />
);

/** RenewButton makes a token or a secret anew after a question: the old one no longer works. */
export function RenewButton({ onRenew }: { onRenew: () => Promise<unknown> }) {
  const t = useText();
  const [asking, setAsking] = useState(false);
  return (
    <>
      <Button icon={<RefreshCw size={16} aria-hidden="true" />} onClick={() => setAsking(true)}>
        {t('integrations.renew')}
      </Button>
      {asking && (
        <ConfirmDialog
          danger
          title={t('integrations.renew.title')}
          confirm={t('integrations.renew')}
          onConfirm={onRenew}
          onClose={() => setAsking(false)}
        >
          <p>{t('integrations.renew.words')}</p>
        </ConfirmDialog>
      )}
    </>
  );
}
