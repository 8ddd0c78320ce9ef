/** How important a message is to be that isn't sent yet, and what is asked of its readers. */
import { type DraftsState, draftKey } from './drafts';

/** Priority is the protocol's: `''` is an ordinary message, which may still ask to be acknowledged. */
export type Priority = {
  priority: '' | 'important' | 'urgent';
  requested_ack: boolean;
  /** Who is mentioned is notified again and again until they have seen it; of urgent messages only. */
  persistent_notifications: boolean;
};

/** Keys are those of drafts; null was chosen to be ordinary, whatever the draft said before. */
export type PrioritiesState = Readonly<Record<string, Priority | null>>;

export type PrioritiesAction = {
  type: 'priorities/chosen';
  channelId: string;
  rootId: string;
  /** None: the message is gone. */
  priority?: Priority | null;
};

/** priorities is the reducer of this domain. */
export function priorities(state: PrioritiesState, action: PrioritiesAction): PrioritiesState {
  const key = draftKey(action.channelId, action.rootId);
  if (action.priority !== undefined) return { ...state, [key]: action.priority };
  if (!(key in state)) return state;
  const { [key]: _, ...others } = state;
  return others;
}

/** priorityIn is what was chosen for the message that is written in a place, here or on another device. */
export function priorityIn(
  state: { priorities: PrioritiesState; drafts: DraftsState },
  channelId: string,
  rootId: string,
): Priority | undefined {
  const key = draftKey(channelId, rootId);
  const chosen = state.priorities[key];
  if (chosen !== undefined) return chosen ?? undefined;
  return state.drafts[key]?.rest?.priority as Priority | undefined;
}
