import type { ComponentType } from 'react';
import { Redirect, useLocation, useSearch } from 'wouter';
import { isOn, myId } from '@/store/selectors';
import { useApp } from '@/store/store';
import { CreateTeamPage } from './CreateTeamPage';
import { ShouldVerifyPage, VerifyEmailPage } from './EmailPages';
import { ErrorPage } from './ErrorPage';
import { FirstRunPage } from './FirstRunPage';
import { LoginPage } from './LoginPage';
import { MfaSetupPage } from './MfaSetupPage';
import { NewPasswordPage, ResetPasswordPage } from './PasswordPages';
import { isSigninPath, signinPage } from './paths';
import { SelectTeamPage } from './SelectTeamPage';
import { SignUpPage } from './SignUpPage';
import { TermsPage } from './TermsPage';
import { withTarget } from './target';
import { UnsubscribePage } from './UnsubscribePage';

const pages: Record<string, ComponentType> = {
  '/login': LoginPage,
  '/signup_first': FirstRunPage,
  '/signup_email': SignUpPage,
  '/signup_user_complete': SignUpPage,
  '/reset_password': ResetPasswordPage,
  '/reset_password_complete': NewPasswordPage,
  '/should_verify_email': ShouldVerifyPage,
  '/do_verify_email': VerifyEmailPage,
  '/mfa/setup': MfaSetupPage,
  '/select_team': SelectTeamPage,
  '/create_team': CreateTeamPage,
  '/terms_of_service': TermsPage,
  '/error': ErrorPage,
  '/unsubscribe': UnsubscribePage,
};

/**
 * SigninPages shows the page of an address of this feature. Any other address is for people who are signed in: it
 * leads to the sign-in page and back, and on a server without people to its first account.
 */
export function SigninPages() {
  const [path] = useLocation();
  const search = useSearch();
  const inside = useApp(myId) !== '';
  const empty = useApp((state) => isOn(state, 'NoAccounts'));
  const page = signinPage(path);
  if (empty && page !== '/signup_first') return <Redirect to="/signup_first" replace />;
  if (!isSigninPath(path, inside)) {
    const here = search ? `${path}?${search}` : path;
    return <Redirect to={withTarget('/login', here)} replace />;
  }
  const Page = pages[page] ?? ErrorPage;
  return <Page />;
}
