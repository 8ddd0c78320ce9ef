/** Unsent messages, by channel and thread, kept on this device and on the server. Other windows are told. */

export type Draft = {
  message: string;
  /** When it was last written in: by the server's clock. */
  updatedAt: number;
  /** What is kept with the words: files (`file_ids`), a priority, and what other clients put there. */
  rest?: Readonly<Record<string, unknown>>;
};

/** filesIn are the ids of the files that are kept with a draft. */
export function filesIn(rest: Draft['rest']): readonly string[] {
  const ids = rest?.file_ids;
  return Array.isArray(ids) ? ids.filter((id) => typeof id === 'string') : [];
}
/** Keys are `channelId rootId`; the root is empty for the channel itself. */
export type DraftsState = Readonly<Record<string, Draft>>;

export type DraftsAction =
  | { type: 'drafts/loaded'; drafts: DraftsState }
  | { type: 'drafts/changed'; channelId: string; rootId: string; message: string; at: number; rest?: Draft['rest'] };

export const draftKey = (channelId: string, rootId: string): string => `${channelId} ${rootId}`;

/** drafts is the reducer of this domain. Without words and files there is no draft. */
export function drafts(state: DraftsState, action: DraftsAction): DraftsState {
  if (action.type === 'drafts/loaded') return action.drafts;
  const key = draftKey(action.channelId, action.rootId);
  const rest = action.rest ?? (action.message ? state[key]?.rest : undefined);
  if (action.message === '' && filesIn(rest).length === 0) {
    if (!state[key]) return state;
    const { [key]: _, ...others } = state;
    return others;
  }
  return { ...state, [key]: { message: action.message, updatedAt: action.at, ...(rest && { rest }) } };
}
