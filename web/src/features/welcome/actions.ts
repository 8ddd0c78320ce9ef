/** Commands of the welcome. */
import { inviteLink, needInvite } from '@/features/teams/actions';
import { savePreference } from '@/realtime/save';
import { getState } from '@/store/store';
import { copyText } from '@/ui/clipboard';
import { category } from './due';

/** hideWelcome puts the welcome away for good. */
export const hideWelcome = (): Promise<void> => savePreference(category, 'hidden', 'true');

/** copyInvite puts the team's invite link on the clipboard. It fails when the link or the clipboard can't be had. */
export async function copyInvite(teamId: string): Promise<void> {
  await needInvite(teamId);
  await copyText(inviteLink(getState().teams.teams[teamId]?.invite_id ?? ''));
  await savePreference(category, 'invited', 'true');
}

/** copyAddress puts the server's address on the clipboard, for the apps. */
export const copyAddress = (): Promise<void> => copyText(window.location.origin);
