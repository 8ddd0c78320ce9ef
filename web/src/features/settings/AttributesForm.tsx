import { useState } from 'react';
import { Finder, pickableOf, useFound } from '@/features/channels/finder';
import { saveValues } from '@/features/people/attributes';
import { useText } from '@/i18n/text';
import type { Attribute, AttributeValue } from '@/store/attributes';
import { useModel } from '@/store/paged';
import { isSystemAdmin, nameFormat } from '@/store/selectors';
import { useApp } from '@/store/store';
import { Checkbox } from '@/ui/Checkbox';
import { ChipPicker } from '@/ui/ChipPicker';
import { Form } from '@/ui/Form';
import { Select } from '@/ui/Select';
import { TextField } from '@/ui/TextField';
import { toast } from '@/ui/toast';
import { Submit } from './ProfileForms';
import styles from './Settings.module.css';

type Values = Readonly<Record<string, AttributeValue>>;
const nothing: Values = {};
const textMost = 64;

const same = (a: AttributeValue | undefined, b: AttributeValue): boolean => String(a ?? '') === String(b);

/** AttributesForm holds what one says of oneself beside one's names. */
export function AttributesForm({ fields }: { fields: readonly Attribute[] }) {
  const t = useText();
  const kept = useApp((state) => state.attributes.values[state.users.me] ?? nothing);
  const [own, setOwn] = useState<Values>({});
  const changed = Object.entries(own).filter(([id, value]) => !same(kept[id], value));
  const save = async () => {
    await saveValues(Object.fromEntries(changed));
    setOwn({});
    toast(t('settings.saved'));
  };
  return (
    <Form onSubmit={save} className={styles.form}>
      {fields.map((field) => (
        <Field
          key={field.id}
          field={field}
          value={own[field.id] ?? kept[field.id] ?? ''}
          onChange={(value) => setOwn({ ...own, [field.id]: value })}
        />
      ))}
      <Submit changed={changed.length > 0} onReset={() => setOwn({})} />
    </Form>
  );
}

interface FieldProps {
  field: Attribute;
  value: AttributeValue;
  onChange: (value: AttributeValue) => void;
}

const listOf = (value: AttributeValue): readonly string[] =>
  typeof value === 'string' ? [value].filter(Boolean) : value;

/** Who else gives the value, when it is not oneself. */
function useKeeper({ attrs }: Attribute): string | undefined {
  const t = useText();
  const admin = useApp(isSystemAdmin);
  if (attrs.ldap || attrs.saml) return t('settings.attributes.synced');
  return attrs.protected || (attrs.managed === 'admin' && !admin) ? t('settings.attributes.managed') : undefined;
}

function Field({ field, value, onChange }: FieldProps) {
  const t = useText();
  const keeper = useKeeper(field);
  const hint = keeper ?? (field.attrs.visibility === 'hidden' ? t('settings.attributes.hidden') : undefined);
  const { name, type, attrs } = field;
  const disabled = keeper !== undefined;
  switch (type) {
    case 'select': {
      const options = (attrs.options ?? []).map((option) => ({ value: option.id, label: option.name }));
      return (
        <Select
          label={name}
          hint={hint}
          disabled={disabled}
          value={String(value)}
          options={[{ value: '', label: t('settings.attributes.none') }, ...options]}
          onChange={onChange}
        />
      );
    }
    case 'multiselect':
      return (
        <fieldset disabled={disabled} className={styles.choices}>
          <legend>{name}</legend>
          {(attrs.options ?? []).map((option) => (
            <Checkbox
              key={option.id}
              label={option.name}
              checked={listOf(value).includes(option.id)}
              onChange={(on) =>
                onChange(on ? [...listOf(value), option.id] : listOf(value).filter((id) => id !== option.id))
              }
            />
          ))}
          {hint && <p className={styles.hint}>{hint}</p>}
        </fieldset>
      );
    case 'user':
    case 'multiuser':
      return <People field={field} value={value} hint={hint} disabled={disabled} onChange={onChange} />;
    default:
      return (
        <TextField
          label={name}
          hint={hint}
          disabled={disabled}
          type={type === 'date' ? 'date' : attrs.value_type === 'phone' ? 'tel' : attrs.value_type || 'text'}
          maxLength={textMost}
          value={String(value)}
          onChange={onChange}
        />
      );
  }
}

function People(props: FieldProps & { hint: string | undefined; disabled: boolean }) {
  const { field, value, hint, disabled, onChange } = props;
  const one = field.type === 'user';
  const finder = useModel(() => new Finder({}));
  const profiles = useApp((state) => state.users.profiles);
  const format = useApp(nameFormat);
  const ids = listOf(value);
  const { options, loading } = useFound(finder, ids);
  const chosen = ids.map((id) => {
    const user = profiles[id];
    return user ? pickableOf(user, format) : { id, label: '…' };
  });
  const give = (next: readonly string[]) => onChange(one ? (next[0] ?? '') : next);
  return (
    <ChipPicker
      label={field.name}
      hint={hint}
      chosen={chosen}
      options={options}
      loading={loading}
      full={disabled || (one && ids.length > 0)}
      onQuery={(query) => finder.look(query)}
      onAdd={({ id }) => give([...ids, id])}
      onRemove={(id) => !disabled && give(ids.filter((other) => other !== id))}
    />
  );
}
