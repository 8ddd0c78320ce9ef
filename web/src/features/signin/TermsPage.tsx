import { useState } from 'react';
import { Redirect, useSearchParams } from 'wouter';
import { useText } from '@/i18n/text';
import { Button } from '@/ui/Button';
import { ErrorState } from '@/ui/ErrorState';
import { Form } from '@/ui/Form';
import { FormError } from '@/ui/FormError';
import { SkeletonLines } from '@/ui/Skeleton';
import { acceptTerms, refuseTerms, termsToAccept } from './actions';
import { Sheet } from './Sheet';
import styles from './TermsPage.module.css';
import { safeTarget } from './target';
import { useArrival } from './useArrival';

/** TermsPage shows the site's own terms, which have to be accepted before anything else. */
export function TermsPage() {
  const t = useText();
  const [params] = useSearchParams();
  const target = safeTarget(params.get('redirect_to'));
  const arrival = useArrival('', termsToAccept);
  const [error, setError] = useState<unknown>();
  if (arrival.kind === 'here' && !arrival.value) return <Redirect to={target} replace />;
  const terms = arrival.kind === 'here' ? arrival.value : undefined;
  return (
    <Sheet title={t('signin.terms.title')} focusTitle wide>
      {arrival.kind === 'loading' && <SkeletonLines lines={8} />}
      {arrival.kind === 'failed' && <ErrorState error={arrival.error} onRetry={arrival.retry} />}
      {terms && (
        <Form onSubmit={() => acceptTerms(terms.id, target)}>
          {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls can be scrolled by key */}
          <section className={styles.text} tabIndex={0} aria-label={t('signin.terms.title')}>
            {terms.text}
          </section>
          <FormError error={error} />
          <div className={styles.buttons}>
            <Button onClick={() => refuseTerms(terms.id).catch(setError)}>{t('signin.terms.refuse')}</Button>
            <Button type="submit" kind="primary">
              {t('signin.terms.accept')}
            </Button>
          </div>
        </Form>
      )}
    </Sheet>
  );
}
