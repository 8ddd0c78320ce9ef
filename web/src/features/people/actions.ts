/** Commands about people. Each fails with an `ApiError`, which a dialog or a toast shows. */
import { navigate } from 'wouter/use-browser-location';
import * as channelsApi from '@/api/channels';
import * as usersApi from '@/api/users';
import { needUsers } from '@/realtime/load';
import { closeDialog } from '@/store/commands';
import type { CustomStatus } from '@/store/customStatus';
import { teamName } from '@/store/paths';
import { myProfile } from '@/store/selectors';
import { dispatch, getState } from '@/store/store';
import type { Presence } from '@/store/users';
import { wholeMinutes } from './times';

/** writeTo goes to the direct channel with somebody, which is made when there is none. */
export async function writeTo(userId: string): Promise<void> {
  await needUsers([userId]);
  const state = getState();
  const name = state.users.profiles[userId]?.username;
  closeDialog();
  navigate(`/${teamName(state, '')}/messages/${name ? `@${name}` : userId}`);
}

/** choosePresence sets one's own presence. `end` is when "do not disturb" ends, in milliseconds; 0 for never. */
export async function choosePresence(presence: Presence, end = 0): Promise<void> {
  const { me } = getState().users;
  const status = await usersApi.setStatus(me, presence, end > 0 ? wholeMinutes(end) : 0);
  // Choosing ends automatic replies, which the own profile tells of.
  const wasOut = getState().users.outOfOffice;
  dispatch({ type: 'users/presence', statuses: [status] });
  if (wasOut) dispatch({ type: 'users/me', user: await usersApi.getMe() });
}

/** ownStatus puts a status into one's own profile at once; the event that follows says the same. */
function ownStatus(status: string): void {
  const me = myProfile(getState());
  if (me) dispatch({ type: 'users/me', user: { ...me, props: { ...me.props, customStatus: status } } });
}

/** wire is a custom status as the protocol writes it. */
function wire(status: CustomStatus): usersApi.UserCustomStatus {
  const { emoji, text, duration, expiresAt } = status;
  return {
    emoji,
    text,
    duration: duration as usersApi.UserCustomStatus['duration'],
    ...(expiresAt > 0 && { expires_at: new Date(expiresAt).toISOString() }),
  };
}

/** showStatus sets one's custom status. */
export async function showStatus(status: CustomStatus): Promise<void> {
  await usersApi.setCustomStatus(wire(status));
  ownStatus(JSON.stringify(wire(status)));
}

/** clearStatus takes one's custom status away. */
export async function clearStatus(): Promise<void> {
  await usersApi.clearCustomStatus();
  ownStatus('');
}

/** forgetStatus takes one off the list of recent ones; the event that follows brings the new list. */
export const forgetStatus = (status: CustomStatus): Promise<unknown> =>
  usersApi.forgetCustomStatus({ emoji: status.emoji, text: status.text, duration: wire(status).duration });

/** findPeople searches people of a team, or of all with an empty id. An empty term lists them, page by page. */
export async function findPeople(
  teamId: string,
  term: string,
  page: number,
  signal: AbortSignal,
): Promise<usersApi.UserProfile[]> {
  const users = term
    ? await usersApi.searchUsers({ term, limit: peoplePage, ...(teamId && { team_id: teamId }) }, signal)
    : await usersApi.listUsers(
        { page, per_page: peoplePage, active: true, ...(teamId && { in_team: teamId }) },
        signal,
      );
  dispatch({ type: 'users/received', users });
  return users;
}

/** How many people one page of the directory has. */
export const peoplePage = 100;

/** addToChannel adds somebody to a channel. */
export const addToChannel = (userId: string, channelId: string): Promise<unknown> =>
  channelsApi.addMembers(channelId, [userId]);

/** removeFromChannel takes somebody out of a channel. */
export const removeFromChannel = (userId: string, channelId: string): Promise<unknown> =>
  channelsApi.removeMember(channelId, userId);

/** setChannelAdmin makes somebody an administrator of a channel, or no longer. */
export const setChannelAdmin = (userId: string, channelId: string, admin: boolean): Promise<unknown> =>
  channelsApi.setMemberRoles(channelId, userId, { user: true, admin });

/** memberOf reads somebody's membership of a channel; undefined when there is none or it may not be seen. */
export async function memberOf(userId: string, channelId: string): Promise<channelsApi.ChannelMembership | undefined> {
  const found = await channelsApi.getMembersByIds(channelId, [userId]).catch(() => []);
  return found[0];
}
