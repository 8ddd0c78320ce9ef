import { useId, useState } from 'react';
import type { AttributeFields } from '@/api/attributes';
import { saveAttribute } from '@/features/people/attributes';
import { useText } from '@/i18n/text';
import { type Attribute, attributeList } from '@/store/attributes';
import { getState } from '@/store/store';
import { Button } from '@/ui/Button';
import { Checkbox } from '@/ui/Checkbox';
import { Dialog } from '@/ui/Dialog';
import { Form } from '@/ui/Form';
import { RadioGroup } from '@/ui/RadioGroup';
import { Select } from '@/ui/Select';
import { TextArea } from '@/ui/TextArea';
import { TextField } from '@/ui/TextField';

const types = ['text', 'select', 'multiselect', 'date', 'user', 'multiuser'] as const;
const kinds = ['', 'email', 'url', 'phone'] as const;
const sights = ['when_set', 'always', 'hidden'] as const;

const nameMost = 255;

/** optionsFrom reads one option a line; those that keep their words keep their id, so that nobody's choice is lost. */
export function optionsFrom(text: string, before: Attribute['attrs']['options'] = []): { id?: string; name: string }[] {
  const names = [...new Set(text.split('\n').map((line) => line.trim()))].filter(Boolean);
  return names.map((name) => before.find((option) => option.name === name) ?? { name });
}

interface Props {
  /** The attribute to change; undefined for a new one. */
  field: Attribute | undefined;
  onClose: () => void;
}

/** AttributeEditor makes an attribute, or changes one. */
export function AttributeEditor({ field, onClose }: Props) {
  const t = useText();
  const form = useId();
  return (
    <Dialog
      open
      onClose={onClose}
      title={t(field ? 'settings.attributes.editTitle' : 'settings.attributes.new')}
      footer={
        <>
          <Button onClick={onClose}>{t('ui.cancel')}</Button>
          <Button kind="primary" type="submit" form={form}>
            {t('settings.save')}
          </Button>
        </>
      }
    >
      <Fields id={form} field={field} onClose={onClose} />
    </Dialog>
  );
}

function Fields({ id, field, onClose }: Props & { id: string }) {
  const t = useText();
  const attrs = field?.attrs;
  const [name, setName] = useState(field?.name ?? '');
  const [type, setType] = useState<AttributeFields['type']>(field?.type ?? 'text');
  const [kind, setKind] = useState(attrs?.value_type ?? '');
  const [sight, setSight] = useState(attrs?.visibility ?? 'when_set');
  const [options, setOptions] = useState(() => (attrs?.options ?? []).map((option) => option.name).join('\n'));
  const [managed, setManaged] = useState(attrs?.managed === 'admin');
  const [tried, setTried] = useState(false);
  const choice = type === 'select' || type === 'multiselect';
  const save = async () => {
    setTried(true);
    if (!name.trim() || (choice && !options.trim())) return;
    await saveAttribute(
      {
        name: name.trim(),
        type,
        attrs: {
          ...attrs,
          sort_order: attrs?.sort_order ?? attributeList(getState().attributes).length,
          visibility: sight,
          value_type: type === 'text' ? kind : '',
          managed: managed ? 'admin' : '',
          options: choice ? optionsFrom(options, attrs?.options) : [],
        },
      },
      field?.id,
    );
    onClose();
  };
  return (
    <Form id={id} onSubmit={save}>
      <TextField
        label={t('settings.attributes.name')}
        value={name}
        maxLength={nameMost}
        focusFirst
        error={tried && !name.trim() ? t('settings.attributes.nameEmpty') : undefined}
        onChange={setName}
      />
      <Select
        label={t('settings.attributes.type')}
        hint={field && field.type !== type ? t('settings.attributes.typeHint') : undefined}
        value={type}
        options={types.map((value) => ({ value, label: t(`settings.attributes.type.${value}`) }))}
        onChange={setType}
      />
      {type === 'text' && (
        <Select
          label={t('settings.attributes.kind')}
          value={kind}
          options={kinds.map((value) => ({ value, label: t(`settings.attributes.kind.${value || 'any'}`) }))}
          onChange={setKind}
        />
      )}
      {choice && (
        <TextArea
          label={t('settings.attributes.options')}
          hint={t('settings.attributes.optionsHint')}
          value={options}
          rows={4}
          error={tried && !options.trim() ? t('settings.attributes.optionsEmpty') : undefined}
          onChange={setOptions}
        />
      )}
      <RadioGroup
        label={t('settings.attributes.visible')}
        value={sight}
        options={sights.map((value) => ({ value, label: t(`settings.attributes.visible.${value}`) }))}
        onChange={setSight}
      />
      <Checkbox label={t('settings.attributes.onlyAdmins')} checked={managed} onChange={setManaged} />
    </Form>
  );
}
