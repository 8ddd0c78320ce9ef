/** Unsent messages, by channel and thread, kept on this device. Other windows of the same browser are told. */

export type Draft = { message: string; updatedAt: number };
/** Keys are `channelId rootId`; the root is empty for the channel itself. */
export type DraftsState = Readonly<Record<string, Draft>>;

export type DraftsAction =
  | { type: 'drafts/loaded'; drafts: DraftsState }
  | { type: 'drafts/changed'; channelId: string; rootId: string; message: string; at: number };

export const draftKey = (channelId: string, rootId: string): string => `${channelId} ${rootId}`;

/** drafts is the reducer of this domain. An empty message is no draft. */
export function drafts(state: DraftsState, action: DraftsAction): DraftsState {
  if (action.type === 'drafts/loaded') return action.drafts;
  const key = draftKey(action.channelId, action.rootId);
  if (action.message === '') {
    if (!state[key]) return state;
    const { [key]: _, ...rest } = state;
    return rest;
  }
  return { ...state, [key]: { message: action.message, updatedAt: action.at } };
}
