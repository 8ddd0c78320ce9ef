/**
 * Which dialogs belong to this page. A program opens one for a person, and all pages of that person hear of it: it
 * appears where the button was pressed or the command was run, which the trigger id tells.
 */
import type { OpenDialogRequest } from '@/api/actions';
import { openDialog } from '@/store/commands';
import { workTeam } from '@/store/selectors';
import { getState } from '@/store/store';

/** Dialogs that came before the answer to the act did. */
let early: OpenDialogRequest[] = [];
let asking = 0;

/** Where the acts of this page took place, by their trigger ids, the newest last. */
const acts = new Map<string, string>();
const actsMost = 50;

function show(request: OpenDialogRequest, channelId: string): void {
  const state = getState();
  openDialog({ kind: 'interactive', request, channelId, teamId: workTeam(state, channelId) });
}

/** triggering waits for an act that a dialog may follow, and notes its trigger id. It fails as the act does. */
export async function triggering<A extends { trigger_id?: string }>(channelId: string, act: Promise<A>): Promise<A> {
  asking += 1;
  try {
    const acted = await act;
    const id = acted.trigger_id ?? '';
    if (id === '') return acted;
    acts.set(id, channelId);
    const oldest = acts.keys().next().value;
    if (acts.size > actsMost && oldest !== undefined) acts.delete(oldest);
    const waiting = early.find((one) => one.trigger_id === id);
    if (waiting) {
      early = early.filter((one) => one !== waiting);
      show(waiting, channelId);
    }
    return acted;
  } finally {
    asking -= 1;
    if (asking === 0) early = [];
  }
}

/** dialogHeard takes a dialog that the server told of. */
export function dialogHeard(request: OpenDialogRequest | undefined): void {
  if (typeof request?.trigger_id !== 'string' || typeof request.dialog !== 'object' || request.dialog === null) return;
  const channelId = acts.get(request.trigger_id);
  if (channelId !== undefined) show(request, channelId);
  else if (asking > 0) early.push(request);
}
