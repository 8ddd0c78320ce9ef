/** Where to go after signing in, and what may come before. The wish comes in the address: anybody may have written it. */

// Going to one of these after signing in would lead in a circle or to no page of the client.
const never = /^\/(login|signup_email|signup_first|reset_password|should_verify_email|api|static)(\/|$)/;

/** safeTarget is a wished place if it is one of this site's own, else the fallback. */
export function safeTarget(wish: string | null | undefined, fallback = '/'): string {
  if (!wish) return fallback;
  let url: URL;
  try {
    url = new URL(wish, window.location.origin);
  } catch {
    return fallback;
  }
  // A path that begins with two slashes is another host's address for whoever reads it next.
  if (url.origin !== window.location.origin || /^[/\\]{2}/.test(url.pathname) || never.test(url.pathname)) {
    return fallback;
  }
  return url.pathname + url.search + url.hash;
}

/** withTarget is the address of a sign-in page that leads on to a place. */
export function withTarget(page: string, target: string, more: Record<string, string> = {}): string {
  const params = new URLSearchParams(more);
  if (target !== '/' && target !== '') params.set('redirect_to', target);
  const query = params.toString();
  return query ? `${page}?${query}` : page;
}

/** Refusals after which the person goes to another page instead of trying again. */
export const refusals = {
  codeWanted: 'mfa.validate_token.authenticate.app_error',
  notVerified: 'api.user.login.not_verified.app_error',
  mfaWanted: 'api.context.mfa_required.app_error',
};
