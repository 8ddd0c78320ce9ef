import { useState } from 'react';
import { Link, useSearchParams } from 'wouter';
import { useText } from '@/i18n/text';
import { Button } from '@/ui/Button';
import { Form } from '@/ui/Form';
import { endMails } from './actions';
import styles from './LoginPage.module.css';
import { Sheet } from './Sheet';

/**
 * UnsubscribePage ends mails about messages for whom the link was sent to, without a login. It asks first: mail
 * programs follow links on their own.
 */
export function UnsubscribePage() {
  const t = useText();
  const [params] = useSearchParams();
  const [done, setDone] = useState(false);
  const end = async () => {
    await endMails(params.get('token') ?? '');
    setDone(true);
  };
  if (done) {
    return (
      <Sheet key="done" title={t('signin.unsubscribe.done')} focusTitle intro={t('signin.unsubscribe.doneIntro')}>
        <Link href="/" className={styles.go}>
          {t('signin.toChannels')}
        </Link>
      </Sheet>
    );
  }
  return (
    <Sheet title={t('signin.unsubscribe.title')} focusTitle intro={t('signin.unsubscribe.intro')}>
      <Form onSubmit={end}>
        <Button type="submit" kind="primary" wide>
          {t('signin.unsubscribe.submit')}
        </Button>
      </Form>
    </Sheet>
  );
}
