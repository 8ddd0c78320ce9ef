import { useState } from 'react';
import { useIntl } from 'react-intl';
import { Link, Redirect, useLocation, useSearch, useSearchParams } from 'wouter';
import { ApiError } from '@/api/http';
import { Text, useText } from '@/i18n/text';
import { isOn, myId, myProfile, siteName } from '@/store/selectors';
import { useApp } from '@/store/store';
import { Button } from '@/ui/Button';
import { Form } from '@/ui/Form';
import { errorText } from '@/ui/FormError';
import { SkeletonLines } from '@/ui/Skeleton';
import { TextButton } from '@/ui/TextButton';
import { AccountForm } from './AccountForm';
import { acceptInvitation, type Invitation, loadInvitation, signOut, signUp } from './actions';
import { Sheet } from './Sheet';
import { safeTarget, withTarget } from './target';
import { useArrival } from './useArrival';

/** What an invitation says of itself. Of a mail's, only what is shown is read from the address; its token counts. */
type Invited = Invitation & { teamLabel: string; email?: string };

/** SignUpPage makes an account: with a team's invite link, the link of an invitation mail, or on an open server. */
export function SignUpPage() {
  const [params] = useSearchParams();
  const id = params.get('id');
  const token = params.get('t');
  if (token) return <Invite invited={readMail(params.get('d'), token)} />;
  if (id) return <ByLink id={id} />;
  return <OpenSignUp />;
}

/** readMail takes the team and the address out of the link of an invitation mail; what is broken stays out. */
function readMail(data: string | null, token: string): Invited {
  const invited: Invited = { token, teamLabel: '' };
  try {
    const said: unknown = JSON.parse(data ?? '');
    if (typeof said !== 'object' || said === null) return invited;
    const text = (key: string) => {
      const value = (said as Record<string, unknown>)[key];
      return typeof value === 'string' ? value : '';
    };
    const name = text('name');
    return {
      token,
      teamLabel: text('display_name'),
      ...(/^[a-z0-9_-]+$/.test(name) && { team: name }),
      ...(text('email') && { email: text('email') }),
    };
  } catch {
    return invited;
  }
}

const hidesTeam = 'api.team.get_invite_info.not_open_team';

function ByLink({ id }: { id: string }) {
  const t = useText();
  const arrival = useArrival(id, () =>
    loadInvitation(id).catch((error: unknown) => {
      // A closed team doesn't tell its name to strangers; the link lets them in all the same.
      if (error instanceof ApiError && error.id === hidesTeam) return undefined;
      throw error;
    }),
  );
  if (arrival.kind === 'failed') {
    const mayHelp = arrival.error instanceof ApiError && arrival.error.offline;
    return (
      <Sheet title={t('signin.invite.broken')} focusTitle intro={errorText(arrival.error)} aside={<SignInInstead />}>
        {mayHelp && <Button onClick={arrival.retry}>{t('ui.retry')}</Button>}
      </Sheet>
    );
  }
  if (arrival.kind === 'loading') {
    return (
      <Sheet title={t('signin.invite.title')}>
        <SkeletonLines lines={5} />
      </Sheet>
    );
  }
  const team = arrival.value;
  return <Invite invited={{ id, teamLabel: team?.display_name ?? '', ...(team && { team: team.name }) }} />;
}

/** Who is signed in joins; who isn't makes an account, or signs in and comes back. */
function Invite({ invited }: { invited: Invited }) {
  const t = useText();
  const { locale } = useIntl();
  const inside = useState(useApp(myId) !== '')[0];
  const site = useApp(siteName);
  if (inside) return <Join invited={invited} />;
  const title = invited.teamLabel
    ? t('signin.invite.toTeam', { team: invited.teamLabel })
    : t('signin.invite.toSite', { site });
  return (
    <Sheet title={title} intro={<Text id="signin.invite.intro" values={{ site }} />} aside={<SignInInstead comeBack />}>
      <AccountForm
        submit={t('signin.up.submit')}
        email={invited.email}
        onSubmit={(account) => signUp(account, locale, invited, '/')}
      />
    </Sheet>
  );
}

function Join({ invited }: { invited: Invited }) {
  const t = useText();
  const name = useApp((state) => myProfile(state)?.username ?? '');
  const back = useHere();
  const title = invited.teamLabel ? t('signin.join.team', { team: invited.teamLabel }) : t('signin.join.title');
  return (
    <Sheet
      title={title}
      focusTitle
      intro={<Text id="signin.join.as" values={{ name }} />}
      aside={
        <p>
          <Text
            id="signin.join.other"
            values={{
              link: (words) => (
                <TextButton onClick={() => void signOut(withTarget('/login', back))}>{words}</TextButton>
              ),
            }}
          />
        </p>
      }
    >
      <Form onSubmit={() => acceptInvitation(invited)}>
        <Button type="submit" kind="primary" wide>
          {t('signin.join.submit')}
        </Button>
      </Form>
    </Sheet>
  );
}

function OpenSignUp() {
  const t = useText();
  const { locale } = useIntl();
  const [params] = useSearchParams();
  const already = useState(useApp(myId) !== '')[0];
  const site = useApp(siteName);
  const open = useApp((state) => isOn(state, 'EnableOpenServer'));
  const byEmail = useApp((state) => isOn(state, 'EnableSignUpWithEmail') && isOn(state, 'EnableUserCreation'));
  const target = safeTarget(params.get('redirect_to'), '/select_team');
  if (already) return <Redirect to="/" replace />;
  if (!open || !byEmail) {
    return (
      <Sheet
        title={t('signin.up.closed.title')}
        focusTitle
        intro={<Text id="signin.up.closed.intro" />}
        aside={<SignInInstead />}
      />
    );
  }
  return (
    <Sheet title={t('signin.up.title', { site })} intro={<Text id="signin.up.intro" />} aside={<SignInInstead />}>
      <AccountForm submit={t('signin.up.submit')} onSubmit={(account) => signUp(account, locale, {}, target)} />
    </Sheet>
  );
}

function useHere(): string {
  const [path] = useLocation();
  const search = useSearch();
  return search ? `${path}?${search}` : path;
}

function SignInInstead({ comeBack }: { comeBack?: boolean }) {
  const here = useHere();
  const href = comeBack ? withTarget('/login', here) : '/login';
  return (
    <p>
      <Text id="signin.up.haveAccount" values={{ link: (words) => <Link href={href}>{words}</Link> }} />
    </p>
  );
}
