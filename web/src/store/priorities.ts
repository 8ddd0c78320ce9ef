/** How important a message is to be that isn't sent yet, and what is asked of its readers. */
import type { PostPriorityMetadata } from '@mattermost/types/posts';
import { type DraftsState, draftKey } from './drafts';

/** Priority is the protocol's: `''` is an ordinary message, which may still ask to be acknowledged. */
export type Priority = {
  priority: '' | 'important' | 'urgent';
  requested_ack: boolean;
  /** Who is mentioned is notified again and again until they have seen it; of urgent messages only. */
  persistent_notifications: boolean;
  /** It disappears once it has been read. The protocol has that as the type of the message. */
  burn?: boolean;
};

/** burning is the type of messages that disappear. */
export const burning = 'burn_on_read';

/** marks is a priority as the protocol has it; undefined for an ordinary message. */
export function marks({ burn: _, ...priority }: Priority): PostPriorityMetadata | undefined {
  // The published type doesn't know the ordinary level.
  return priority.priority || priority.requested_ack ? (priority as PostPriorityMetadata) : undefined;
}

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
  const { priority, type } = (state.drafts[key]?.rest ?? {}) as { priority?: Priority; type?: string };
  if (type !== burning) return priority;
  return { priority: '', requested_ack: false, persistent_notifications: false, ...priority, burn: true };
}
