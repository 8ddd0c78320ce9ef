import * as Aria from '@ariakit/react/combobox';
import { X } from 'lucide-react';
import { useId, useRef, useState } from 'react';
import { useText } from '@/i18n/text';
import { Avatar } from './Avatar';
import styles from './ChipPicker.module.css';
import { cx } from './cx';

/** One that can be picked. `image` is a picture's address; leave it out where there are no pictures. */
export interface Pickable {
  id: string;
  label: string;
  hint?: string;
  image?: string;
}

export interface ChipPickerProps {
  label: string;
  placeholder?: string;
  chosen: readonly Pickable[];
  /** What fits the query, without the chosen. */
  options: readonly Pickable[];
  onQuery: (query: string) => void;
  onAdd: (one: Pickable) => void;
  onRemove: (id: string) => void;
  loading?: boolean;
  /** No more can be added. */
  full?: boolean;
  hint?: string;
  error?: string;
  focusFirst?: boolean;
}

/**
 * ChipPicker gathers several from a list that is searched as one types. Enter adds, Backspace in the empty field takes
 * the last away, each chip is a button that removes it.
 */
export function ChipPicker(props: ChipPickerProps) {
  const { label, placeholder, chosen, options, onQuery, onAdd, onRemove, loading, full, hint, error, focusFirst } =
    props;
  const t = useText();
  const id = useId();
  const [query, setQuery] = useState('');
  const input = useRef<HTMLInputElement>(null);
  const box = useRef<HTMLDivElement>(null);
  const search = (next: string) => {
    setQuery(next);
    onQuery(next);
  };
  const note = error ?? hint;
  return (
    <div className={styles.picker}>
      <label htmlFor={id} className={styles.label}>
        {label}
      </label>
      <Aria.ComboboxProvider value={query} setValue={search} includesBaseElement={false} resetValueOnSelect={false}>
        <div ref={box} className={styles.box}>
          <Chips chosen={chosen} onRemove={onRemove} after={() => input.current?.focus()} />
          <Aria.Combobox
            ref={input}
            id={id}
            className={styles.input}
            placeholder={chosen.length ? undefined : placeholder}
            autoFocus={focusFirst}
            autoSelect="always"
            showOnClick
            disabled={full}
            aria-describedby={note ? `${id}-note` : undefined}
            aria-invalid={error ? true : undefined}
            onKeyDown={(event) => {
              const last = chosen[chosen.length - 1];
              if (event.key === 'Backspace' && !query && last) onRemove(last.id);
            }}
          />
        </div>
        <Aria.ComboboxPopover
          sameWidth
          gutter={4}
          portal
          getAnchorRect={() => box.current?.getBoundingClientRect() ?? null}
          className={styles.list}
          aria-label={label}
          aria-busy={loading}
        >
          {options.map((one) => (
            <Aria.ComboboxItem
              key={one.id}
              className={styles.option}
              // The list would stand before the button that one goes on to.
              hideOnClick
              setValueOnClick={false}
              focusOnHover
              onClick={() => {
                onAdd(one);
                search('');
              }}
            >
              {one.image !== undefined && <Avatar name={one.label} src={one.image} size={24} />}
              <span className={styles.name}>{one.label}</span>
              {one.hint && <span className={styles.hint}>{one.hint}</span>}
            </Aria.ComboboxItem>
          ))}
          {options.length === 0 && <p className={styles.none}>{t(loading ? 'ui.picker.loading' : 'ui.picker.none')}</p>}
        </Aria.ComboboxPopover>
      </Aria.ComboboxProvider>
      {note && (
        <p id={`${id}-note`} className={cx(styles.note, error && styles.error)}>
          {note}
        </p>
      )}
      <p className="visually-hidden" role="status">
        {chosen.length > 0 && t('ui.picker.chosen', { count: chosen.length })}
      </p>
    </div>
  );
}

function Chips({ chosen, onRemove, after }: Pick<ChipPickerProps, 'chosen' | 'onRemove'> & { after: () => void }) {
  const t = useText();
  if (chosen.length === 0) return null;
  return (
    <ul className={styles.chips}>
      {chosen.map((one) => (
        <li key={one.id}>
          <button
            type="button"
            className={styles.chip}
            aria-label={t('ui.picker.remove', { name: one.label })}
            onClick={() => {
              onRemove(one.id);
              after();
            }}
          >
            {one.image !== undefined && <Avatar name={one.label} src={one.image} size={20} />}
            <span className={styles.name}>{one.label}</span>
            <X size={14} aria-hidden="true" />
          </button>
        </li>
      ))}
    </ul>
  );
}
