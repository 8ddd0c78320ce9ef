/** The card of a person: one at a time in the whole page, beside whatever was pressed. */

import type { ChannelMembership } from '@mattermost/types/channels';
import { useStore } from 'zustand';
import { createStore } from 'zustand/vanilla';
import { needPresence, needRoles, needUsers } from '@/realtime/load';
import { getState } from '@/store/store';
import { memberOf } from './actions';
import { needAttributes } from './attributes';

/** OpenCard is the card that is open. `member` is the person's membership of the channel, once it is known. */
export type OpenCard = { userId: string; channelId: string; anchor: HTMLElement; member?: ChannelMembership };

const card = createStore<{ open?: OpenCard }>(() => ({}));

/** useCard is the open card. */
export const useCard = (): OpenCard | undefined => useStore(card, (state) => state.open);

/**
 * openCard shows the card of a person beside an element: a name, a picture, a mention. What can be done there with the
 * person depends on the channel; it is the open one unless given. Pressed again, the card closes.
 */
export function openCard(userId: string, anchor: HTMLElement, channelId = getState().place.channelId): void {
  const before = card.getState().open;
  if (before?.anchor === anchor && before.userId === userId) {
    closeCard();
    return;
  }
  card.setState({ open: { userId, channelId, anchor } });
  void needUsers([userId]);
  void needPresence([userId]);
  void needAttributes(userId);
  if (channelId) void learnMember(userId, channelId);
}

/** learnMember asks what the person is in the channel; what can't be known offers no acts. */
export async function learnMember(userId: string, channelId: string): Promise<void> {
  const type = getState().channels.channels[channelId]?.type;
  if (type === 'D' || type === 'G') return;
  const member = await memberOf(userId, channelId);
  await needRoles([member?.roles]).catch(() => undefined);
  const { open } = card.getState();
  if (open?.userId !== userId || open.channelId !== channelId) return;
  const { member: _, ...rest } = open;
  card.setState({ open: member ? { ...rest, member } : rest });
}

/** closeCard closes the card. */
export const closeCard = (): void => card.setState({}, true);
