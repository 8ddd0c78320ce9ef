import { type ComponentProps, createContext, type FormEvent, use, useEffect, useRef, useState } from 'react';
import { cx } from './cx';
import styles from './Form.module.css';
import { FormError } from './FormError';

const Busy = createContext(false);

/** useFormBusy says whether the surrounding Form is being sent. */
export function useFormBusy(): boolean {
  return use(Busy);
}

export interface FormProps extends Omit<ComponentProps<'form'>, 'onSubmit' | 'onError'> {
  /** Sends the form. What it rejects with is shown, unless onError takes it. */
  onSubmit: () => Promise<unknown> | unknown;
  /** Takes an error that is shown beside a field; returns true when it did. */
  onError?: (error: unknown) => boolean;
}

/**
 * Form sends once at a time: while it is under way its fields are read-only and its submit button is busy, and nothing
 * loses its focus. A failed field (aria-invalid) gets the focus.
 */
export function Form({ onSubmit, onError, className, children, ...rest }: FormProps) {
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const form = useRef<HTMLFormElement>(null);
  const sending = useRef(false);
  const sent = useRef(false);

  useEffect(() => {
    if (!busy && sent.current) form.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus();
    sent.current = busy;
  }, [busy]);

  const send = async (event: FormEvent) => {
    event.preventDefault();
    event.stopPropagation();
    if (sending.current) return;
    sending.current = true;
    setBusy(true);
    setError(null);
    try {
      await onSubmit();
    } catch (reason) {
      if (!onError?.(reason)) setError(reason);
    } finally {
      sending.current = false;
      setBusy(false);
    }
  };

  return (
    <form ref={form} noValidate {...rest} className={cx(styles.form, className)} aria-busy={busy} onSubmit={send}>
      <Busy value={busy}>{children}</Busy>
      <FormError error={error} />
    </form>
  );
}
