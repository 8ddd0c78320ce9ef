import { X } from 'lucide-react';
import { useEffect, useRef } from 'react';
import { useStore } from 'zustand';
import { useText } from '@/i18n/text';
import { IconButton } from './IconButton';
import styles from './Toasts.module.css';
import { dismissToast, type Toast, toasts } from './toast';

export { toast } from './toast';

/** Toasts is the corner where notices appear; screen readers hear them politely. It stands once in the page. */
export function Toasts() {
  const shown = useStore(toasts);
  return (
    <div className={styles.corner} role="status" aria-live="polite" aria-relevant="additions">
      {shown.map((one) => (
        <Notice key={one.id} toast={one} />
      ))}
    </div>
  );
}

function Notice({ toast }: { toast: Toast }) {
  const t = useText();
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const hold = () => clearTimeout(timer.current);
  const start = () => {
    clearTimeout(timer.current);
    timer.current = setTimeout(() => dismissToast(toast.id), toast.stay);
  };
  useEffect(() => {
    start();
    return hold;
  }, []);
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: it only waits while somebody reads
    <div className={styles.toast} onMouseEnter={hold} onMouseLeave={start} onFocus={hold} onBlur={start}>
      <span className={styles.text}>{toast.text}</span>
      {toast.action && (
        <button
          type="button"
          className={styles.action}
          onClick={() => {
            toast.action?.onSelect();
            dismissToast(toast.id);
          }}
        >
          {toast.action.label}
        </button>
      )}
      <IconButton
        size="s"
        noTooltip
        className={styles.close}
        label={t('ui.dismiss')}
        icon={<X size={16} />}
        onClick={() => dismissToast(toast.id)}
      />
    </div>
  );
}
