import { Eye, EyeOff } from 'lucide-react';
import { type ComponentProps, type ReactNode, useEffect, useRef, useState } from 'react';
import { useText } from '@/i18n/text';
import { cx } from './cx';
import { Field, type FieldProps } from './Field';
import styles from './Field.module.css';
import { useFormBusy } from './Form';
import { IconButton } from './IconButton';

type Native = Omit<ComponentProps<'input'>, 'value' | 'onChange' | 'prefix' | 'className' | 'autoFocus' | 'children'>;

export interface TextFieldProps extends FieldProps, Native {
  value: string;
  onChange: (value: string) => void;
  /** Stands before what is typed, inside the box. */
  prefix?: ReactNode;
  /** Stands after it. */
  suffix?: ReactNode;
  /** The field takes the focus when it appears: for the one field a person came for. */
  focusFirst?: boolean;
  className?: string;
}

/** TextField is one line of text. A password can be shown with the button at its end. */
export function TextField(props: TextFieldProps) {
  const { label, hint, error, hideLabel, className, value, onChange, prefix, suffix, focusFirst, type, ref, ...rest } =
    props;
  const t = useText();
  const busy = useFormBusy();
  const [shown, setShown] = useState(false);
  const own = useFocusFirst<HTMLInputElement>(focusFirst);
  const password = type === 'password';
  return (
    <Field id={rest.id} label={label} hint={hint} error={error} hideLabel={hideLabel} className={className}>
      {(links) => (
        <span className={styles.box}>
          {prefix && <span className={cx(styles.affix, styles.prefix)}>{prefix}</span>}
          <input
            dir="auto"
            readOnly={busy}
            {...(password ? { autoCapitalize: 'none', autoCorrect: 'off', spellCheck: false } : {})}
            {...rest}
            {...links}
            ref={(element) => {
              own.current = element;
              if (typeof ref === 'function') return ref(element);
              if (ref) ref.current = element;
            }}
            type={password && shown ? 'text' : type}
            className={styles.input}
            value={value}
            onChange={(event) => onChange(event.target.value)}
          />
          {suffix && <span className={cx(styles.affix, styles.suffix)}>{suffix}</span>}
          {password && (
            <span className={cx(styles.affix, styles.suffix)}>
              <IconButton
                size="s"
                label={t(shown ? 'ui.password.hide' : 'ui.password.show')}
                icon={shown ? <EyeOff /> : <Eye />}
                onClick={() => setShown(!shown)}
              />
            </span>
          )}
        </span>
      )}
    </Field>
  );
}

/** useFocusFirst focuses an element once, when it appears. */
function useFocusFirst<E extends HTMLElement>(wanted = false) {
  const element = useRef<E>(null);
  useEffect(() => {
    if (wanted) element.current?.focus();
  }, [wanted]);
  return element;
}
