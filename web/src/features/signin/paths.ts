/** The addresses of this feature's pages, known without loading them. */

/** Pages for people who may not be signed in. */
const open = [
  '/login',
  '/signup_first',
  '/signup_email',
  '/signup_user_complete',
  '/reset_password',
  '/reset_password_complete',
  '/should_verify_email',
  '/do_verify_email',
  '/mfa/setup',
  '/error',
  '/unsubscribe',
];

/** Pages between signing in and the first channel. */
const inner = ['/select_team', '/create_team', '/terms_of_service'];

const bare = (path: string): string => path.replace(/\/+$/, '') || '/';

/** isSigninPath tells whether an address is a page of signing up or in; `signedIn` for whom. */
export function isSigninPath(path: string, signedIn: boolean): boolean {
  return open.includes(bare(path)) || (signedIn && inner.includes(bare(path)));
}

/** signinPage is the address without a slash at its end: the links in mails have one. */
export const signinPage = bare;
