import { CloudAlert } from 'lucide-react';
import type { ReactNode } from 'react';
import { useText } from '@/i18n/text';
import { Button } from './Button';
import { errorText } from './FormError';
import styles from './State.module.css';

/** ErrorState stands where a place could not be loaded: what happened, and a way to try again. */
export function ErrorState({ title, error, onRetry }: { title?: ReactNode; error?: unknown; onRetry?: () => void }) {
  const t = useText();
  return (
    <div className={styles.state} role="alert">
      <div className={styles.icon} aria-hidden="true">
        <CloudAlert size={28} />
      </div>
      <p className={styles.title}>{title ?? t('ui.failed')}</p>
      {error != null && <p className={styles.words}>{errorText(error)}</p>}
      {onRetry && (
        <div className={styles.action}>
          <Button onClick={onRetry}>{t('ui.retry')}</Button>
        </div>
      )}
    </div>
  );
}
