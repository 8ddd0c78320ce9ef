import { type TextId, useText } from '@/i18n/text';
import { Banner } from '@/ui/Banner';

// Names of the address's parameter `extra`; `signin_change` is the server's own, in answer to a change of login.
const notices: Record<string, { kind: 'info' | 'warn'; text: TextId }> = {
  expired: { kind: 'warn', text: 'signin.notice.expired' },
  everywhere: { kind: 'info', text: 'signin.notice.everywhere' },
  password_changed: { kind: 'info', text: 'signin.notice.passwordChanged' },
  signin_change: { kind: 'info', text: 'signin.notice.signinChange' },
  verified: { kind: 'info', text: 'signin.notice.verified' },
  terms_refused: { kind: 'warn', text: 'signin.notice.termsRefused' },
};

/** Notice says why one is at the sign-in page, by the address's parameter `extra`; unknown ones say nothing. */
export function Notice({ extra }: { extra: string | null }) {
  const t = useText();
  const notice = extra && Object.hasOwn(notices, extra) ? notices[extra] : undefined;
  return notice ? <Banner kind={notice.kind}>{t(notice.text)}</Banner> : null;
}
