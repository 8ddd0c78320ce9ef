import { useState } from 'react';
import { Link, useSearchParams } from 'wouter';
import { Text, useText } from '@/i18n/text';
import { myId } from '@/store/selectors';
import { useApp } from '@/store/store';
import { Banner } from '@/ui/Banner';
import { Button } from '@/ui/Button';
import { Form } from '@/ui/Form';
import { FormError } from '@/ui/FormError';
import { SkeletonLines } from '@/ui/Skeleton';
import { TextField } from '@/ui/TextField';
import { confirmEmail, sendConfirmation } from './actions';
import styles from './LoginPage.module.css';
import { type Problem, say } from './problem';
import { emailProblem } from './rules';
import { Sheet } from './Sheet';
import { safeTarget, withTarget } from './target';
import { useArrival } from './useArrival';

/** ShouldVerifyPage asks to confirm one's address by the link of a mail, and sends it again. */
export function ShouldVerifyPage() {
  const t = useText();
  const [params] = useSearchParams();
  const given = params.get('email') ?? '';
  const target = safeTarget(params.get('redirect_to'));
  const intro = given ? <Text id="signin.verify.sentTo" values={{ email: given }} /> : <Text id="signin.verify.sent" />;
  return (
    <Sheet
      title={t('signin.mail.title')}
      focusTitle
      intro={intro}
      aside={
        <p>
          <Text
            id="signin.verify.done"
            values={{
              link: (words) => <Link href={withTarget('/login', target, given ? { email: given } : {})}>{words}</Link>,
            }}
          />
        </p>
      }
    >
      <SendAgain given={given} />
    </Sheet>
  );
}

/** SendAgain mails the link once more. */
function SendAgain({ given }: { given: string }) {
  const t = useText();
  const [email, setEmail] = useState(given);
  const [error, setError] = useState<Problem>();
  const [sent, setSent] = useState(false);
  const send = async () => {
    const problem = emailProblem(email);
    setError(problem);
    if (problem) return;
    await sendConfirmation(email);
    setSent(true);
  };
  return (
    <Form onSubmit={send}>
      {sent && <Banner kind="info">{t('signin.verify.sentAgain')}</Banner>}
      {!given && (
        <TextField
          label={t('signin.email')}
          type="email"
          name="email"
          autoComplete="email"
          inputMode="email"
          value={email}
          onChange={setEmail}
          error={say(t, error)}
        />
      )}
      <Button type="submit" wide>
        {t('signin.verify.again')}
      </Button>
    </Form>
  );
}

/** VerifyEmailPage confirms the address that the link was sent to. */
export function VerifyEmailPage() {
  const t = useText();
  const [params] = useSearchParams();
  const token = params.get('token') ?? '';
  const email = params.get('email') ?? '';
  const inside = useApp(myId) !== '';
  const arrival = useArrival(token, () => confirmEmail(token));
  if (arrival.kind === 'loading') {
    return (
      <Sheet title={t('signin.confirm.title')}>
        <SkeletonLines lines={2} />
      </Sheet>
    );
  }
  if (arrival.kind === 'failed') {
    return (
      <Sheet title={t('signin.confirm.failed')} focusTitle>
        <div className={styles.content}>
          <FormError error={arrival.error} />
          <SendAgain given={email} />
        </div>
      </Sheet>
    );
  }
  return (
    <Sheet
      title={t('signin.confirm.done')}
      focusTitle
      intro={email ? <Text id="signin.confirm.address" values={{ email }} /> : undefined}
    >
      <Link href={inside ? '/' : withTarget('/login', '/', email ? { email } : {})} className={styles.go}>
        {t(inside ? 'signin.toChannels' : 'signin.login.submit')}
      </Link>
    </Sheet>
  );
}
