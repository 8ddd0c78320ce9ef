import { DialogDescription, DialogHeading, Dialog as Frame, useDialogStore } from '@ariakit/react/dialog';
import { X } from 'lucide-react';
import { type ReactNode, type RefObject, useEffect, useRef } from 'react';
import { useText } from '@/i18n/text';
import { cx } from './cx';
import styles from './Dialog.module.css';
import { IconButton } from './IconButton';

export interface DialogProps {
  open: boolean;
  onClose: () => void;
  title: ReactNode;
  description?: ReactNode;
  /** Buttons, the one that does it last. */
  footer?: ReactNode;
  size?: 's' | 'm' | 'l';
  /** What gets the focus; else the first field, else the dialog itself. */
  initialFocus?: RefObject<HTMLElement | null>;
  /** The content brings its own edges and scrolling. */
  bare?: boolean;
  /** Near the top and without a head: the title is only heard. For a field and what it finds. */
  palette?: boolean;
  children: ReactNode;
}

/**
 * Dialog is a window above the page that keeps the focus and gives it back where it was when it closes, also when it
 * is taken out of the page while open.
 */
export function Dialog(props: DialogProps) {
  const { open, onClose, title, description, footer, size = 'm', initialFocus, bare, palette, children } = props;
  const t = useText();
  const store = useDialogStore({ open, setOpen: (next) => !next && onClose() });
  useFocusReturn(open);
  const body = useRef<HTMLDivElement>(null);
  return (
    <Frame
      store={store}
      className={cx(styles.dialog, styles[size], palette && styles.palette)}
      backdrop={<div className={styles.backdrop} />}
      initialFocus={initialFocus}
      autoFocusOnShow={(element) => focusFirstField(element, body.current, initialFocus)}
      unmountOnHide
    >
      {palette ? (
        <DialogHeading className="visually-hidden">{title}</DialogHeading>
      ) : (
        <header className={styles.header}>
          <div className={styles.titles}>
            <DialogHeading className={styles.title}>{title}</DialogHeading>
            {description && <DialogDescription className={styles.description}>{description}</DialogDescription>}
          </div>
          <IconButton label={t('ui.close')} icon={<X />} className={styles.close} onClick={onClose} placement="left" />
        </header>
      )}
      <div ref={body} className={bare || palette ? styles.bare : styles.body}>
        {children}
      </div>
      {footer && <footer className={styles.footer}>{footer}</footer>}
    </Frame>
  );
}

/** The close button comes first in the page but is not what a person came for. Returns whether Ariakit should go on. */
function focusFirstField(element: HTMLElement | null, body: HTMLElement | null, asked?: RefObject<HTMLElement | null>) {
  if (asked?.current || !element || !body) return true;
  if (body.contains(document.activeElement)) return false;
  const field = body.querySelector<HTMLElement>(
    'input:not([disabled]), textarea:not([disabled]), select:not([disabled])',
  );
  const dialog = element.closest<HTMLElement>('[role="dialog"]');
  (field ?? dialog ?? element).focus();
  return false;
}

/** useFocusReturn gives the focus back to what had it before, however the dialog goes away. */
function useFocusReturn(open: boolean) {
  const before = useRef<HTMLElement | null>(null);
  if (open && !before.current && document.activeElement instanceof HTMLElement) before.current = document.activeElement;
  useEffect(() => {
    if (!open) return;
    return () => {
      const element = before.current;
      before.current = null;
      // After everything has gone; who closed by going elsewhere keeps the focus there.
      setTimeout(() => {
        const now = document.activeElement;
        if (element?.isConnected && (!now || now === document.body)) element.focus();
      });
    };
  }, [open]);
}
