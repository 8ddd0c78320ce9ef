import { useState } from 'react';
import { useIntl } from 'react-intl';
import { Redirect } from 'wouter';
import { Text, useText } from '@/i18n/text';
import { isOn } from '@/store/selectors';
import { useApp } from '@/store/store';
import { AccountForm } from './AccountForm';
import { signUp } from './actions';
import { Sheet } from './Sheet';

/** FirstRunPage makes the first account of a server, its administrator; the first team is the step after it. */
export function FirstRunPage() {
  const t = useText();
  const { locale } = useIntl();
  // What was true on arrival: once the account is made, the command leads on.
  const [empty] = useState(useApp((state) => isOn(state, 'NoAccounts')));
  if (!empty) return <Redirect to="/login" replace />;
  return (
    <Sheet
      step={t('signin.first.step', { step: 1, of: 2 })}
      title={t('signin.first.title')}
      intro={<Text id="signin.first.intro" />}
    >
      <AccountForm
        submit={t('signin.first.submit')}
        onSubmit={(account) => signUp(account, locale, {}, '/create_team?first')}
      />
    </Sheet>
  );
}
