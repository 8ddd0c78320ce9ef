/** Commands of signing up and in. Each rejects with the server's `ApiError`, which the form that called it shows. */
import { navigate } from 'wouter/use-browser-location';
import { ApiError } from '@/api/http';
import * as pushApi from '@/api/push';
import * as teamsApi from '@/api/teams';
import * as usersApi from '@/api/users';
import { chooseLocale, type Locale } from '@/i18n/locale';
import { endLive, goLive } from '@/realtime/live';
import * as load from '@/realtime/load';
import { loadSession } from '@/realtime/session';
import { isOn, myProfile, setting } from '@/store/selectors';
import { dispatch, getState } from '@/store/store';
import type { Account } from './account';
import { refusals, withTarget } from './target';

const refusedWith = (error: unknown, id: string): boolean => error instanceof ApiError && error.id === id;

/** wantsCode tells whether the server only misses the code of the second step. */
export const wantsCode = (error: unknown): boolean => refusedWith(error, refusals.codeWanted);

/**
 * signIn opens a session and goes to the target, or to the page that has to come first. `email` is the address to
 * confirm, where it is known.
 */
export async function signIn(
  name: string,
  password: string,
  code: string,
  target: string,
  email = name,
): Promise<void> {
  try {
    await usersApi.signIn(name.trim(), password, code);
  } catch (error) {
    if (!refusedWith(error, refusals.notVerified)) throw error;
    navigate(withTarget('/should_verify_email', target, email.includes('@') ? { email: email.trim() } : {}));
    return;
  }
  await begin(target);
}

/** begin starts the client for somebody who has just got a session, and goes to the target. */
export async function begin(target: string): Promise<void> {
  const began = Date.now();
  try {
    await loadSession();
  } catch (error) {
    if (!refusedWith(error, refusals.mfaWanted)) throw error;
    navigate(withTarget('/mfa/setup', target), { replace: true });
    return;
  }
  goLive(began);
  navigate(await firstPage(target), { replace: true });
}

/** firstPage is where somebody who is signed in has to go before the target: the terms of the site, or nowhere else. */
export async function firstPage(target: string): Promise<string> {
  if (target.startsWith('/terms_of_service') || !(await termsToAccept())) return target;
  return withTarget('/terms_of_service', target);
}

/** An invitation: the id of a team's link, or the token of a mail. */
export type Invitation = { id?: string; token?: string; team?: string };

/** signUp makes an account, signs it in and goes to the team it was invited to. */
export async function signUp(account: Account, locale: string, invitation: Invitation, target: string): Promise<void> {
  const made = { ...account, email: account.email.trim(), locale };
  await usersApi.signUp(made, invitation);
  const team = invitation.team ? `/${invitation.team}/channels/town-square` : target;
  const byEmail = isOn(getState(), 'EnableSignInWithEmail');
  await signIn(byEmail ? made.email : made.username, account.password, '', team, made.email);
}

/** loadInvitation asks what team an invite link leads to. */
export const loadInvitation = (id: string): Promise<teamsApi.TeamInvite> => teamsApi.getInvite(id);

/** acceptInvitation joins the team of an invitation and goes there. */
export async function acceptInvitation(invitation: Invitation): Promise<void> {
  const member = await teamsApi.joinByInvite(invitation);
  await goToTeam(member.team_id);
}

/** goToTeam loads a team that one has just joined or made, and goes to its Town Square. */
async function goToTeam(teamId: string): Promise<void> {
  await Promise.all([load.loadTeams(), load.loadMembers()]);
  const state = getState();
  const inChannels = Object.values(state.channels.mine).map((member) => member.roles);
  await load.needRoles([state.teams.mine[teamId]?.roles, ...inChannels]);
  const name = state.teams.teams[teamId]?.name;
  navigate(name ? `/${name}/channels/town-square` : '/', { replace: true });
}

/** joinTeam joins an open team and goes there. */
export async function joinTeam(teamId: string): Promise<void> {
  await teamsApi.addTeamMember(teamId, getState().users.me);
  await goToTeam(teamId);
}

/** createTeam makes a team and goes there. */
export async function createTeam(name: string, displayName: string, open: boolean): Promise<void> {
  const team = await teamsApi.createTeam({
    name,
    display_name: displayName.trim(),
    type: 'O',
    allow_open_invite: open,
  });
  await goToTeam(team.id);
}

/** isTeamNameTaken asks whether an address is in use, as far as one may know. */
export const isTeamNameTaken = async (name: string): Promise<boolean> => (await teamsApi.teamNameTaken(name)).exists;

/** loadOpenTeams lists the teams that one may join without being asked. */
export async function loadOpenTeams(): Promise<teamsApi.Team[]> {
  const teams = await teamsApi.listTeams(0, 200);
  const { mine } = getState().teams;
  return teams.filter((team) => !mine[team.id] && team.delete_at === 0 && team.allow_open_invite);
}

/** askForReset sends a link for a new password, if there is such an account. */
export const askForReset = (email: string): Promise<unknown> => usersApi.sendPasswordReset(email.trim());

/** choosePassword sets a new password by the link of a mail. */
export async function choosePassword(token: string, password: string): Promise<void> {
  await usersApi.resetPassword(token, password);
  navigate('/login?extra=password_changed', { replace: true });
}

const confirmed = new Map<string, Promise<unknown>>();

/** confirmEmail confirms the address that a link was sent to. A link works once, so it is sent once. */
export function confirmEmail(token: string): Promise<unknown> {
  let answer = confirmed.get(token);
  if (!answer) {
    answer = usersApi.verifyEmail(token);
    confirmed.set(token, answer);
  }
  return answer;
}

/** sendConfirmation mails the link that confirms an address once more. */
export const sendConfirmation = (email: string): Promise<unknown> => usersApi.sendVerification(email.trim());

/** startMfa gets a new secret for the second step. */
export const startMfa = (): Promise<usersApi.MfaSecret> => usersApi.generateMfa();

/** finishMfa turns the second step on and goes to the target. */
export async function finishMfa(code: string, target: string): Promise<void> {
  await usersApi.setMfa(true, code.replace(/\s/g, ''));
  await begin(target);
}

type Terms = Awaited<ReturnType<typeof usersApi.getTermsOfService>>;

/** termsToAccept are the site's terms if this person has yet to accept them, or to accept them again. */
export async function termsToAccept(): Promise<Terms | undefined> {
  const state = getState();
  const me = myProfile(state);
  if (!me || !isOn(state, 'EnableCustomTermsOfService')) return undefined;
  // A server that asks for acceptance but has no text yet lets everybody in.
  const terms = await usersApi.getTermsOfService().catch(() => undefined);
  if (!terms) return undefined;
  const days = Number(setting(state, 'CustomTermsOfServiceReAcceptancePeriod')) || 365;
  const expires = (me.terms_of_service_create_at ?? 0) + days * 86_400_000;
  return me.terms_of_service_id === terms.id && expires > Date.now() ? undefined : terms;
}

/** acceptTerms tells the server that the terms are accepted, and goes on. */
export async function acceptTerms(id: string, target: string): Promise<void> {
  await usersApi.answerTermsOfService(id, true);
  dispatch({ type: 'users/me', user: await usersApi.getMe() });
  navigate(target, { replace: true });
}

/** refuseTerms tells the server that they are not, and signs out. */
export async function refuseTerms(id: string): Promise<void> {
  await usersApi.answerTermsOfService(id, false);
  await signOut('/login?extra=terms_refused');
}

/** signOut ends the session here and on the server; a server out of reach keeps nobody in. */
export async function signOut(next = '/login'): Promise<void> {
  await usersApi.signOut().catch(() => undefined);
  endLive();
  dispatch({ type: 'signed-out' }, { type: 'server/ready' });
  navigate(next, { replace: true });
  await load.loadConfig().catch(() => undefined);
}

/** chooseLanguage speaks a language from now on. Whether the account remembers it too is no reason to complain here. */
export async function chooseLanguage(locale: Locale): Promise<void> {
  chooseLocale(locale);
  if (!getState().users.me) return;
  const me = await usersApi.patchMe({ locale }).catch(() => undefined);
  if (me) dispatch({ type: 'users/me', user: me });
}

/** endMails ends mails about messages by the token of a mail's link. */
export const endMails = (token: string): Promise<unknown> => pushApi.endMails(token);
