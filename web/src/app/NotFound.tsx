/** What stands where an address leads to nothing that this person may see. */
import { useLocation } from 'wouter';
import { Text, useText } from '@/i18n/text';
import { Button } from '@/ui/Button';
import { EmptyState } from '@/ui/EmptyState';
import styles from './NotFound.module.css';

export function NotFound({ error }: { error?: unknown }) {
  const t = useText();
  const [, navigate] = useLocation();
  const reason = error instanceof Error ? error.message : t('app.notFound.reason');
  return (
    <main className={styles.page}>
      <EmptyState
        page
        title={t('app.notFound.title')}
        action={
          <Button kind="primary" onClick={() => navigate('/')}>
            <Text id="app.notFound.home" />
          </Button>
        }
      >
        {reason}
      </EmptyState>
    </main>
  );
}
