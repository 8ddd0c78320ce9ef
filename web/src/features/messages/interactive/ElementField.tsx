import { useMemo } from 'react';
import { useText } from '@/i18n/text';
import { Checkbox } from '@/ui/Checkbox';
import { ChipPicker, type Pickable } from '@/ui/ChipPicker';
import { RadioGroup } from '@/ui/RadioGroup';
import { Select } from '@/ui/Select';
import { TextArea } from '@/ui/TextArea';
import { TextField } from '@/ui/TextField';
import {
  type Offers,
  useAskedOffers,
  useChannelOffers,
  useGivenOffers,
  useNameOf,
  usePeopleOffers,
} from '../attachments/offers';
import { dateOf, type Wall } from './dates';
import type { Element, Value } from './elements';
import styles from './InteractiveDialog.module.css';

export interface ElementFieldProps<E extends Element = Element> {
  element: E;
  value: Value;
  error: string | undefined;
  teamId: string;
  onChange: (value: Value) => void;
  /** Asks the program what a menu offers. */
  onLookup: (query: string, signal: AbortSignal) => Promise<Pickable[]>;
}

type Of<K extends Element['kind']> = ElementFieldProps<Extract<Element, { kind: K }>>;

/** useFrame is what every field says: its name, whether it may stay empty, what helps, what is wrong. */
function useFrame({ element, error }: Pick<ElementFieldProps, 'element' | 'error'>) {
  const t = useText();
  const label = element.optional ? t('messages.interactive.optional', { label: element.label }) : element.label;
  return { label, hint: element.help || undefined, error };
}

/** ElementField is the field of a dialog that its type asks for. */
export function ElementField(props: ElementFieldProps) {
  const { element } = props;
  switch (element.kind) {
    case 'text':
    case 'textarea':
      return <WordsField {...props} element={element} />;
    case 'select':
      return <SelectField {...props} element={element} />;
    case 'radio':
      return <RadioField {...props} element={element} />;
    case 'bool':
      return <BoolField {...props} element={element} />;
    case 'date':
      return <DateField {...props} element={element} />;
    case 'datetime':
      return <MomentField {...props} element={element} />;
  }
}

const modes = { number: 'decimal', email: 'email', tel: 'tel', url: 'url', password: 'text', text: 'text' } as const;

function WordsField({ element, value, error, onChange }: Of<'text' | 'textarea'>) {
  const frame = useFrame({ element, error });
  const { max, placeholder, optional, subtype } = element;
  const shared = {
    ...frame,
    placeholder,
    maxLength: max,
    'aria-required': !optional || undefined,
    value: value as string,
    onChange,
  };
  if (element.kind === 'textarea') return <TextArea {...shared} rows={4} />;
  // A field of numbers would drop what isn't one without a word: what is wrong with it is said instead.
  const type = subtype === 'number' ? 'text' : subtype;
  return <TextField {...shared} type={type} inputMode={modes[subtype]} autoComplete="off" />;
}

function BoolField({ element, value, error, onChange }: Of<'bool'>) {
  const { hint } = useFrame({ element, error });
  const words = element.placeholder || element.label;
  const more = element.placeholder ? [element.label, hint].filter(Boolean).join('. ') : hint;
  return <Checkbox label={words} hint={more} error={error} checked={value === true} onChange={onChange} />;
}

function RadioField({ element, value, error, onChange }: Of<'radio'>) {
  const frame = useFrame({ element, error });
  return <RadioGroup {...frame} value={value as string} options={element.options} onChange={onChange} />;
}

function DateField({ element, value, error, onChange }: Of<'date'>) {
  const frame = useFrame({ element, error });
  const now = Date.now();
  return (
    <TextField
      {...frame}
      type="date"
      min={dateOf(element.from, now) || undefined}
      max={dateOf(element.to, now) || undefined}
      aria-required={!element.optional || undefined}
      value={value as string}
      onChange={onChange}
    />
  );
}

function MomentField({ element, value, error, onChange }: Of<'datetime'>) {
  const t = useText();
  const { label, hint } = useFrame({ element, error });
  const wall = value as Wall;
  const now = Date.now();
  const zone = element.zone && t('messages.interactive.zone', { zone: element.zone });
  return (
    <fieldset className={styles.moment}>
      <legend className={styles.legend}>{label}</legend>
      <TextField
        type="date"
        label={t('messages.interactive.date')}
        min={dateOf(element.from, now) || undefined}
        max={dateOf(element.to, now) || undefined}
        value={wall.date}
        onChange={(date) => onChange({ ...wall, date })}
        error={error}
      />
      <TextField
        type="time"
        label={t('messages.interactive.clock')}
        step={element.minutes * 60}
        value={wall.time}
        onChange={(time) => onChange({ ...wall, time })}
        aria-invalid={error ? true : undefined}
      />
      {(hint || zone) && <p className={styles.note}>{[hint, zone].filter(Boolean).join(' ')}</p>}
    </fieldset>
  );
}

/** A short list of which one is picked is the system's own; all others are searched as one types. */
const listMost = 25;

function SelectField(props: Of<'select'>) {
  const { source, multiple, options } = props.element;
  if (source === 'users') return <PeopleField {...props} />;
  if (source === 'channels') return <ChannelsField {...props} />;
  if (source === 'dynamic') return <AskedField {...props} />;
  return multiple || options.length > listMost ? <GivenField {...props} /> : <ListField {...props} />;
}

function ListField({ element, value, error, onChange }: Of<'select'>) {
  const t = useText();
  const frame = useFrame({ element, error });
  const picked = (value as readonly Pickable[])[0];
  const none = { value: '', label: element.placeholder || t('messages.interactive.choose') };
  return (
    <Select
      {...frame}
      aria-required={!element.optional || undefined}
      value={picked?.id ?? ''}
      options={[{ ...none, disabled: !element.optional && picked !== undefined }, ...element.options]}
      onChange={(id) => {
        const chosen = element.options.find((one) => one.value === id);
        onChange(chosen ? [{ id: chosen.value, label: chosen.label }] : []);
      }}
    />
  );
}

const PeopleField = (props: Of<'select'>) => <PickField {...props} offers={usePeopleOffers()} />;
const ChannelsField = (props: Of<'select'>) => <PickField {...props} offers={useChannelOffers(props.teamId)} />;
const AskedField = (props: Of<'select'>) => <PickField {...props} offers={useAskedOffers(props.onLookup)} />;

function GivenField(props: Of<'select'>) {
  const { options } = props.element;
  const all = useMemo(() => options.map((one) => ({ id: one.value, label: one.label })), [options]);
  return <PickField {...props} offers={useGivenOffers(all)} />;
}

function PickField({ element, value, error, onChange, offers }: Of<'select'> & { offers: Offers }) {
  const frame = useFrame({ element, error });
  const { multiple, source } = element;
  const picked = value as readonly Pickable[];
  // One that the program begins with has no name yet.
  const first = picked[0];
  const name = useNameOf(source, first?.id ?? '');
  const chosen = picked.map((one) => ({ ...one, label: one.label || (one === first && name) || one.id }));
  const ids = new Set(picked.map((one) => one.id));
  return (
    <ChipPicker
      label={frame.label}
      {...(element.placeholder && { placeholder: element.placeholder })}
      {...(frame.hint && { hint: frame.hint })}
      {...(error && { error })}
      chosen={chosen}
      options={offers.options.filter((one) => !ids.has(one.id))}
      loading={offers.loading}
      onQuery={offers.look}
      onAdd={(one) => onChange(multiple ? [...picked, one] : [one])}
      onRemove={(id) => onChange(picked.filter((one) => one.id !== id))}
    />
  );
}
