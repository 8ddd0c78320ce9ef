/** Commands about the arrangement of the sidebar. Each is shown at once and taken back when the server refuses it. */
import * as channelsApi from '@/api/channels';
import { place } from '@/features/channels/notify';
import * as load from '@/realtime/load';
import { savePreference } from '@/realtime/save';
import { type ChannelCategory, teamCategories } from '@/store/categories';
import { isManual, reordered } from '@/store/categoryMoves';
import { isMuted, unreadOf } from '@/store/selectors';
import { dispatch, getState } from '@/store/store';
import { getSidebar } from './view';

const categoriesOf = (teamId: string): ChannelCategory[] => teamCategories(getState().categories, teamId);

/** change sets something of a category. */
async function change(category: ChannelCategory, patch: Partial<ChannelCategory>): Promise<void> {
  const { team_id: teamId, id } = category;
  const before = categoriesOf(teamId).find((one) => one.id === id) ?? category;
  const next = { ...before, ...patch };
  dispatch({ type: 'categories/updated', teamId, categories: [next] });
  await load.arrange(teamId, async () => {
    try {
      await channelsApi.updateCategories(teamId, [next]);
    } catch (error) {
      dispatch({ type: 'categories/updated', teamId, categories: [before] });
      throw error;
    }
  });
}

/** fold folds or unfolds a category. */
export const fold = (category: ChannelCategory, collapsed: boolean): Promise<void> => change(category, { collapsed });

/** sortBy has a category sort itself, or takes over the order that one sees. */
export function sortBy(category: ChannelCategory, sorting: 'manual' | 'alpha' | 'recent'): Promise<void> {
  const ids = category.channel_ids;
  const shown = getSidebar().sections?.find((section) => section.id === category.id)?.ids ?? [];
  const taken = sorting === 'manual' && !isManual(category);
  return change(category, {
    sorting: sorting as ChannelCategory['sorting'],
    ...(taken && { channel_ids: [...shown, ...ids.filter((id) => !shown.includes(id))] }),
  });
}

/** muteCategory mutes all channels of a category, and what is moved into it later; or makes them heard again. */
export async function muteCategory(category: ChannelCategory, muted: boolean): Promise<void> {
  const state = getState();
  const members = category.channel_ids.map((id) => state.channels.mine[id]).filter((member) => member !== undefined);
  const as = (mark: 'mention' | 'all') =>
    members.map((member) => ({ ...member, notify_props: { ...member.notify_props, mark_unread: mark } as const }));
  const asked = Number.MAX_SAFE_INTEGER;
  dispatch({ type: 'channels/mine', members: as(muted ? 'mention' : 'all'), asked });
  try {
    await change(category, { muted });
  } catch (error) {
    dispatch({ type: 'channels/mine', members, asked });
    throw error;
  }
}

/** createCategory makes a category, with a channel in it when one is given. */
export async function createCategory(teamId: string, name: string, channelId?: string): Promise<void> {
  await channelsApi.createCategory(getState().users.me, teamId, name, channelId ? [channelId] : []);
  await load.loadCategories(teamId);
}

/** renameCategory gives a category of one's own another name. It fails when the server refuses the name. */
export const renameCategory = (category: ChannelCategory, name: string): Promise<void> =>
  change(category, { display_name: name });

/** deleteCategory takes a category away; its channels go where they belong. */
export async function deleteCategory(teamId: string, id: string): Promise<void> {
  await channelsApi.deleteCategory(teamId, id);
  await load.loadCategories(teamId);
}

/** moveCategory puts a category before another: `null` for the end. */
export async function moveCategory(teamId: string, id: string, before: string | null): Promise<void> {
  const old = getState().categories[teamId]?.order ?? [];
  const order = reordered(old, id, before);
  if (order.join() === old.join()) return;
  dispatch({ type: 'categories/ordered', teamId, order });
  await load.arrange(teamId, async () => {
    try {
      await channelsApi.orderCategories(teamId, order);
    } catch (error) {
      dispatch({ type: 'categories/ordered', teamId, order: old });
      throw error;
    }
  });
}

/** categoryStep moves a category one place up or down among those that are shown; false when there is no place. */
export function categoryStep(categoryId: string, by: 1 | -1): Promise<void> | undefined {
  const shown = (getSidebar().sections ?? []).filter((section) => section.category).map((section) => section.id);
  const at = shown.indexOf(categoryId);
  const target = at + by;
  const teamId = getState().place.teamId;
  if (at < 0 || target < 0 || target >= shown.length) return undefined;
  return moveCategory(teamId, categoryId, by < 0 ? (shown[target] ?? null) : (shown[target + 1] ?? null));
}

/** channelStep moves a channel one place up or down within its category; undefined when there is no place. */
export function channelStep(channelId: string, by: 1 | -1): Promise<void> | undefined {
  const section = getSidebar().sections?.find((one) => one.ids.includes(channelId));
  const category = section?.category;
  if (!section || !category || category.type === 'direct_messages') return undefined;
  const { ids } = section;
  const target = ids.indexOf(channelId) + by;
  if (target < 0 || target >= ids.length) return undefined;
  const before = by < 0 ? (ids[target] ?? null) : (ids[target + 1] ?? null);
  return place({ channelId, toId: category.id, before, shown: ids });
}

/** How many channels the server marks read at once. */
const readMost = 100;

/** markAllRead marks channels read that have something unread, here at once and on the server. */
export async function markAllRead(channelIds: readonly string[]): Promise<void> {
  const state = getState();
  const ids = channelIds.filter((id) => {
    const { unread, messages } = unreadOf(state, id);
    return unread || (messages > 0 && isMuted(state, id));
  });
  if (ids.length === 0) return;
  const members = ids.map((id) => state.channels.mine[id]).filter((member) => member !== undefined);
  dispatch({ type: 'channels/viewed', times: Object.fromEntries(ids.map((id) => [id, 0])) });
  try {
    for (let i = 0; i < ids.length; i += readMost) {
      const { last_viewed_at_times: times } = await channelsApi.markChannelsRead(ids.slice(i, i + readMost));
      dispatch({ type: 'channels/viewed', times });
    }
  } catch (error) {
    dispatch({ type: 'channels/mine', members, asked: Number.MAX_SAFE_INTEGER });
    throw error;
  }
}

/** groupUnread shows what is unread together at the top, or in its categories. */
export const groupUnread = (on: boolean): Promise<void> =>
  savePreference('sidebar_settings', 'show_unread_section', String(on));
