import { useSearchParams } from 'wouter';
import { Text, useText } from '@/i18n/text';
import { copyText } from '@/ui/clipboard';
import { ErrorState } from '@/ui/ErrorState';
import { SkeletonLines } from '@/ui/Skeleton';
import { TextButton } from '@/ui/TextButton';
import { toast } from '@/ui/toast';
import { finishMfa, signOut, startMfa } from './actions';
import { CodeForm } from './CodeForm';
import styles from './MfaSetupPage.module.css';
import { Sheet } from './Sheet';
import { safeTarget } from './target';
import { useArrival } from './useArrival';

/** MfaSetupPage sets the second step up where the server asks for one before anything else. */
export function MfaSetupPage() {
  const t = useText();
  const [params] = useSearchParams();
  const target = safeTarget(params.get('redirect_to'));
  const arrival = useArrival('', startMfa);
  return (
    <Sheet
      title={t('signin.mfa.title')}
      focusTitle
      intro={<Text id="signin.mfa.intro" />}
      aside={
        <p>
          <TextButton onClick={() => void signOut()}>{t('signin.signOut')}</TextButton>
        </p>
      }
    >
      {arrival.kind === 'loading' && <SkeletonLines lines={6} />}
      {arrival.kind === 'failed' && (
        <ErrorState title={t('signin.mfa.failed')} error={arrival.error} onRetry={arrival.retry} />
      )}
      {arrival.kind === 'here' && (
        <ol className={styles.steps}>
          <li>
            <p>
              <Text id="signin.mfa.scan" />
            </p>
            <Secret secret={arrival.value.secret} picture={arrival.value.qr_code} />
          </li>
          <li>
            <p>
              <Text id="signin.mfa.enter" />
            </p>
            <CodeForm submit={t('signin.mfa.submit')} focusFirst={false} onSubmit={(code) => finishMfa(code, target)} />
          </li>
        </ol>
      )}
    </Sheet>
  );
}

/** The secret as a picture for the app, and as letters for who can't scan it. */
function Secret({ secret, picture }: { secret: string; picture: string }) {
  const t = useText();
  const copy = async () => {
    await copyText(secret);
    toast(t('signin.mfa.copied'));
  };
  return (
    <div className={styles.secret}>
      <img src={`data:image/png;base64,${picture}`} alt={t('signin.mfa.picture')} width={176} height={176} />
      <div className={styles.letters}>
        <p>
          <Text id="signin.mfa.byHand" />
        </p>
        <code>
          {secret
            .replace(/=+$/, '')
            .match(/.{1,4}/g)
            ?.join(' ')}
        </code>
        <TextButton onClick={() => void copy()}>{t('signin.mfa.copy')}</TextButton>
      </div>
    </div>
  );
}
