/** Who is writing where, until when. */

/** Keys are `channelId rootId`; values map user ids to the time, in milliseconds, at which they count as quiet. */
export type TypingState = Readonly<Record<string, Readonly<Record<string, number>>>>;

export type TypingAction =
  | { type: 'typing/heard'; channelId: string; rootId: string; userId: string; until: number }
  | { type: 'typing/ended'; channelId: string; rootId: string; userId: string }
  | { type: 'typing/expired'; now: number };

export const typingKey = (channelId: string, rootId: string): string => `${channelId} ${rootId}`;

/** typing is the reducer of this domain. */
export function typing(state: TypingState, action: TypingAction): TypingState {
  if (action.type === 'typing/expired') {
    const kept: Record<string, Record<string, number>> = {};
    let gone = false;
    for (const [key, people] of Object.entries(state)) {
      const still = Object.entries(people).filter(([, until]) => until > action.now);
      if (still.length > 0) kept[key] = Object.fromEntries(still);
      if (still.length < Object.keys(people).length) gone = true;
    }
    return gone ? kept : state;
  }
  const key = typingKey(action.channelId, action.rootId);
  if (action.type === 'typing/heard') {
    return { ...state, [key]: { ...state[key], [action.userId]: action.until } };
  }
  if (!state[key]?.[action.userId]) return state;
  const { [action.userId]: _, ...rest } = state[key];
  return { ...state, [key]: rest };
}
