/** Choosing how important a message is to be. */
import { draftKey } from '@/store/drafts';
import { type Priority, priorityIn } from '@/store/priorities';
import { isOn } from '@/store/selectors';
import { dispatch, getState, type State } from '@/store/store';
import { saveDraft } from './drafts';

/** mayPrioritise tells whether messages can be marked here: the setting allows it, and replies have none of their own. */
export const mayPrioritise = (state: State, rootId: string): boolean => rootId === '' && isOn(state, 'PostPriority');

/** mayBurn tells whether messages can disappear here once they have been read: replies can't, nor what one tells oneself. */
export function mayBurn(state: State, channelId: string, rootId: string): boolean {
  const { me } = state.users;
  return (
    rootId === '' &&
    isOn(state, 'EnableBurnOnRead') &&
    isOn(state, 'FeatureFlagBurnOnRead') &&
    state.channels.channels[channelId]?.name !== `${me}__${me}`
  );
}

/** choosePriority keeps a choice with the draft, so that it is there on other devices, too. */
export function choosePriority(channelId: string, rootId: string, change: Partial<Priority>): void {
  const before = priorityIn(getState(), channelId, rootId);
  const next = {
    priority: '',
    requested_ack: false,
    persistent_notifications: false,
    ...before,
    ...change,
  } as Priority;
  // Only urgent messages may go on reminding.
  if (next.priority !== 'urgent') next.persistent_notifications = false;
  const ordinary = next.priority === '' && !next.requested_ack && !next.burn;
  dispatch({ type: 'priorities/chosen', channelId, rootId, priority: ordinary ? null : next });
  const message = getState().drafts[draftKey(channelId, rootId)]?.message;
  if (message) saveDraft(channelId, rootId, message, true);
}

/** takePriority returns what was chosen for a message that goes away now, and forgets it. */
export function takePriority(channelId: string, rootId: string): Priority | undefined {
  const chosen = priorityIn(getState(), channelId, rootId);
  dispatch({ type: 'priorities/chosen', channelId, rootId });
  return chosen;
}
