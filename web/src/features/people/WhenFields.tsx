import { useText } from '@/i18n/text';
import { TextField } from '@/ui/TextField';
import styles from './Dialogs.module.css';
import { type WhenText, whenText } from './times';

export interface WhenFieldsProps {
  value: WhenText;
  onChange: (value: WhenText) => void;
  error?: string | undefined;
}

/** WhenFields take a date and a time, by the device's clock and in its own way of choosing them. */
export function WhenFields({ value, onChange, error }: WhenFieldsProps) {
  const t = useText();
  return (
    <div className={styles.when}>
      <TextField
        type="date"
        label={t('people.when.date')}
        min={whenText(Date.now()).date}
        value={value.date}
        onChange={(date) => onChange({ ...value, date })}
        error={error}
      />
      <TextField
        type="time"
        label={t('people.when.time')}
        value={value.time}
        onChange={(time) => onChange({ ...value, time })}
        aria-invalid={error ? true : undefined}
      />
    </div>
  );
}
