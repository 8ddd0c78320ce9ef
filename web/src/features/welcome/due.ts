/** Whether and with what newcomers are welcomed. */
import { preference } from '@/store/preferences';
import { myProfile } from '@/store/selectors';
import type { State } from '@/store/store';

/** The category of one's own marks about the welcome; other clients leave it alone. */
export const category = 'parley_welcome';

const newFor = 14 * 86_400_000;
const firstChannel = 'town-square';
const everybodys = [firstChannel, 'off-topic'];

/** welcomeDue tells whether the welcome stands in a channel: in Town Square, while one is new and hasn't put it away. */
export function welcomeDue(state: State, channelId: string): boolean {
  const me = myProfile(state);
  if (!me || state.channels.channels[channelId]?.name !== firstChannel) return false;
  if (preference(state.preferences, category, 'hidden') === 'true') return false;
  return me.create_at > Date.now() - newFor;
}

/** wasInvited tells whether one has copied the invite link from the welcome. */
export const wasInvited = (state: State): boolean => preference(state.preferences, category, 'invited') === 'true';

/** hasPicture tells whether one has a picture of one's own. */
export const hasPicture = (state: State): boolean => (myProfile(state)?.last_picture_update ?? 0) > 0;

/** hasOwnChannel tells whether one is in a channel of the team that isn't everybody's from the start. */
export function hasOwnChannel(state: State, teamId: string): boolean {
  return Object.keys(state.channels.mine).some((id) => {
    const channel = state.channels.channels[id];
    return channel?.team_id === teamId && channel.delete_at === 0 && !everybodys.includes(channel.name);
  });
}

/** AppLink is where an app for a kind of device is found. */
export type AppLink = { device: 'desktop' | 'ios' | 'android'; href: string };

const apps = [
  ['desktop', 'AppDownloadLink'],
  ['ios', 'IosAppDownloadLink'],
  ['android', 'AndroidAppDownloadLink'],
] as const;

/** appLinks lists the apps that the server's administrator offers. */
export function appLinks(config: State['server']['config']): AppLink[] {
  return apps
    .map(([device, key]) => ({ device, href: config[key] ?? '' }))
    .filter(({ href }) => /^https?:\/\//i.test(href));
}
