import { Check, X } from 'lucide-react';
import { useEffect, useState } from 'react';
import { useSearch } from 'wouter';
import { allowApp, type Consent, getConsent } from '@/api/oauth';
import { Sheet } from '@/features/signin/Sheet';
import { useArrival } from '@/features/signin/useArrival';
import { useText } from '@/i18n/text';
import { displayName, myId } from '@/store/selectors';
import { useApp } from '@/store/store';
import { Avatar } from '@/ui/Avatar';
import { Button } from '@/ui/Button';
import { Form } from '@/ui/Form';
import { errorText } from '@/ui/FormError';
import styles from './ConsentPage.module.css';

/** leave goes on to the application. The address is the server's: one that the application has registered. */
function leave(address: string): void {
  window.location.replace(address);
}

/**
 * ConsentPage asks whether an application may act in one's name. Applications send people here; what they ask for stands
 * in the address, and anybody may have written that: only what the server says of it is shown and followed.
 */
export function ConsentPage() {
  const search = useSearch();
  const arrival = useArrival(search, () => getConsent(search));
  if (arrival.kind === 'loading') return null;
  if (arrival.kind === 'failed') return <Refused error={arrival.error} />;
  return <Question search={search} consent={arrival.value} />;
}

function Refused({ error }: { error: unknown }) {
  const t = useText();
  return <Sheet title={t('oauth.failed')} focusTitle intro={errorText(error)} />;
}

function Question({ search, consent }: { search: string; consent: Consent }) {
  const t = useText();
  const me = useApp((state) => displayName(state, myId(state)));
  const [error, setError] = useState<unknown>();
  const { app } = consent;
  const onward = consent.answer !== '' || consent.agreed;
  useEffect(() => {
    if (consent.answer) leave(consent.answer);
    else if (consent.agreed) void allowApp(search).then(leave, setError);
  }, [search, consent]);
  if (error !== undefined) return <Refused error={error} />;
  if (onward) return null;
  return (
    <Sheet
      title={t('oauth.title', { name: app.name })}
      focusTitle
      intro={t('oauth.as', { name: me })}
      aside={
        <>
          <p>{t('oauth.takeBack')}</p>
          <p>{t('oauth.onward', { host: new URL(consent.deny).host })}</p>
        </>
      }
    >
      <div className={styles.content}>
        <div className={styles.app}>
          <Avatar shape="square" name={app.name} src={app.icon_url} size={48} />
          <div className={styles.words}>
            <p dir="auto">{app.description}</p>
            {app.homepage && (
              <a href={app.homepage} target="_blank" rel="noreferrer">
                {new URL(app.homepage).host}
              </a>
            )}
          </div>
        </div>
        {app.is_dynamically_registered && <p className={styles.warning}>{t('oauth.registered')}</p>}
        <ul className={styles.list}>
          <li>
            <Check size={18} aria-hidden="true" />
            {t('oauth.may.read')}
          </li>
          <li>
            <Check size={18} aria-hidden="true" />
            {t('oauth.may.write')}
          </li>
          <li>
            <X size={18} aria-hidden="true" />
            {t('oauth.mayNot')}
          </li>
        </ul>
        <Form onSubmit={async () => leave(await allowApp(search))}>
          <div className={styles.acts}>
            <Button wide onClick={() => leave(consent.deny)}>
              {t('oauth.deny')}
            </Button>
            <Button wide type="submit" kind="primary">
              {t('oauth.allow')}
            </Button>
          </div>
        </Form>
      </div>
    </Sheet>
  );
}
