import { type ReactNode, useRef, useState } from 'react';
import { useText } from '@/i18n/text';
import { Button } from './Button';
import styles from './ConfirmDialog.module.css';
import { Dialog } from './Dialog';
import { FormError } from './FormError';

export interface ConfirmDialogProps {
  title: ReactNode;
  /** What will happen, in words. */
  children: ReactNode;
  /** The label of the button that does it, a verb. */
  confirm: string;
  danger?: boolean;
  /** Does it; the dialog closes when it is done and shows the error when it fails. */
  onConfirm: () => Promise<unknown> | unknown;
  onClose: () => void;
}

/** ConfirmDialog asks before something that can't be taken back. It is open as long as it is in the page. */
export function ConfirmDialog({ title, children, confirm, danger, onConfirm, onClose }: ConfirmDialogProps) {
  const t = useText();
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const button = useRef<HTMLButtonElement>(null);
  const go = async () => {
    setBusy(true);
    setError(null);
    try {
      await onConfirm();
      onClose();
    } catch (reason) {
      setError(reason);
      setBusy(false);
    }
  };
  return (
    <Dialog
      open
      onClose={onClose}
      title={title}
      size="s"
      initialFocus={button}
      footer={
        <>
          <Button onClick={onClose}>{t('ui.cancel')}</Button>
          <Button ref={button} kind={danger ? 'danger' : 'primary'} busy={busy} onClick={go}>
            {confirm}
          </Button>
        </>
      }
    >
      <div className={styles.content}>
        {children}
        <FormError error={error} />
      </div>
    </Dialog>
  );
}
