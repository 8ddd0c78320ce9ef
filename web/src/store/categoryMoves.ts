/** How channels and categories of the sidebar change places. Pure: the commands send what comes out of here. */
import type { ChannelCategory } from './categories';
import type { Channel } from './channels';

type Kind = Pick<Channel, 'type'>;

export const isConversation = (channel: Kind): boolean => channel.type === 'D' || channel.type === 'G';

/** isHome tells whether a category is where channels are that nobody put anywhere. */
export const isHome = (category: ChannelCategory): boolean =>
  category.type === 'channels' || category.type === 'direct_messages';

/** isManual tells whether the person gives a category its order. The default counts as that. */
export const isManual = (category: ChannelCategory): boolean =>
  category.type !== 'direct_messages' && category.sorting !== 'alpha' && category.sorting !== 'recent';

/** accepts tells whether a channel may stand in a category: conversations and channels have homes of their own. */
export function accepts(category: ChannelCategory, channel: Kind): boolean {
  if (category.type === 'channels') return !isConversation(channel);
  if (category.type === 'direct_messages') return isConversation(channel);
  return true;
}

/** homeOf is the category in which a channel stands that is in no other. */
export const homeOf = (categories: readonly ChannelCategory[], channel: Kind): ChannelCategory | undefined =>
  categories.find((category) => isHome(category) && accepts(category, channel));

/** categoryOf is the category that shows a channel. */
export function categoryOf(
  categories: readonly ChannelCategory[],
  channel: Pick<Channel, 'id' | 'type'>,
): ChannelCategory | undefined {
  return categories.find((category) => category.channel_ids.includes(channel.id)) ?? homeOf(categories, channel);
}

export type Move = {
  channelId: string;
  /** The category that it goes to. */
  toId: string;
  /** The channel that it comes to stand before: `null` for the end. Without it the place doesn't matter. */
  before?: string | null;
  /** How the category's channels are shown now: a category that sorts itself takes this order when one moves inside. */
  shown?: readonly string[];
};

function placed(ids: readonly string[], move: Move, home: boolean): string[] {
  const others = ids.filter((id) => id !== move.channelId);
  // The server puts what is listed nowhere at the end of its home.
  if (move.before === undefined) return home ? [...others, move.channelId] : [move.channelId, ...others];
  const at = move.before === null ? -1 : others.indexOf(move.before);
  if (at < 0) return [...others, move.channelId];
  return [...others.slice(0, at), move.channelId, ...others.slice(at)];
}

/** moved returns the categories that change when a channel goes elsewhere, as they are afterwards. */
export function moved(categories: readonly ChannelCategory[], move: Move): ChannelCategory[] {
  const target = categories.find((category) => category.id === move.toId);
  if (!target) return [];
  const from = categories.filter((category) => category !== target && category.channel_ids.includes(move.channelId));
  const inside = from.length === 0 && (target.channel_ids.includes(move.channelId) || isHome(target));
  const byHand = inside && move.before !== undefined;
  const shown = move.shown ?? [];
  const rest = target.channel_ids.filter((id) => !shown.includes(id));
  const ids = placed(byHand && shown.length > 0 ? [...shown, ...rest] : target.channel_ids, move, isHome(target));
  const sorting = byHand && !isManual(target) ? ('manual' as ChannelCategory['sorting']) : target.sorting;
  return [
    ...from.map((category) => ({
      ...category,
      channel_ids: category.channel_ids.filter((id) => id !== move.channelId),
    })),
    { ...target, sorting, channel_ids: ids },
  ];
}

/**
 * sentOf leaves out of a move what the server knows by itself: who is in a home without a place of its own is there
 * because it is listed nowhere, and conversations have no places.
 */
export function sentOf(changed: readonly ChannelCategory[], move: Move): ChannelCategory[] {
  return changed.filter((category) => {
    if (category.type === 'direct_messages') return false;
    return category.type !== 'channels' || (category.id === move.toId && move.before !== undefined);
  });
}

/** reordered puts a category before another one: `null` for the end. */
export function reordered(order: readonly string[], id: string, before: string | null): string[] {
  const others = order.filter((other) => other !== id);
  const at = before === null ? -1 : others.indexOf(before);
  return at < 0 ? [...others, id] : [...others.slice(0, at), id, ...others.slice(at)];
}
