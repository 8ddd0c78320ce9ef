/** The parts that all settings are made of: sections, and controls that save at once and say so beside themselves. */
import { Check } from 'lucide-react';
import { type ReactNode, useId } from 'react';
import { useText } from '@/i18n/text';
import { preference } from '@/store/preferences';
import { useApp } from '@/store/store';
import { cx } from '@/ui/cx';
import { FormError } from '@/ui/FormError';
import { RadioGroup, type RadioGroupProps } from '@/ui/RadioGroup';
import { Select, type SelectProps } from '@/ui/Select';
import { Switch } from '@/ui/Switch';
import { savePreferences } from './actions';
import styles from './Settings.module.css';
import { type Saving, useSaving } from './useSaving';

/** Panel is what one tab holds. */
export function Panel({ children }: { children: ReactNode }) {
  return <div className={styles.panel}>{children}</div>;
}

export interface SectionProps {
  title: ReactNode;
  /** What the section is about, in a sentence. */
  hint?: ReactNode;
  children: ReactNode;
}

/** Section is a titled part of a panel. */
export function Section({ title, hint, children }: SectionProps) {
  const id = useId();
  return (
    <section className={styles.section} aria-labelledby={id}>
      <header className={styles.sectionHead}>
        <h2 id={id} className={styles.sectionTitle}>
          {title}
        </h2>
        {hint && <p className={styles.hint}>{hint}</p>}
      </header>
      <div className={styles.sectionBody}>{children}</div>
    </section>
  );
}

/** SavedNote says how a change fares: nothing moves when it comes and goes. */
export function SavedNote({ saving }: { saving: Saving }) {
  const t = useText();
  const shown = saving.kind === 'saving' || saving.kind === 'saved';
  return (
    <span className={cx(styles.note, shown && styles.noteShown)} role="status">
      {saving.kind === 'saved' && (
        <>
          <Check size={14} aria-hidden="true" /> {t('settings.saved')}
        </>
      )}
      {saving.kind === 'saving' && t('settings.saving')}
    </span>
  );
}

/** Control holds one control, the note that it was saved above its corner, and what went wrong below. */
export function Control({ saving, children }: { saving: Saving; children: ReactNode }) {
  return (
    <div className={styles.control}>
      <SavedNote saving={saving} />
      {children}
      {saving.kind === 'failed' && <FormError error={saving.error} />}
    </div>
  );
}

export interface ChoiceProps {
  label: ReactNode;
  hint?: ReactNode;
  disabled?: boolean;
}

/** SavedSwitch turns something on or off and saves it. */
export function SavedSwitch(props: ChoiceProps & { checked: boolean; onSave: (on: boolean) => Promise<unknown> }) {
  const { checked, onSave, ...rest } = props;
  const { saving, run } = useSaving();
  return (
    <Control saving={saving}>
      <Switch {...rest} checked={checked} onChange={(on) => void run(() => onSave(on))} />
    </Control>
  );
}

type Saves<V, P> = Omit<P, 'onChange' | 'value'> & { value: V; onSave: (value: V) => Promise<unknown> };

/** SavedRadio picks one of a few and saves it. */
export function SavedRadio<V extends string>({ onSave, ...rest }: Saves<V, RadioGroupProps<V>>) {
  const { saving, run } = useSaving();
  return (
    <Control saving={saving}>
      <RadioGroup {...rest} onChange={(value) => void run(() => onSave(value))} />
    </Control>
  );
}

/** SavedSelect picks one of a list and saves it. */
export function SavedSelect<V extends string>({ onSave, ...rest }: Saves<V, SelectProps<V>>) {
  const { saving, run } = useSaving();
  return (
    <Control saving={saving}>
      <Select
        className={styles.select}
        {...(rest as SelectProps<V>)}
        onChange={(value) => void run(() => onSave(value))}
      />
    </Control>
  );
}

/** PrefName says which preference a control is about, and what counts as long as it was never set. */
export interface PrefName {
  category: string;
  name: string;
  fallback: string;
}

/** usePref is a preference and the way to set it. */
export function usePref({ category, name, fallback }: PrefName): [string, (value: string) => Promise<void>] {
  const value = useApp((state) => preference(state.preferences, category, name, fallback));
  return [value, (next) => savePreferences([{ category, name, value: next }])];
}

/** PrefSwitch is a preference of `true` and `false`. */
export function PrefSwitch({ pref, ...rest }: ChoiceProps & { pref: PrefName }) {
  const [value, save] = usePref(pref);
  return <SavedSwitch {...rest} checked={value === 'true'} onSave={(on) => save(String(on))} />;
}

export type Options<V extends string> = readonly { value: V; label: string; hint?: ReactNode }[];

/** PrefRadio is a preference with a few values that are all worth reading. A value of another client counts as the first. */
export function PrefRadio<V extends string>(props: {
  label: string;
  hint?: ReactNode;
  pref: PrefName;
  options: Options<V>;
}) {
  const { pref, options, ...rest } = props;
  const [value, save] = usePref(pref);
  const known = options.find((option) => option.value === value) ?? options[0];
  if (!known) return null;
  return <SavedRadio {...rest} options={options} value={known.value} onSave={save} />;
}

/** PrefSelect is a preference with a list of values. */
export function PrefSelect<V extends string>(props: {
  label: string;
  hint?: ReactNode;
  pref: PrefName;
  options: Options<V>;
}) {
  const { pref, options, ...rest } = props;
  const [value, save] = usePref(pref);
  const known = options.find((option) => option.value === value) ?? options[0];
  if (!known) return null;
  return <SavedSelect {...rest} options={options} value={known.value} onSave={save} />;
}
