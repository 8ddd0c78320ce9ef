/** How one hears of a channel: muted, favourite, what notifies. Each counts here at once. */
import * as channelsApi from '@/api/channels';
import * as load from '@/realtime/load';
import { teamCategories } from '@/store/categories';
import { categoryOf, homeOf, type Move, moved, sentOf } from '@/store/categoryMoves';
import { dispatch, getState, type State } from '@/store/store';

export type NotifyProps = Partial<channelsApi.ChannelNotifyProps>;

function withProps(channelId: string, props: NotifyProps): void {
  const member = getState().channels.mine[channelId];
  if (!member) return;
  const changed = { ...member, notify_props: { ...member.notify_props, ...props } };
  dispatch({ type: 'channels/mine', members: [changed], asked: Number.MAX_SAFE_INTEGER });
}

/** setNotify changes how a channel notifies. It fails with an `ApiError`, and then it is as before. */
export async function setNotify(channelId: string, props: NotifyProps): Promise<void> {
  const { users, channels } = getState();
  const before = channels.mine[channelId]?.notify_props ?? {};
  withProps(channelId, props);
  try {
    await channelsApi.setNotifyProps(channelId, users.me, props);
  } catch (error) {
    withProps(channelId, Object.fromEntries(Object.keys(props).map((key) => [key, before[key as keyof NotifyProps]])));
    throw error;
  }
}

/** setMuted mutes a channel or makes it heard again. */
export const setMuted = (channelId: string, muted: boolean): Promise<void> =>
  setNotify(channelId, { mark_unread: muted ? 'mention' : 'all' });

/** teamOf is the team in whose sidebar a channel is arranged: its own, or for a conversation the current one. */
export const teamOf = (state: State, channelId: string): string =>
  state.channels.channels[channelId]?.team_id || state.place.teamId;

/**
 * place moves a channel to a category of the sidebar. It is shown at once; when the server refuses it fails with an
 * `ApiError`, and everything stands where it stood.
 */
export async function place(move: Move): Promise<void> {
  const state = getState();
  const teamId = teamOf(state, move.channelId);
  const before = teamCategories(state.categories, teamId);
  const changed = moved(before, move);
  const sent = sentOf(changed, move);
  if (changed.length === 0) return;
  dispatch({ type: 'categories/updated', teamId, categories: changed });
  if (sent.length === 0) return;
  await load.arrange(teamId, async () => {
    try {
      await channelsApi.updateCategories(teamId, sent);
    } catch (error) {
      const ids = changed.map((category) => category.id);
      dispatch({ type: 'categories/updated', teamId, categories: before.filter((one) => ids.includes(one.id)) });
      throw error;
    }
  });
}

/** isFavourite tells whether a channel stands among the favourites. */
export function isFavourite(state: State, channelId: string): boolean {
  const categories = teamCategories(state.categories, teamOf(state, channelId));
  return categories.some((one) => one.type === 'favorites' && one.channel_ids.includes(channelId));
}

/** setFavourite puts a channel among the favourites, or back to its home. */
export async function setFavourite(channelId: string, on: boolean): Promise<void> {
  const state = getState();
  const channel = state.channels.channels[channelId];
  const categories = teamCategories(state.categories, teamOf(state, channelId));
  if (!channel) return;
  const target = on ? categories.find((one) => one.type === 'favorites') : homeOf(categories, channel);
  if (target && categoryOf(categories, channel) !== target) await place({ channelId, toId: target.id });
}
