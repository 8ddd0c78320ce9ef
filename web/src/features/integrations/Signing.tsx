import { useState } from 'react';
import { useText } from '@/i18n/text';
import { attempt } from '@/ui/attempt';
import { Button } from '@/ui/Button';
import { RenewButton } from './fields';
import styles from './Integrations.module.css';
import { Value } from './Secret';

export interface SigningProps {
  /** The secret where it was answered a moment ago: it never is again. */
  secret?: string | undefined;
  /** Whether there is one already, so that a new one ends it; a question comes first then. */
  known?: boolean;
  /** Makes a new one and returns it. */
  onRenew: () => Promise<string | undefined>;
}

/** Signing makes the secret that signs calls, and shows it once. */
export function Signing({ secret, known, onRenew }: SigningProps) {
  const t = useText();
  const [made, setMade] = useState(secret);
  const renew = async () => setMade(await onRenew());
  const again =
    known || made ? (
      <RenewButton onRenew={renew} />
    ) : (
      <Button onClick={() => void attempt(renew())}>{t('integrations.signing.make')}</Button>
    );
  if (made) {
    return (
      <Value label={t('integrations.signing')} value={made} hint={t('integrations.signing.once')} action={again} />
    );
  }
  return (
    <div className={styles.value}>
      <p className={styles.valueLabel}>{t('integrations.signing')}</p>
      <p className={styles.hint}>{t(known ? 'integrations.signing.hidden' : 'integrations.signing.why')}</p>
      <div className={styles.valueAction}>{again}</div>
    </div>
  );
}
