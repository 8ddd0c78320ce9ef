/** Unsent messages, by channel and thread, kept on this device and on the server. Other windows are told. */

export type Draft = {
  message: string;
  /** When it was last written in: by the server's clock. */
  updatedAt: number;
  /** What other clients keep with it, and this one leaves as it is. */
  rest?: Readonly<Record<string, unknown>>;
};
/** Keys are `channelId rootId`; the root is empty for the channel itself. */
export type DraftsState = Readonly<Record<string, Draft>>;

export type DraftsAction =
  | { type: 'drafts/loaded'; drafts: DraftsState }
  | { type: 'drafts/changed'; channelId: string; rootId: string; message: string; at: number; rest?: Draft['rest'] };

export const draftKey = (channelId: string, rootId: string): string => `${channelId} ${rootId}`;

/** drafts is the reducer of this domain. An empty message is no draft. */
export function drafts(state: DraftsState, action: DraftsAction): DraftsState {
  if (action.type === 'drafts/loaded') return action.drafts;
  const key = draftKey(action.channelId, action.rootId);
  const rest = action.rest ?? state[key]?.rest;
  if (action.message === '') {
    if (!state[key]) return state;
    const { [key]: _, ...others } = state;
    return others;
  }
  return { ...state, [key]: { message: action.message, updatedAt: action.at, ...(rest && { rest }) } };
}
