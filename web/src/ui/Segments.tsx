import { type ReactNode, useId } from 'react';
import styles from './Segments.module.css';

export interface SegmentsProps<V extends string> {
  /** Says what is chosen; for screen readers. */
  label: string;
  value: V;
  options: readonly { value: V; label: ReactNode }[];
  onChange: (value: V) => void;
}

/** Segments picks one of two or three short words that stand beside each other; the arrow keys go through them. */
export function Segments<V extends string>({ label, value, options, onChange }: SegmentsProps<V>) {
  const id = useId();
  return (
    <fieldset className={styles.group}>
      <legend className="visually-hidden">{label}</legend>
      {options.map((option) => (
        <label key={option.value} className={styles.segment}>
          <input
            type="radio"
            name={id}
            className={styles.input}
            checked={option.value === value}
            onChange={() => onChange(option.value)}
          />
          <span className={styles.words}>{option.label}</span>
        </label>
      ))}
    </fieldset>
  );
}
